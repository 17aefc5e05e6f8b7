import { duration } from '../../format.js';

const MOUSE_AND_KEYS = [
  ['Zoom', 'drag across a stretch; + and −; the wheel after a click (until Escape) or with Ctrl'],
  ['Move', 'Shift and drag; the arrow keys'],
  ['Back to the range before', 'double-click'],
  ['Read a value', 'point at it; Shift and the arrow keys'],
  ['Choose a reading', 'click it'],
];
const TOUCH = [
  ['Zoom', 'pinch'],
  ['Move', 'swipe sideways'],
  ['Read a value, choose a reading', 'tap it'],
];

/** What the plot's marks mean, and how it is used. */
export function PlotHelp({ maxGap }: { /** seconds */ maxGap: number }) {
  return (
    <details className="plot-help">
      <summary>How to read and use the plot</summary>
      <p className="small" id="flowrate-help">
        Line: average; band: minimum to maximum; hatched: outage – no readings for longer than{' '}
        {duration(maxGap * 1000)}; triangles: readings that were corrected or deleted.
      </p>
      <Gestures className="for-mouse" rows={MOUSE_AND_KEYS} />
      <Gestures className="for-touch" rows={TOUCH} />
    </details>
  );
}

function Gestures({
  className,
  rows,
}: {
  className: string;
  rows: readonly (readonly string[])[];
}) {
  return (
    <dl className={`small gestures ${className}`}>
      {rows.map(([what, how]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{how}</dd>
        </div>
      ))}
    </dl>
  );
}
