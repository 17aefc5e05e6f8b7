import {
  FLOWRATE_UNITS,
  toBarrelsPerDay,
  VOLUME_UNITS,
  type FlowrateUnit,
} from '../../shared/units.js';
import { plainUnits } from '../../shared/unit-names.js';
import { quote, type ImportError } from './errors.js';

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const NON_ZERO = /^\s*[+-]?[0.,]*[1-9]/;

/**
 * A number with a decimal point as other programs write it; undefined where the text is not one.
 */
export function readNumber(text: string): number | undefined {
  const value = readDecimal(text);
  return Number.isNaN(value) ? undefined : value;
}

/** NaN in place of undefined. */
function readDecimal(text: string): number {
  const value = readShortDecimal(text);
  if (!Number.isNaN(value)) return value;
  return NUMBER.test(text) ? Number(text) : NaN;
}

const MINUS = '-'.charCodeAt(0);
const POINT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
// A whole number of so many digits is exact in a double, and so is a power of ten below 10^22; their
// quotient is the nearest double, as IEEE 754 rounds it.
const MAX_EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MAX_EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/**
 * Reads what nearly all numbers are, such as -1234.567, in half the time of `Number` and a pattern.
 * NaN where the text has another form or more digits.
 */
function readShortDecimal(text: string): number {
  const { length } = text;
  const isNegative = length > 0 && text.charCodeAt(0) === MINUS;
  const start = isNegative ? 1 : 0;
  let value = 0;
  let point = -1;
  for (let at = start; at < length; at++) {
    const code = text.charCodeAt(at);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (code === POINT && point < 0) point = at;
    else return NaN;
  }
  const digits = length - start - (point < 0 ? 0 : 1);
  if (digits < 1 || digits > MAX_EXACT_DIGITS) return NaN;
  if (point >= 0) value /= POWERS_OF_TEN[length - point - 1]!;
  return isNegative ? -value : value;
}

type Decimal = '.' | ',';

/** What is wrong with a value. */
export type ValueError = Pick<ImportError, 'message' | 'remedies'>;

/** A number of the file, and the decimal separator that it was read with. */
interface Sample {
  readonly decimal: Decimal;
  readonly line: number;
  readonly text: string;
  readonly column: string;
}

/** What the numbers of a column are. */
export interface Quantity {
  /** in the plural */
  readonly name: string;
  readonly unit: string;
  /** that may be behind a number, the longest first */
  readonly units: readonly string[];
  /** whether an option says what the unit is */
  readonly isUnitChosen: boolean;
  /** what a number must be */
  readonly rule: string;
  /** as it is stored; undefined where that is the number itself */
  readonly toStored: ((value: number) => number) | undefined;
}

export function flowratesIn(unit: FlowrateUnit): Quantity {
  return {
    ...{ name: 'flowrates', unit, units: longestFirst(FLOWRATE_UNITS), isUnitChosen: true },
    rule: 'Must be 0 or a number of magnitude 1e-30 to 1e15',
    toStored: unit === 'bbl/d' ? undefined : (value) => toBarrelsPerDay(value, unit),
  };
}

export const TOTALIZERS: Quantity = {
  ...{ name: 'totalizers', unit: 'bbl', units: longestFirst(VOLUME_UNITS), isUnitChosen: false },
  rule: 'Must be a number from 0 to 1e15',
  toStored: undefined,
};

function longestFirst(units: readonly string[]): string[] {
  return [...units].sort((a, b) => b.length - a.length);
}

/**
 * Reads numbers as people write them: with a decimal point or comma, with thousands separators,
 * and with their unit behind the number.
 *
 * A number such as 1,234 or 1.234 may be of thousands or have three decimals. It is read only where
 * another number of the file shows which separator is the decimal one, or where an option says so.
 * In a file that is separated by commas a point is a decimal point.
 */
export class NumberReader {
  private readonly pointIsDecimal: boolean;
  /** a number that can be read with one decimal separator only */
  private evidence: Sample | undefined;
  /** the first number that could be read either way */
  private doubtful: Sample | undefined;
  private hasThousands = false;

  constructor(
    private readonly decimal: Decimal | undefined,
    private readonly delimiter: string,
  ) {
    this.pointIsDecimal = (decimal ?? (delimiter === ',' ? '.' : undefined)) === '.';
  }

  /** @returns what is stored of it, or what is wrong */
  read(text: string, line: number, column: string, quantity: Quantity): number | ValueError {
    let value: number | ValueError;
    if (this.pointIsDecimal && !Number.isNaN((value = readDecimal(text)))) {
      if (!this.evidence && !Number.isInteger(value)) {
        this.evidence = { decimal: '.', line, text, column };
      }
    } else {
      value = this.readAsWritten(text, line, column, quantity);
      if (typeof value !== 'number') return value;
    }
    const stored = quantity.toStored ? quantity.toStored(value) : value;
    // A number so small that a double makes 0 of it.
    return stored === 0 && NON_ZERO.test(text) ? outOfRange(text, quantity) : stored;
  }

  /** What the whole file has left uncertain, if anything. */
  get doubt(): (ValueError & { readonly line: number; readonly column: string }) | undefined {
    if (!this.doubtful) return undefined;
    const { decimal, line, text, column } = this.doubtful;
    if (this.evidence?.decimal === decimal) return undefined;
    return { line, column, ...(this.evidence ? differing(text, this.evidence) : ambiguous(text)) };
  }

