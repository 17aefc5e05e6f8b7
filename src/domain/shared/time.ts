import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.js';

/** Year 1 to year 9999, in UTC. */
export const FIRST_INSTANT = new Date('0001-01-01T00:00:00Z');
export const LAST_INSTANT = new Date('9999-12-31T23:59:59.999Z');

/** The instant of the years 1 to 9999 that is nearest to a time in milliseconds since 1970. */
export function withinCalendar(time: number): Date {
  return new Date(Math.min(Math.max(time, FIRST_INSTANT.getTime()), LAST_INSTANT.getTime()));
}

/**
 * Reads an instant in the extended format of ISO 8601: `2019-02-05T20:41:02.5Z`, with an offset
 * (`+01:00`, `-0600`, `+05`), without one (UTC), a date alone (midnight UTC). A fraction is
 * truncated to milliseconds.
 * @returns undefined where the text has another form, where the calendar has no such day, and where
 * the instant is not in the years 0001 to 9999 of UTC
 */
export function parseInstant(text: string): Date | undefined {
  const time = parseTime(text);
  return time === undefined ? undefined : new Date(time);
}

/** The same in milliseconds since 1970. */
export function parseTime(text: string): number | undefined {
  const time = parseCommonForm(text);
  return Number.isNaN(time) ? parseAnyForm(text) : time;
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
  return (
    formatDate(day) + HOURS[hour]! + WITHIN_HOUR[second]! + WITHIN_SECOND[milliseconds % 1000]!
  );
}

const [DASH, T, COLON, POINT, Z, ZERO] = [45, 84, 58, 46, 90, 48];

/**
 * Reads an instant of the form that most have, `2019-02-05T20:41:02Z` or with `.123` before the Z,
 * in a tenth of the time that the pattern for every form takes, and without its garbage.
 * @returns milliseconds since 1970; NaN where the text has another form or the calendar no such day
 */
function parseCommonForm(text: string): number {
  const end = text.length - 1;
  const hasFraction = end === 23 && text.charCodeAt(19) === POINT;
  const isCommon =
    (end === 19 || hasFraction) &&
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(end) === Z;
  if (!isCommon) return NaN;
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  const seconds = (hour * 60 + minute) * 60 + second;
  return latestDay.midnight(text) + seconds * 1000 + (hasFraction ? digits(text, 20, 23) : 0);
}

/** Instants are read by the thousand and mostly day by day: the day before them is remembered. */
class LatestDay {
  private day = NaN;
  private start = NaN;

  /** @param text begins with `YYYY-MM-DD` */
  midnight(text: string): number {
    const [year, month, date] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
    const day = (year * 100 + month) * 100 + date;
    if (day !== this.day) {
      this.day = day;
      this.start = midnight(year, month, date);
    }
    return this.start;
  }
}

const latestDay = new LatestDay();

/** NaN where a character is not a digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}

// YYYY-MM-DD, and after a T or a space hh:mm[:ss[.fraction]] and Z or an offset. A space in the
// place of the offset's sign is a `+` that the decoding of a query string turned into one.
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([-+ ])(\d\d)(?::?(\d\d))?)?)?$/;

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

// The calendar repeats itself after 400 years; Date.UTC takes years under 100 for the 20th
// century's.
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;

/**
 * Milliseconds since 1970 at the start of a day in UTC; NaN where the calendar has no such day in
 * the years 1 to 9999.
 */
export function midnight(year: number, month: number, day: number): number {
  if (year < 1 || year > 9999 || month < 1 || month > 12) return NaN;
  const time = Date.UTC(year + CYCLE_YEARS, month - 1, day) - CYCLE_MS;
  // A day past the end of its month has become one of the next month.
  return new Date(time).getUTCDate() === day ? time : NaN;
}

// Instants are written by the thousand and are of few days: keeping each day's text saves most of
// the time.
const dates = new Map<number, string>();
const MAX_DATES = 1000;

/** The date and the T. @param day since 1970 */
function formatDate(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * DAY_MS).toISOString().slice(0, 'YYYY-MM-DDT'.length);
  if (dates.size === MAX_DATES) dates.clear();
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
