import { FIRST_INSTANT, LAST_INSTANT, midnight } from '../../shared/time.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/durations.js';

/** A datetime of a file, in milliseconds since 1970. */
export interface ParsedDatetime {
  readonly time: number;
  /**
   * whether `time` is that of an instant; else of a clock that shows local time, read as if in UTC
   */
  readonly isInstant: boolean;
  /** whether there is a time of day */
  readonly hasTime: boolean;
}

/** Reads datetimes of one form; undefined where a text has another form or is not a datetime. */
export type DateFormat = (text: string) => ParsedDatetime | undefined;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAMES =
  'january|february|march|april|may|june|july|august|september|october|november|december';

type Part =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'half'
  | 'offset';

interface Token {
  readonly part: Part;
  readonly pattern: string;
}

const ONE_OR_TWO = String.raw`\d{1,2}`;
const TWO = String.raw`\d{2}`;

/**
 * `…` and a letter in the pattern: a token of two digits may have one where no digit can follow.
 */
const TOKENS: Readonly<Record<string, Token>> = {
  YYYY: { part: 'year', pattern: String.raw`\d{4}` },
  YY: { part: 'year', pattern: TWO },
  MMMM: { part: 'month', pattern: MONTH_NAMES },
  MMM: { part: 'month', pattern: String.raw`(?:${MONTHS.join('|')})(?=[^a-z]|$)\.?` },
  MM: { part: 'month', pattern: TWO },
  M: { part: 'month', pattern: ONE_OR_TWO },
  DD: { part: 'day', pattern: TWO },
  D: { part: 'day', pattern: ONE_OR_TWO },
  HH: { part: 'hour', pattern: TWO },
  H: { part: 'hour', pattern: ONE_OR_TWO },
  hh: { part: 'hour12', pattern: TWO },
  h: { part: 'hour12', pattern: ONE_OR_TWO },
  mm: { part: 'minute', pattern: TWO },
  m: { part: 'minute', pattern: ONE_OR_TWO },
  ss: { part: 'second', pattern: TWO },
  s: { part: 'second', pattern: ONE_OR_TWO },
  SSS: { part: 'fraction', pattern: String.raw`\d+` },
  A: { part: 'half', pattern: String.raw`[ap]\.?m\.?` },
  Z: { part: 'offset', pattern: String.raw`Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?` },
};
const TOKEN_OR_TEXT =
  /YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|hh|h|mm|m|ss|s|SSS|A|Z|yyyy|yy|dd|d|tt|a|[^A-Za-z]|T|[A-Za-z]+/g;

/** The tokens of Unicode and of .NET for the same. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  yyyy: 'YYYY',
  yy: 'YY',
  dd: 'DD',
  d: 'D',
  tt: 'A',
  a: 'A',
};

/** What --date-format takes, for messages and help. */
export const DATE_FORMAT_TOKENS = 'YYYY MM M DD D HH H hh h mm ss SSS A';

/** 1 January 1904, from which spreadsheets of the 1904 system count. */
const DAY_0_OF_1904 = 1462;

const NAMED_FORMATS: Readonly<Record<string, DateFormat>> = {
  epoch: epoch(1000),
  'epoch-s': epoch(1000),
  'epoch-ms': epoch(1),
  'epoch-us': epochOfDigits(3),
  'epoch-ns': epochOfDigits(6),
  excel: spreadsheet(0),
  'excel-1904': spreadsheet(DAY_0_OF_1904),
};

/**
 * @param format tokens and other characters, e.g. `DD.MM.YYYY HH:mm`, or one of the
 * names below, such as `epoch-s`
 * @returns the format, or what is wrong with it
 */
