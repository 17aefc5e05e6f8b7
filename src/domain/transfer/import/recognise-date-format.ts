import { parseDateFormat, type DateFormat } from './date-format.js';
import { dateFormatsOf, mayHaveFormat } from './date-formats-of.js';
import { readIso } from './datetimes.js';

/** A form of datetimes that was recognised by itself. */
export interface RecognisedDateFormat {
  readonly format: DateFormat;
  /** as --date-format names it */
  readonly name: string;
  /** for the result of an import */
  readonly phrase: string;
}

const PHRASES: Readonly<Record<string, string>> = {
  'epoch-s': 'datetimes as seconds since 1970',
  'epoch-ms': 'datetimes as milliseconds since 1970',
  'epoch-us': 'datetimes as microseconds since 1970',
  'epoch-ns': 'datetimes as nanoseconds since 1970',
  excel: 'datetimes as days of a spreadsheet',
};

const MIN_SPREADSHEET_DAY = 36_526; // 1 January 2000
const MAX_SPREADSHEET_DAY = 54_789; // 1 January 2050

/**
 * Recognises the form of a file's datetimes, if its first ones leave no doubt: no other form that
 * people use reads all of them.
 * @param texts of the first rows, in which some may be no datetimes at all
 * @returns undefined where they are in ISO 8601, or ambiguous
 */
export function recogniseDateFormat(texts: readonly string[]): RecognisedDateFormat | undefined {
  const samples = texts.filter((text) => text !== '');
  const [first] = samples;
  if (first === undefined || readIso(first)) return undefined;
  const names = new Set(samples.flatMap(dateFormatsOf));
  const candidates = [...names].flatMap((name) => {
    const parsed = parseDateFormat(name);
    if (typeof parsed === 'string') return [];
    // As milliseconds, seconds would be of 1970.
    const format: DateFormat = (text) => (mayHaveFormat(text, name) ? parsed(text) : undefined);
    return format(first) ? [{ name, format, read: samples.filter((text) => format(text)) }] : [];
  });
  const [best, second] = candidates.sort((one, other) => other.read.length - one.read.length);
  if (!best || !isCertain(best.name, best.read)) return undefined;
  if (second && !readsOnlyAmong(second.read, best.read)) return undefined;
  return { ...best, phrase: PHRASES[best.name] ?? `datetimes as ${best.name}` };
}

/** Whether a form reads fewer of the samples than another one, and no other samples. */
function readsOnlyAmong(fewer: readonly string[], more: readonly string[]): boolean {
  const all = new Set(more);
  return fewer.length < more.length && fewer.every((text) => all.has(text));
}

/** Whether people would not write the same texts and mean something else. */
function isCertain(name: string, texts: readonly string[]): boolean {
  // With two digits for the year, 02/03/24 may also begin with the year.
  if (name.includes('YY') && !name.includes('YYYY')) return false;
  // Ten digits may also be a date and time, YYMMDDHHmm.
  if (name === 'epoch-s')
    return texts.some(
      (text) => !/^\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d$/.test(text),
    );
  // Sixteen digits may also be a date and time with hundredths of a second.
  if (name === 'epoch-us') return texts.some((text) => !/^(?:19|20)/.test(text));
  if (name === 'excel') return areSpreadsheetDays(texts);
  return true;
}

/** Without a fraction, they may also count something else. */
function areSpreadsheetDays(texts: readonly string[]): boolean {
  const days = texts.map((text) => Number(text.replace(',', '.')));
  return (
    days.some((day) => !Number.isInteger(day)) &&
    days.every((day) => day >= MIN_SPREADSHEET_DAY && day < MAX_SPREADSHEET_DAY)
  );
}
