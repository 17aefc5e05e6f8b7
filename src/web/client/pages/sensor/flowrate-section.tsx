import { useMemo, useRef, useState } from 'react';
import { flowrateData } from '../../charts/flowrate-data.js';
import { flowrateOptions } from '../../charts/flowrate-options.js';
import { Plot } from '../../charts/plot.js';
import { Failure } from '../../components/failure.js';
import { useColours } from '../../use-colours.js';
import { useSize } from '../../use-size.js';
import { csvAddress } from './csv-address.js';
import { FlowrateReadout } from './flowrate-readout.js';
import { FlowrateTable } from './flowrate-table.js';
import { useReadings } from './use-sensor-data.js';
import { useTouch } from './use-touch.js';
import type { ViewState } from './use-view.js';
import { useZoom } from './use-zoom.js';
import { iso, panned } from './view.js';

const NOTHING = { series: [], outages: [] };

export function FlowrateSection({
  id,
  state,
  revision,
  silentSince,
}: {
  id: string;
  state: ViewState;
  revision: number;
  /** the last ping's datetime where the sensor should have told more since */
  silentSince: string | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { view, visible, settled } = state;
  const readings = useReadings(id, settled, width, revision);
  const { series, outages: ended } = readings.data?.flowSensor ?? NOTHING;
  const outages = useMemo(
    () => (silentSince ? [...ended, { start: silentSince, end: iso(Date.now()) }] : ended),
    [ended, silentSince],
  );
  const [pointed, setPointed] = useState<number | null>();
  const zoom = useZoom(box, state);
  useTouch(box, state);

  const colours = useColours();
  const data = useMemo(() => flowrateData(series, outages), [series, outages]);
  // The plot is made once and asks for what it needs when it draws or is used.
  const latest = useRef({ outages, state });
  latest.current = { outages, state };
  const options = useMemo(
    () =>
      flowrateOptions({
        colours,
        timeZone: view.timeZone,
        outages: () => latest.current.outages,
        onSelect: (start, end) => latest.current.state.move({ start, end }),
        onDrag: (share) => latest.current.state.move(panned(latest.current.state.visible, -share)),
        onPoint: setPointed,
      }),
    [colours, view.timeZone],
  );
  const seen = series.filter(({ datetime }) => isIn(datetime, visible));
  const isEmpty = readings.data && seen.length === 0;

  return (
    <section className="card stack" aria-labelledby="flowrate-heading">
      <div className="row spread">
        <h2 id="flowrate-heading">
          Flowrate <span className="quiet small">bbl/d</span>
        </h2>
        <a className="button" download href={csvAddress(id, 'pings', settled)}>
          Export pings (CSV)
        </a>
      </div>
      {readings.error && (
        <Failure what="Readings" error={readings.error} retry={() => readings.retry()} />
      )}
      <div
        ref={box}
        className="flowrate-plot"
        role="group"
        tabIndex={0}
        aria-label="Flowrate plot. Arrow keys move it, plus and minus zoom."
        aria-describedby="flowrate-help"
        aria-busy={readings.fetching}
        onKeyDown={zoom.onKeyDown}
      >
        <Plot options={options} data={data} range={visible} height={320} />
        {isEmpty && <p className="plot-empty">No pings in this range</p>}
      </div>
      <FlowrateReadout data={data} index={pointed} timeZone={view.timeZone} outages={outages} />
      <p className="small quiet" id="flowrate-help">
        Drag to zoom, Shift and drag to move. In the plot: arrow keys move, + and − zoom, and so
        does the wheel after a click or with Ctrl. Line: average; band: minimum to maximum; hatched:
        no pings for too long.
      </p>
      <FlowrateTable series={seen} timeZone={view.timeZone} />
    </section>
  );
}

function isIn(datetime: string, { start, end }: { start: number; end: number }): boolean {
  const instant = Date.parse(datetime);
  return instant >= start && instant < end;
}