export function parseDateFormat(format: string): DateFormat | string {
  if (Object.hasOwn(NAMED_FORMATS, format)) return NAMED_FORMATS[format]!;
  const parts: Part[] = [];
  let pattern = '';
  const pieces = format.trim().match(TOKEN_OR_TEXT) ?? [];
  for (const piece of pieces) {
    const token = TOKENS[OTHER_NAMES[piece] ?? piece];
    if (token) {
      if (parts.includes(token.part)) return `${piece} repeats a part of the datetime.`;
      parts.push(token.part);
      pattern += `(${token.pattern})`;
    } else if (/^[A-Za-z]/.test(piece) && piece !== 'T') {
      return `"${piece}" is not one of ${DATE_FORMAT_TOKENS}, ${Object.keys(NAMED_FORMATS).join(', ')}.`;
    } else
      pattern += piece === ' ' ? String.raw`\s+` : piece.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  const wrong = partsError(new Set(parts));
  return wrong ?? formatOf(new RegExp(`^${pattern}$`, 'i'), parts);
}

function partsError(parts: ReadonlySet<Part>): string | undefined {
  if (!parts.has('year') || !parts.has('month') || !parts.has('day')) {
    return 'It must have a year (YYYY), a month (MM or M) and a day (DD or D).';
  }
  if (parts.has('hour12') !== parts.has('half')) {
    return 'A 12-hour clock needs both hh or h and A (AM or PM); a 24-hour clock has HH or H.';
  }
  if (parts.has('hour') && parts.has('hour12')) return 'It must have one hour, not two.';
  const hasHour = parts.has('hour') || parts.has('hour12');
  if (parts.has('minute') && !hasHour) return 'Minutes (mm) need an hour (HH, H, hh or h).';
  if (parts.has('second') && !parts.has('minute')) return 'Seconds (ss) need minutes (mm).';
  if (parts.has('fraction') && !parts.has('second')) return 'A fraction (SSS) needs seconds (ss).';
  return undefined;
}

function formatOf(pattern: RegExp, parts: readonly Part[]): DateFormat {
  const hasTime = parts.includes('hour') || parts.includes('hour12');
  const isInstant = parts.includes('offset');
  return (text) => {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const of: Partial<Record<Part, string>> = {};
    parts.forEach((part, index) => (of[part] = match[index + 1]!));
    const hour =
      of.hour12 === undefined ? Number(of.hour ?? 0) : hourOf(Number(of.hour12), of.half!);
    const [minute, second] = [Number(of.minute ?? 0), Number(of.second ?? 0)];
    if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
    const day = midnight(yearOf(of.year!), monthOf(of.month!), Number(of.day));
    const time =
      day +
      hour * HOUR_MS +
      minute * MINUTE_MS +
      second * 1000 +
      Number((of.fraction ?? '').slice(0, 3).padEnd(3, '0')) -
      offsetOf(of.offset);
    return Number.isNaN(time) ? undefined : { time, isInstant, hasTime };
  };
}

/** NaN where a 12-hour clock does not show that hour. */
function hourOf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return NaN;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}

/** Two digits as POSIX reads them: 69 to 99 are of the 20th century. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year + (year < 69 ? 2000 : 1900);
}

function monthOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
}

/** Milliseconds; 0 where there is none. */
function offsetOf(text = ''): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  if (!sign) return 0;
  const offset = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return sign === '-' ? -offset : offset;
}

/** Of the years 1 to 9999. Without an exponent, which would have cost digits. */
function epoch(unitMs: number): DateFormat {
  return (text) => {
    if (!/^-?\d+(?:[.,]\d+)?$/.test(text)) return undefined;
    const time = Math.floor(Number(text.replace(',', '.')) * unitMs);
    const isKnown = time >= FIRST_INSTANT.getTime() && time <= LAST_INSTANT.getTime();
    return isKnown ? { time, isInstant: true, hasTime: true } : undefined;
  };
}

/** Without the digits past milliseconds, which a double does not have. */
function epochOfDigits(digits: number): DateFormat {
  const ofMs = epoch(1);
  return (text) => (/^\d+$/.test(text) ? ofMs(text.slice(0, -digits) || '0') : undefined);
}

// Day 1 is 1 January 1900, and there is a 29 February 1900, which never was: from day 61 on, days
// count from here.
const EXCEL_DAY_0 = Date.UTC(1899, 11, 30);
const MIN_EXCEL_DAY = 61;
const MAX_EXCEL_DAY = 2_958_466;

/**
 * A day number with the time of day as its fraction; a date and a time joined add up.
 * @param day0 what day 0 is counted from 1900
 */
function spreadsheet(day0: number): DateFormat {
  return (text) => {
    if (!/^\d+(?:[.,]\d+)?(?: [01](?:[.,]\d+)?)?$/.test(text)) return undefined;
    const day = text
      .replaceAll(',', '.')
      .split(' ')
      .reduce((sum, part) => sum + Number(part), day0);
    if (day < MIN_EXCEL_DAY || day >= MAX_EXCEL_DAY) return undefined;
    // The fraction of a day is exact to a millisecond in a double, and rounded to it.
    const time = EXCEL_DAY_0 + Math.round(day * DAY_MS);
    return { time, isInstant: false, hasTime: true };
  };
}
