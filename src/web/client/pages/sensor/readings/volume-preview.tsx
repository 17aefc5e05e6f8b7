import { dateTime } from '../../../format.js';
import { volumeFormat } from '../../../rounded-volumes.js';
import { volumeUnit } from '../../../display-units.js';

/** What a change makes of the volume between the readings next to it, in the user's unit. */
export interface Preview {
  /** milliseconds since 1970 */
  readonly start: number;
  readonly end: number;
  readonly now: number;
  readonly then: number;
}

export function VolumePreview({ preview, timeZone }: { preview: Preview; timeZone: string }) {
  const { start, end, now, then } = preview;
  const { format } = volumeFormat([now, then]);
  const change = then - now;
  return (
    <div className="notice" role="status">
      <p>
        Volume from {dateTime(new Date(start), timeZone, true)} to{' '}
        {dateTime(new Date(end), timeZone, true)}:
      </p>
      <p>
        now{' '}
        <strong>
          {format(now)} {volumeUnit}
        </strong>
        , then{' '}
        <strong>
          {format(then)} {volumeUnit}
        </strong>{' '}
        ({change > 0 ? '+' : ''}
        {format(change)} {volumeUnit}). Every range around it changes by as much.
      </p>
    </div>
  );
}
