import { useMemo, useRef, useState } from 'react';
import { flowrateData } from '../../charts/flowrate-data.js';
import { flowrateOptions } from '../../charts/flowrate-options.js';
import { Plot } from '../../charts/plot.js';
import { Failure } from '../../components/failure.js';
import { useColours } from '../../use-colours.js';
import { useSize } from '../../use-size.js';
import { csvAddress } from './csv-address.js';
import { SavePictureButtons } from '../../components/save-picture-buttons.js';
import { flowratePicture } from './pictures.js';
import { ExportLink } from '../../components/export-link.js';
import { FlowrateReadout } from './flowrate-readout.js';
import { FlowrateTable } from './flowrate-table.js';
import { ChosenReading } from './readings/chosen-reading.js';
import { DeleteDialog } from './readings/delete-dialog.js';
import type { Revision } from './readings/history-section.js';
import { iso, panned } from '../../range/range.js';
import { PlotHelp } from './plot-help.js';
import { useKeyCursor } from './use-key-cursor.js';
import { usePlotHeights } from './use-plot-heights.js';
import { useReadings } from './use-sensor-data.js';
import { useTouch } from './use-touch.js';
import type { ViewState } from './use-view.js';
import { useZoom } from './use-zoom.js';
import { displayUnits, flowrateUnit } from '../../display-units.js';

const PINGS_FILE = { flowrateUnit: displayUnits.flowrateUnit };

const NO_REVISIONS: readonly Revision[] = [];
const NOTHING = { series: [], outages: [] };

export function FlowrateSection({
  id,
  name,
  state,
  revision,
  silentSince,
  maxGap,
  revisions = NO_REVISIONS,
  isAdmin,
  onChanged,
}: {
  id: string;
  name: string;
  state: ViewState;
  revision: number;
  /** the last reading's datetime if the sensor has been silent for longer than `maxGap` */
  silentSince: string | undefined;
  /** seconds */
  maxGap: number;
  /** of readings in the range */
  revisions: readonly Revision[] | undefined;
  isAdmin: boolean;
  /** readings were corrected or deleted */
  onChanged: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { view, visible, settled } = state;
  const readings = useReadings(id, state, width, revision);
  const { series, outages: ended } = readings.answer?.data.flowSensor ?? NOTHING;
  const outages = useMemo(
    () => (silentSince ? [...ended, { start: silentSince, end: iso(Date.now()) }] : ended),
    [ended, silentSince],
  );
  const [pointedShare, setPointedShare] = useState<number>();
  const { flowrate } = usePlotHeights();
  const zoom = useZoom(box, state);
  useTouch(box, state);

  const colours = useColours();
  // Marks are drawn with the data.
  const data = useMemo(() => flowrateData(series, outages), [series, outages, revisions]);
  // The plot is made once; it calls these whenever it is drawn or used.
  const marks = useMemo(() => revisions.map(({ datetime }) => Date.parse(datetime)), [revisions]);
  const [chosen, setChosen] = useState<number>();
  const [isDeleting, setDeleting] = useState(false);
  const latest = useRef({ outages, marks, state });
  latest.current = { outages, marks, state };
  const options = useMemo(
    () =>
      flowrateOptions({
        colours,
        timeZone: view.timeZone,
        outages: () => latest.current.outages,
        onSelect: (start, end) => latest.current.state.move({ start, end }),
        onDrag: (share) => latest.current.state.move(panned(latest.current.state.visible, -share)),
        marks: () => latest.current.marks,
        onClick: (share) => {
          const { start, end } = latest.current.state.visible;
          setChosen(Math.round(start + share * (end - start)));
        },
        onReset: () => latest.current.state.reset(),
        onPoint: setPointedShare,
      }),
    [colours, view.timeZone],
  );
  const { start, end } = visible;
  const shown = useMemo(
    () => series.filter(({ datetime }) => isIn(datetime, { start, end })),
    [series, start, end],
  );
  const isEmpty = readings.isCurrent && shown.length === 0;
  const instants = useMemo(() => shown.map(({ datetime }) => Date.parse(datetime)), [shown]);
  const { cursor, point } = useKeyCursor(instants, visible, pointedShare);
  const pointed = pointedShare === undefined ? undefined : start + pointedShare * (end - start);

  return (
    <section className="card stack" aria-labelledby="flowrate-heading">
      <div className="row spread">
        <h2 id="flowrate-heading">
          Flowrate <span className="quiet small">{flowrateUnit}</span>
        </h2>
        <div className="row">
          {isAdmin && (
            <button type="button" disabled={shown.length === 0} onClick={() => setDeleting(true)}>
              Delete readings in the range
            </button>
          )}
          <SavePictureButtons
            what="the flowrates"
            picture={
              readings.isCurrent ? () => flowratePicture(name, state, shown, outages) : undefined
            }
          />
          <ExportLink
            href={readings.isCurrent ? csvAddress(id, 'pings', settled, PINGS_FILE) : undefined}
          >
            Export readings (CSV)
          </ExportLink>
        </div>
      </div>
      {readings.error && <Failure what="Readings" error={readings.error} retry={readings.retry} />}
      <div
        ref={box}
        className="flowrate-plot"
        role="group"
        tabIndex={0}
        aria-label="Flowrate plot. Arrow keys move it, plus and minus zoom, Shift and arrow keys read values."
        aria-describedby="flowrate-help"
        aria-busy={!readings.isCurrent && !readings.error}
        onKeyDown={(event) => {
          if (event.shiftKey && point(event)) event.preventDefault();
          else zoom.onKeyDown(event);
        }}
      >
        <Plot options={options} data={data} range={visible} height={flowrate} cursor={cursor} />
        {isEmpty && <p className="plot-empty">No readings in this range</p>}
      </div>
      <FlowrateReadout
        series={shown}
        instant={pointed}
        timeZone={view.timeZone}
        outages={outages}
        isSpoken={cursor !== undefined}
      />
      {chosen !== undefined && (
        <ChosenReading
          id={id}
          instant={chosen}
          timeZone={view.timeZone}
          isAdmin={isAdmin}
          onChanged={onChanged}
          onClose={() => setChosen(undefined)}
        />
      )}
      {isDeleting && (
        <DeleteDialog
          id={id}
          range={settled}
          timeZone={view.timeZone}
          onDone={() => {
            setDeleting(false);
            onChanged();
          }}
          onClose={() => setDeleting(false)}
        />
      )}
      <div className="plot-more">
        <FlowrateTable series={shown} timeZone={view.timeZone} />
        <PlotHelp maxGap={maxGap} />
      </div>
    </section>
  );
}

function isIn(datetime: string, { start, end }: { start: number; end: number }): boolean {
  const instant = Date.parse(datetime);
  return instant >= start && instant < end;
}
