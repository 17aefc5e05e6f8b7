// YYYY-MM-DD, and after a T or a space hh:mm[:ss[.fraction]] and Z or an offset. A space for the sign of the
// offset is a `+` that a query string's decoding took away.
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([-+ ])(\d\d)(?::?(\d\d))?)?)?$/;

/** Year 1 to year 9999, in UTC. */
export const FIRST_INSTANT = new Date('0001-01-01T00:00:00Z');
export const LAST_INSTANT = new Date('9999-12-31T23:59:59.999Z');

const MINUTE_MS = 60_000;

/**
 * Reads an instant in the extended format of ISO 8601: `2019-02-05T20:41:02.5Z`, with an offset (`+01:00`,
 * `-0600`, `+05`), without one (UTC), a date alone (midnight UTC). What is finer than a millisecond is cut off.
 * @returns undefined where it is no such text, no day of the calendar, or not of the years 0001 to 9999 in UTC
 */
export function parseInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = numbers(match.slice(1, 7));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const millisecond = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  // Date.UTC takes years under 100 for those of the 20th century.
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  if (year < 1 || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined;
  local.setUTCHours(hour, minute, second, millisecond);
  const [offsetHours, offsetMinutes] = numbers(match.slice(9, 11));
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * MINUTE_MS;
  const time = local.getTime() - (match[8] === '-' ? -offset : offset);
  return time >= FIRST_INSTANT.getTime() && time <= LAST_INSTANT.getTime()
    ? new Date(time)
    : undefined;
}

/** In UTC as `2019-02-05T20:41:02Z`, with `.123` before the Z only where there are milliseconds. */
export function formatInstant(instant: Date): string {
  const text = instant.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

type Six = [number, number, number, number, number, number];

function numbers(texts: (string | undefined)[]): Six {
  return texts.map((text = '0') => Number(text)) as Six;
}
