import type { VolumeInterval } from '../../../../generated/graphql/graphql.js';
import type { Range } from '../../range/range.js';
import { INTERVALS, isTooFine, type View } from './view.js';

/** How time is cut into bars. */
export function VolumeControls({
  interval,
  range,
  onChange,
}: {
  interval: VolumeInterval;
  range: Range;
  onChange: (change: Partial<View>) => void;
}) {
  return (
    <div className="segmented" role="group" aria-label="Volumes per">
      {INTERVALS.map(({ key, name }) => (
        <button
          key={key}
          type="button"
          aria-pressed={key === interval}
          aria-describedby="interval-notes"
          disabled={isTooFine(key, range)}
          onClick={() => onChange({ interval: key })}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** When the bars begin, and why some intervals cannot be chosen. */
export function IntervalNotes({ interval, range }: { interval: VolumeInterval; range: Range }) {
  const tooFine = INTERVALS.filter(({ key }) => isTooFine(key, range)).map(({ name }) => name);
  return (
    <span className="small quiet" id="interval-notes">
      {interval === 'HOUR'
        ? 'Hours are clock hours of UTC, whenever the contract day begins.'
        : 'Days, weeks and months begin with the contract day.'}
      {tooFine.length > 0 &&
        ` ${tooFine.join(' and ')} would be more than 10,000 bars: choose a shorter range.`}
    </span>
  );
}
