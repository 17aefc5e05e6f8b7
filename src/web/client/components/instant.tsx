import { age, dateTime, utc } from '../format.js';

/** An instant in the user's zone; the UTC is at hand when it is pointed at. */
export function Instant({ at, timeZone }: { at: string; timeZone?: string }) {
  const instant = new Date(at);
  return (
    <time dateTime={at} title={utc(instant)}>
      {dateTime(instant, timeZone, true)}
    </time>
  );
}

/** How long ago something was; the instant itself is at hand when it is pointed at. */
export function Age({ at, now }: { at: string; now: Date }) {
  const instant = new Date(at);
  return (
    <time dateTime={at} title={`${dateTime(instant, undefined, true)} (${utc(instant)})`}>
      {age(instant, now)}
    </time>
  );
}
