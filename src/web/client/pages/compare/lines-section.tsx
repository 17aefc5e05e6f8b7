import { useMemo, useRef, useState } from 'react';
import { lines, linesOptions } from '../../charts/lines.js';
import { Plot } from '../../charts/plot.js';
import { SavePictureButtons } from '../../components/save-picture-buttons.js';
import { flowrateUnit } from '../../display-units.js';
import { dateTime, flowrate } from '../../format.js';
import type { Range } from '../../range/range.js';
import { seriesColour, useColours } from '../../use-colours.js';
import { useKeyCursor } from '../sensor/use-key-cursor.js';
import type { ViewState } from '../sensor/use-view.js';
import type { ComparedSeries } from './comparison.js';
import { linesPicture } from './pictures.js';
import { Swatch } from './swatch.js';

const HEIGHT = 260;

/** The flowrates of all that is compared, one line each. */
export function LinesSection({
  series,
  state,
}: {
  series: readonly ComparedSeries[];
  state: ViewState;
}) {
  const { view, visible } = state;
  const { timeZone } = view;
  const colours = useColours();
  const [share, setShare] = useState<number>();
  const data = useMemo(() => lines(series), [series]);
  const instants = useMemo(() => instantsOf(series, visible), [series, visible]);
  const { cursor, point } = useKeyCursor(instants, visible, share);
  const latest = useRef(state);
  latest.current = state;
  const count = series.length;
  const options = useMemo(
    () =>
      linesOptions({
        colours,
        timeZone,
        strokes: Array.from({ length: count }, (_, index) => seriesColour(colours, index)),
        onPoint: setShare,
        onSelect: (start, end) => latest.current.move({ start, end }),
      }),
    [colours, timeZone, count],
  );
  const instant =
    share === undefined ? undefined : visible.start + share * (visible.end - visible.start);
  return (
    <section className="card stack" aria-labelledby="lines-heading">
      <div className="row spread">
        <h2 id="lines-heading">
          Flowrate <span className="quiet small">{flowrateUnit}</span>
        </h2>
        <SavePictureButtons
          what="the flowrates"
          picture={() => linesPicture(series, visible, timeZone)}
        />
      </div>
      <div
        role="group"
        tabIndex={0}
        aria-label={`Flowrates of ${count} lines. Arrow keys read values.`}
        onKeyDown={(event) => {
          if (point(event)) event.preventDefault();
        }}
      >
        <Plot options={options} data={data} range={visible} height={HEIGHT} cursor={cursor} />
      </div>
      <ul className="legend compare-legend small" aria-live={cursor ? 'polite' : 'off'}>
        {series.map((each, index) => (
          <li key={each.key}>
            <Swatch index={index} /> <bdi>{each.name}</bdi>
            {instant !== undefined && <strong> {valueAt(each, instant, timeZone)}</strong>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** When there is a point of any line, ascending. */
function instantsOf(series: readonly ComparedSeries[], { start, end }: Range): number[] {
  const all = series.flatMap(({ points, shift }) =>
    points.map(({ datetime }) => Date.parse(datetime) + shift),
  );
  const shown = all.filter((instant) => instant >= start && instant < end);
  return [...new Set(shown)].sort((a, b) => a - b);
}

/** The point next to an instant of the plot, at the time when it was. */
function valueAt({ points, shift }: ComparedSeries, instant: number, timeZone: string): string {
  const at = instant - shift;
  const distance = (point: { datetime: string }) => Math.abs(Date.parse(point.datetime) - at);
  const [first, ...rest] = points;
  if (!first) return 'no readings';
  const nearest = rest.reduce(
    (best, each) => (distance(each) < distance(best) ? each : best),
    first,
  );
  return `${flowrate(nearest.average)} (${dateTime(new Date(nearest.datetime), timeZone)})`;
}
