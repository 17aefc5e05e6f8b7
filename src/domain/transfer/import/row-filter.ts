import type { Columns } from './columns.js';
import type { ImportFormat, LeftOut } from './options.js';
import { readNumber } from './numbers.js';

/** Leaves out the rows that the options exclude, and counts them. */
export class RowFilter {
  private readonly nullTexts: ReadonlySet<string>;
  private readonly nullNumbers: ReadonlySet<number>;
  private readonly skipsEmpty: boolean;
  private where = 0;
  private nullValues = 0;
  private empty = 0;

  constructor(
    private readonly conditions: Columns['conditions'],
    { nullValues = [], skipEmpty = false, wide = false }: ImportFormat,
  ) {
    this.nullTexts = new Set(nullValues.map((value) => value.trim().toLowerCase()));
    this.nullNumbers = new Set(nullValues.flatMap((value) => readNumber(value) ?? []));
    // A row of a wide table has a cell for each sensor, also for those without a reading.
    this.skipsEmpty = skipEmpty || wide;
  }

  leavesOutRow(fields: readonly string[]): boolean {
    if (this.conditions.length === 0) return false;
    if (this.conditions.every(({ index, values }) => values.has(fields[index]!.trim())))
      return false;
    this.where++;
    return true;
  }

  leavesOutFlowrate(text: string): boolean {
    if (this.skipsEmpty && text.trim() === '') {
      this.empty++;
      return true;
    }
    const isNull = this.isNull(text);
    if (isNull) this.nullValues++;
    return isNull;
  }

  /** Whether it is one of the texts that mean "no value". */
  isNull(text: string): boolean {
    if (this.nullTexts.size === 0) return false;
    const value = text.trim();
    const number = readNumber(value.replace(',', '.'));
    return (
      this.nullTexts.has(value.toLowerCase()) ||
      (number !== undefined && this.nullNumbers.has(number))
    );
  }

  get leftOut(): LeftOut {
    const { where, nullValues, empty } = this;
    return { where, nullValues, empty };
  }
}
