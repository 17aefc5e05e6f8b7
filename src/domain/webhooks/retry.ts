const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The delays after each failure of a delivery, in milliseconds, before jitter. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

const JITTER = 0.2;
const MAX_RETRY_AFTER_MS = 24 * HOUR;

/**
 * The delay after a delivery's latest failure in milliseconds, or undefined where it is not
 * retried.
 * @param failures of the delivery so far, from 1
 * @param random in [0, 1): spreads the delays over ±20 %
 * @param retryAfterMs the least delay, as the endpoint asked for, up to a day
 */
export function retryDelay(failures: number, random: number, retryAfterMs = 0): number | undefined {
  const delay = RETRY_DELAYS_MS[failures - 1];
  if (delay === undefined) return undefined;
  const jittered = delay * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}

/**
 * The milliseconds that a Retry-After header asks for: seconds, or an HTTP date (RFC 9110, 10.2.3).
 * @returns undefined where it is neither
 */
export function parseRetryAfter(value: string, now: Date): number | undefined {
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  const date = /^\w{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now.getTime(), 0);
}
