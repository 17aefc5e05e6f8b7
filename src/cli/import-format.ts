import { InvalidArgumentError, Option } from 'commander';
import { isEncoding } from '../domain/transfer/import/encoding.js';
import { parseDateFormat } from '../domain/transfer/import/date-format.js';
import type { ColumnNames, Condition } from '../domain/transfer/import/options.js';
import {
  COLUMNS_ERROR,
  CONDITION_ERROR,
  readColumnNames,
  readCondition,
  readDelimiter,
  readNullValues,
} from '../domain/transfer/import/setting-texts.js';
import {
  delimiterError,
  MAX_SKIPPED_LINES,
  type ImportSettings,
} from '../domain/transfer/import/settings.js';
import { FLOWRATE_UNITS, type FlowrateUnit } from '../domain/shared/units.js';
import { timeZone, unit } from './option-parsers.js';

/** What is typed of how a file is written. */
export interface ImportFormatOptions {
  delimiter?: string;
  decimal?: '.' | ',';
  encoding?: string;
  skipLines?: number;
  columns?: ColumnNames;
  wide?: boolean;
  timeZone?: string;
  dateFormat?: string;
  where?: Condition[];
  nullValue?: string[];
  skipEmpty?: boolean;
  unit?: FlowrateUnit;
}

/** The options that say how a file is written. */
export function importFormatOptions(): Option[] {
  return [
    new Option(
      '--unit <unit>',
      `of the file's flowrates: ${FLOWRATE_UNITS.join(', ')} (default: bbl/d)`,
    ).argParser(unit),
    new Option(
      '--columns <names>',
      "the file's names of columns, e.g. sensor_name=Tag,datetime=Date+Time,flowrate=Value",
    ).argParser(columnNames),
    new Option('--wide', 'each column but the datetime holds the flowrates of one sensor'),
    new Option('--delimiter <character>', 'between fields: one character, or tab').argParser(
      delimiter,
    ),
    new Option(
      '--decimal <character>',
      'decimal separator of flowrates; the other one separates thousands',
    ).choices(['.', ',']),
    new Option('--encoding <name>', 'e.g. windows-1252, utf-16le (default: utf-8)').argParser(
      encoding,
    ),
    new Option('--skip-lines <number>', 'lines before the header that are not read').argParser(
      lineCount,
    ),
    new Option(
      '--time-zone <zone>',
      'IANA name of the zone of datetimes without an offset, e.g. America/Chicago (default: UTC)',
    ).argParser(timeZone),
    new Option(
      '--date-format <format>',
      'form of datetimes, e.g. "DD.MM.YYYY HH:mm", epoch-s or excel (default: ISO 8601)',
    ).argParser(dateFormat),
    new Option(
      '--where <column=value>',
      'read only rows with this value; may be repeated',
    ).argParser(conditions),
    new Option(
      '--null-value <values>',
      'leave out rows whose flowrate is one of these, e.g. -999999,NaN,Bad',
    ).argParser(nullValues),
    new Option('--skip-empty', 'leave out rows whose flowrate is empty'),
  ];
}

/** What the options say, to be read by `formatOf`. */
export function settingsOf({ nullValue, ...settings }: ImportFormatOptions): ImportSettings {
  return { ...settings, ...(nullValue && { nullValues: nullValue }) };
}

function delimiter(text: string): string {
  const character = readDelimiter(text);
  if (delimiterError(character) === undefined) return character;
  throw new InvalidArgumentError('It must be one character other than a quote, or tab.');
}

function encoding(text: string): string {
  if (isEncoding(text)) return text;
  throw new InvalidArgumentError('It must be an encoding such as utf-8, utf-16le or windows-1252.');
}

function lineCount(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= MAX_SKIPPED_LINES) return Number(text);
  throw new InvalidArgumentError('It must be a number of lines, e.g. 2.');
}

function dateFormat(text: string): string {
  const format = parseDateFormat(text);
  if (typeof format === 'string') throw new InvalidArgumentError(format);
  return text;
}

function columnNames(text: string): ColumnNames {
  const columns = readColumnNames(text);
  if (columns) return columns;
  throw new InvalidArgumentError(`It must be ${COLUMNS_ERROR}`);
}

function conditions(text: string, before: Condition[] = []): Condition[] {
  const condition = readCondition(text);
  if (condition) return [...before, condition];
  throw new InvalidArgumentError(`It must be ${CONDITION_ERROR}`);
}

function nullValues(text: string, before: string[] = []): string[] {
  return [...before, ...readNullValues(text)];
}
