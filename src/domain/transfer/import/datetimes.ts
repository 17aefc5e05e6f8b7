import { formatTime, parseTime } from '../../shared/time.js';
import type { DateFormat, ParsedDatetime } from './date-format.js';
import { dateFormatsOf } from './date-formats-of.js';
import { quote } from './errors.js';
import type { ValueError } from './numbers.js';

/** After the date and time: an offset, or a space where `+` belongs. */
const OFFSET = /[-+ ]\d\d(?::?\d\d)?$/;
const DATE_LENGTH = 'YYYY-MM-DD'.length;
const LOCAL_LENGTH = 'YYYY-MM-DD hh:mm:ss'.length;

/**
 * Reads a datetime in ISO 8601, and what differs from it without being ambiguous: an hour of one
 * digit, slashes in a date that begins with the year, a space before the offset, UTC or GMT for it.
 */
export function readIso(text: string): ParsedDatetime | undefined {
  // Most local times have this form, which is read several times as fast with the Z of an instant.
  if (text.length === LOCAL_LENGTH) {
    const local = parseTime(`${text.slice(0, DATE_LENGTH)}T${text.slice(DATE_LENGTH + 1)}Z`);
    if (local !== undefined && (text[DATE_LENGTH] === ' ' || text[DATE_LENGTH] === 'T')) {
      return { time: local, isInstant: false, hasTime: true };
    }
  }
  const time = parseTime(text);
  if (time !== undefined) {
    const hasTime = text.length > DATE_LENGTH;
    const isInstant = hasTime && (text.endsWith('Z') || OFFSET.test(text.slice(DATE_LENGTH + 1)));
    return { time, isInstant, hasTime };
  }
  const [, date, hour, rest = '', offset = ''] = ALMOST_ISO.exec(text) ?? [];
  if (!date) return undefined;
  const isoDate = date.replaceAll('/', '-');
  const iso = hour
    ? `${isoDate} ${hour.padStart(2, '0')}${rest}${/^(?:UTC|GMT)$/i.test(offset) ? 'Z' : offset}`
    : isoDate;
  return iso === text ? undefined : readIso(iso);
}

const ALMOST_ISO =
  /^(\d{4}(?:-\d\d-|\/\d\d\/)\d\d)(?:[T ]+(\d{1,2})(:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|UTC|GMT|[-+]\d\d(?::?\d\d)?)?)?$/i;

/**
 * What is wrong with a text that is not a datetime of the file's format, and which option would
 * read it.
 * @param recognised the name of the format if it was recognised by itself
 */
export function datetimeFormatError(
  text: string,
  format: DateFormat | undefined,
  recognised: string | undefined,
): ValueError {
  if (text === '') return { message: 'Must not be empty.' };
  if (recognised !== undefined) {
    const message = `Must have the form of the first rows, ${recognised}, not ${quote(text)}.`;
    return { message };
  }
  if (format) return { message: `Must have the form that --date-format says, not ${quote(text)}.` };
  const zone = /\d ?(?!AM|PM)([A-Z]{3,5})$/.exec(text)?.[1];
  if (zone && zone !== 'UTC' && zone !== 'GMT') {
    const message = `Must have an offset such as -06:00, or none, not the ambiguous ${zone}: ${quote(text)}.`;
    return { message, remedies: [{ option: 'timeZone' }] };
  }
  return {
    message: `Must be a datetime such as 2019-02-05T20:41:02Z, not ${quote(text)}.`,
    remedies: dateFormatsOf(text).map((value) => ({ option: 'dateFormat', value })),
  };
}

/** A local time as a message shows it. */
export function formatLocal(time: number): string {
  return formatTime(time).replace('T', ' ').replace('Z', '');
}
