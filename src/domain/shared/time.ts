import { midnight, plainTime } from './iso-fast-path.js';

// YYYY-MM-DD, and after a T or a space hh:mm[:ss[.fraction]] and Z or an offset. A space for the sign of the
// offset is a `+` that a query string's decoding took away.
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([-+ ])(\d\d)(?::?(\d\d))?)?)?$/;

/** Year 1 to year 9999, in UTC. */
export const FIRST_INSTANT = new Date('0001-01-01T00:00:00Z');
export const LAST_INSTANT = new Date('9999-12-31T23:59:59.999Z');

/** The instant of the years 1 to 9999 that is nearest to a time in milliseconds since 1970. */
export function withinCalendar(time: number): Date {
  return new Date(Math.min(Math.max(time, FIRST_INSTANT.getTime()), LAST_INSTANT.getTime()));
}

const MINUTE_MS = 60_000;

/**
 * Reads an instant in the extended format of ISO 8601: `2019-02-05T20:41:02.5Z`, with an offset (`+01:00`,
 * `-0600`, `+05`), without one (UTC), a date alone (midnight UTC). What is finer than a millisecond is cut off.
 * @returns undefined where it is no such text, no day of the calendar, or not of the years 0001 to 9999 in UTC
 */
export function parseInstant(text: string): Date | undefined {
  const time = parseTime(text);
  return time === undefined ? undefined : new Date(time);
}

/** The same in milliseconds since 1970. */
export function parseTime(text: string): number | undefined {
  const time = plainTime(text);
  return Number.isNaN(time) ? parseAnyForm(text) : time;
}

function parseAnyForm(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [, years, months, days, hours, minutes, seconds, fraction = '', sign] = match;
  const [hour, minute, second] = [Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0)];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local =
    midnight(Number(years), Number(months), Number(days)) +
    ((hour * 60 + minute) * 60 + second) * 1000 +
    millisecond;
  const offset = (offsetHour * 60 + offsetMinute) * MINUTE_MS;
  const time = sign === '-' ? local + offset : local - offset;
  return time >= FIRST_INSTANT.getTime() && time <= LAST_INSTANT.getTime() ? time : undefined;
}

/** In UTC as `2019-02-05T20:41:02Z`, with `.123` before the Z only where there are milliseconds. */
export function formatInstant(instant: Date): string {
  return formatTime(instant.getTime());
}

/** The same of milliseconds since 1970. */
export function formatTime(time: number): string {
  const day = Math.floor(time / DAY_MS);
  const milliseconds = time - day * DAY_MS;
  const hour = Math.floor(milliseconds / HOUR_MS);
  const second = Math.floor((milliseconds - hour * HOUR_MS) / 1000);
  return dateText(day) + HOURS[hour]! + WITHIN_HOUR[second]! + WITHIN_SECOND[milliseconds % 1000]!;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// Instants are written by the thousand and of few days: with what was written kept that takes a fraction of the time.
const dates = new Map<number, string>();
const MOST_DATES = 1000;

/** The date and the T. @param day since 1970 */
function dateText(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * DAY_MS).toISOString().slice(0, 'YYYY-MM-DDT'.length);
  if (dates.size === MOST_DATES) dates.clear();
  dates.set(day, text);
  return text;
}

const padded = (value: number, digits: number) => String(value).padStart(digits, '0');
const HOURS = Array.from({ length: 24 }, (_, hour) => `${padded(hour, 2)}:`);
const WITHIN_HOUR = Array.from(
  { length: 3600 },
  (_, second) => `${padded(Math.floor(second / 60), 2)}:${padded(second % 60, 2)}`,
);
const WITHIN_SECOND = Array.from({ length: 1000 }, (_, millisecond) =>
  millisecond === 0 ? 'Z' : `.${padded(millisecond, 3)}Z`,
);
