import type { VolumeInterval } from '../../../../generated/graphql/graphql.js';
import { INTERVALS, type View } from './view.js';

/** How time is cut into bars. Hours are those of UTC, whatever the day's start. */
export function VolumeControls({
  view,
  interval,
  onChange,
}: {
  view: View;
  interval: VolumeInterval;
  onChange: (change: Partial<View>) => void;
}) {
  return (
    <div className="row">
      <div className="segmented" role="group" aria-label="Volumes per">
        {INTERVALS.map(({ key, name }) => (
          <button
            key={key}
            type="button"
            aria-pressed={key === interval}
            onClick={() => onChange({ interval: key })}
          >
            {name}
          </button>
        ))}
      </div>
      <label className="row">
        <span className="small quiet">Contract day begins at</span>
        <input
          type="time"
          value={view.dayStart}
          disabled={interval === 'HOUR'}
          onChange={(event) => {
            if (event.target.value) onChange({ dayStart: event.target.value });
          }}
        />
      </label>
      {interval === 'HOUR' && <span className="small quiet">Hours are clock hours of UTC.</span>}
    </div>
  );
}
