import { age, dateTime, utc } from '../format.js';

/** A time in the user's zone, with UTC in its tooltip. */
export function Instant({ at, timeZone }: { at: string; timeZone?: string }) {
  const instant = new Date(at);
  return (
    <time dateTime={at} title={utc(instant)}>
      {dateTime(instant, timeZone, true)}
    </time>
  );
}

/** How long ago something happened, with the time itself in its tooltip. */
export function Age({ at, now }: { at: string; now: Date }) {
  const instant = new Date(at);
  return (
    <time dateTime={at} title={`${dateTime(instant, undefined, true)} (${utc(instant)})`}>
      {age(instant, now)}
    </time>
  );
}