  get recognised(): string[] {
    return [
      ...(this.decimal === undefined && this.evidence?.decimal === ','
        ? ['with decimal commas']
        : []),
      ...(this.hasThousands ? ['with thousands separators'] : []),
    ];
  }

  private readAsWritten(
    text: string,
    line: number,
    column: string,
    quantity: Quantity,
  ): number | ValueError {
    const written = plainUnits(text.trim());
    const bare = withoutNeutralSeparators(written);
    const unit = unitOf(bare, quantity);
    if (unit !== undefined && unit !== quantity.unit) {
      const message = `Has the unit ${unit}, but the ${quantity.name} are read in ${quantity.unit}: ${quote(text)}.`;
      return {
        message,
        ...(quantity.isUnitChosen && { remedies: [{ option: 'unit', value: unit }] }),
      };
    }
    const digits = unit === undefined ? bare : bare.slice(0, -unit.length).trimEnd();
    if (bare.length < written.length) this.hasThousands = true;
    if (this.decimal) {
      this.noteThousands(digits, this.decimal);
      return parse(digits, this.decimal) ?? notNumber(text, this.delimiter, quantity);
    }
    const [withPoint, withComma] = [parse(digits, '.'), parse(digits, ',')];
    if (withPoint === undefined && withComma === undefined) {
      return notNumber(text, this.delimiter, quantity);
    }
    if (withPoint === withComma) return withPoint!;
    if (withPoint !== undefined && withComma !== undefined) {
      const decimal = this.evidence?.decimal ?? this.likelyDecimal(digits);
      if (!this.evidence) this.doubtful ??= { decimal, line, text, column };
      this.noteThousands(digits, decimal);
      return decimal === '.' ? withPoint : withComma;
    }
    const decimal = withPoint === undefined ? ',' : '.';
    if (decimal === ',' && this.pointIsDecimal) return commaBesideCommas(text);
    if (this.evidence && this.evidence.decimal !== decimal) return differing(text, this.evidence);
    this.evidence ??= { decimal, line, text, column };
    this.noteThousands(digits, decimal);
    return (withPoint ?? withComma)!;
  }

  private noteThousands(digits: string, decimal: Decimal): void {
    if (digits.includes(decimal === '.' ? ',' : '.')) this.hasThousands = true;
  }

  private likelyDecimal(digits: string): Decimal {
    return this.pointIsDecimal || digits.includes('.') ? '.' : ',';
  }
}

const WITH = {
  '.': /^([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)?)(?:\.(\d*))?((?:[eE][+-]?\d+)?)$/,
  ',': /^([+-]?)((?:\d{1,3}(?:\.\d{3})+|\d+)?)(?:,(\d*))?((?:[eE][+-]?\d+)?)$/,
};

/**
 * The number with that decimal separator, the other one separating thousands; undefined where it is
 * not one.
 */
function parse(text: string, decimal: Decimal): number | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = ''] = WITH[decimal].exec(text) ?? [];
  if (whole === '' && fraction === '') return undefined;
  return Number(`${sign}${whole.replace(/[.,]/g, '') || '0'}.${fraction || '0'}${exponent}`);
}

/** Spaces, also thin and non-breaking ones, and apostrophes only ever separate thousands. */
function withoutNeutralSeparators(text: string): string {
  return text.replace(/(?<=\d)[ \u00A0\u2009\u202F'’](?=\d{3}(?!\d))/g, '').replace(/^\u2212/, '-');
}

/** The unit that the text ends with, if any. */
function unitOf(text: string, { units }: Quantity): string | undefined {
  const lower = text.toLowerCase();
  return units.find((unit) => lower.endsWith(unit.toLowerCase()));
}

function outOfRange(text: string, { rule }: Quantity): ValueError {
  return { message: `${rule}, not ${quote(text)}.` };
}

function notNumber(text: string, delimiter: string, quantity: Quantity): ValueError {
  const value = text.trim();
  if (value === '') return { message: 'Must not be empty.', remedies: [{ option: 'skipEmpty' }] };
  if (value.includes('\uFFFD')) {
    return { ...outOfRange(text, quantity), remedies: [{ option: 'encoding' }] };
  }
  // Such as #DIV/0! and 1.#QNAN.
  if (/\d/.test(value) && !value.includes('#')) {
    const remedies =
      /[.,]/.test(value) && delimiter !== ',' ? [{ option: 'decimal' } as const] : [];
    return { ...outOfRange(text, quantity), remedies };
  }
  return {
    message: `Must be a number, not ${quote(text)}.`,
    remedies: [{ option: 'nullValues', value }],
  };
}

function ambiguous(text: string): ValueError {
  return {
    message: `Is ambiguous: ${quote(text)} may be of thousands or have three decimals.`,
    remedies: [{ option: 'decimal' }],
  };
}

function commaBesideCommas(text: string): ValueError {
  return {
    message: `Must have a decimal point in a file that is separated by commas, not ${quote(text)}.`,
    remedies: [{ option: 'decimal', value: ',' }],
  };
}

function differing(text: string, { line, text: other }: Sample): ValueError {
  return {
    message: `Has another decimal separator than ${quote(other)} in line ${line}: ${quote(text)}.`,
    remedies: [{ option: 'decimal' }],
  };
}
