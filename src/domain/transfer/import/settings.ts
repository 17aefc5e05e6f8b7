import { FLOWRATE_UNITS, type FlowrateUnit } from '../../shared/units.js';
import { InvalidInputError, type FieldError } from '../../shared/errors.js';
import { nameError } from '../../shared/name-rules.js';
import { isTimeZone, unknownTimeZone } from '../../shared/time-zone.js';
import { parseDateFormat } from './date-format.js';
import { isEncoding } from './encoding.js';
import type { ImportFormat } from './options.js';

/** How a kind of file is written, as a profile keeps it. */
export interface ImportSettings extends Omit<ImportFormat, 'dateFormat'> {
  /** as --date-format takes it */
  readonly dateFormat?: string | undefined;
  /** as the WHATWG Encoding Standard names it */
  readonly encoding?: string | undefined;
  /** of the file's flowrates */
  readonly unit?: FlowrateUnit | undefined;
}

export const MAX_SKIPPED_LINES = 999_999;
const MAX_TEXT = 200;
const MAX_LIST = 100;

/** @throws InvalidInputError that names every wrong setting */
export function requireSettings(settings: ImportSettings): void {
  const [error, ...more] = settingErrors(settings);
  if (error) throw new InvalidInputError([error, ...more]);
}

/** How the domain reads the file. @param settings that `requireSettings` accepts */
export function formatOf({ dateFormat, encoding, unit, ...format }: ImportSettings): {
  readonly format: ImportFormat;
  readonly encoding: string | undefined;
  readonly unit: FlowrateUnit;
} {
  const parsed = dateFormat === undefined ? undefined : parseDateFormat(dateFormat);
  if (typeof parsed === 'string') throw InvalidInputError.of('dateFormat', parsed);
  return {
    format: { ...format, ...(parsed && { dateFormat: parsed }) },
    encoding,
    unit: unit ?? 'bbl/d',
  };
}

/** What is wrong with a character between fields; undefined where nothing is. */
export function delimiterError(text: string): string | undefined {
  return text.length === 1 && !/["\r\n]/.test(text)
    ? undefined
    : `Must be one character other than a quote; got ${JSON.stringify(text)}.`;
}

function settingErrors(settings: ImportSettings): FieldError[] {
  const { delimiter, decimal, encoding, skipLines, timeZone, dateFormat, unit } = settings;
  const { columns = {}, where = [], nullValues = [] } = settings;
  const errors: FieldError[] = [];
  const check = (path: FieldError['path'], message: string | undefined) => {
    if (message !== undefined) errors.push({ path, message });
  };
  const choice = (path: string, value: string | undefined, choices: readonly string[]) =>
    check(
      [path],
      value === undefined || choices.includes(value)
        ? undefined
        : `Must be one of ${choices.join(' ')}; got ${JSON.stringify(value)}.`,
    );
  if (delimiter !== undefined) check(['delimiter'], delimiterError(delimiter));
  choice('decimal', decimal, ['.', ',']);
  choice('unit', unit, FLOWRATE_UNITS);
  if (encoding !== undefined && !isEncoding(encoding)) {
    check(
      ['encoding'],
      `Must be an encoding such as utf-8, utf-16le or windows-1252; got ${JSON.stringify(encoding)}.`,
    );
  }
  if (
    skipLines !== undefined &&
    !(Number.isInteger(skipLines) && skipLines >= 0 && skipLines <= MAX_SKIPPED_LINES)
  ) {
    check(
      ['skipLines'],
      `Must be a whole number from 0 to ${MAX_SKIPPED_LINES}; got ${skipLines}.`,
    );
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    check(['timeZone'], unknownTimeZone(timeZone).message);
  }
  if (dateFormat !== undefined) {
    const parsed = parseDateFormat(dateFormat);
    if (typeof parsed === 'string') check(['dateFormat'], parsed);
  }
  for (const [field, name] of Object.entries<string | undefined>({ ...columns })) {
    if (name !== undefined) check(['columns', field], nameError(name, MAX_TEXT * 10));
  }
  if (where.length > MAX_LIST) check(['where'], `Must have at most ${MAX_LIST} conditions.`);
  if (nullValues.length > MAX_LIST) check(['nullValues'], `Must have at most ${MAX_LIST} values.`);
  where.forEach(({ column, value }, index) => {
    check(['where', index, 'column'], nameError(column, MAX_TEXT));
    check(['where', index, 'value'], textError(value));
  });
  nullValues.forEach((value, index) => check(['nullValues', index], textError(value)));
  return errors;
}

function textError(text: string): string | undefined {
  return text === '' ? undefined : nameError(text, MAX_TEXT);
}
