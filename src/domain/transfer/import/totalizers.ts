import { totalizerError } from '../../pings/rules.js';
import type { FlowrateUnit } from '../../shared/units.js';
import type { Columns } from './columns.js';
import type { ImportErrorList } from './errors.js';
import { TOTALIZERS, type NumberReader } from './numbers.js';
import type { RowFilter } from './row-filter.js';

/** Reads the column of the meters' own totalizers (bbl), where the file has one. */
export class TotalizerReader {
  constructor(
    private readonly columns: Columns,
    private readonly numbers: NumberReader,
    private readonly filter: Pick<RowFilter, 'isNull'>,
    private readonly errors: ImportErrorList,
  ) {}

  /** Undefined where the file does not say it, or after an error. */
  read(line: number, fields: readonly string[]): number | undefined {
    const column = this.columns.totalizer;
    if (!column) return undefined;
    const text = fields[column.index]!;
    if (text.trim() === '' || this.filter.isNull(text)) return undefined;
    const totalizer = this.numbers.read(text, line, column.name, TOTALIZERS);
    const error = typeof totalizer === 'number' ? messageOf(totalizerError(totalizer)) : totalizer;
    if (error) this.errors.add({ line, column: column.name, ...error });
    return typeof totalizer === 'number' ? totalizer : undefined;
  }
}

function messageOf(message: string | undefined): { readonly message: string } | undefined {
  return message === undefined ? undefined : { message };
}

/**
 * The columns, without one of the usual name that was not asked for and whose values are no numbers, or
 * probably in another unit: flowrates in cubic metres come with totalizers in cubic metres.
 */
export function withoutForeignTotalizer(
  columns: Columns,
  sample: readonly (readonly string[])[],
  unit: FlowrateUnit,
  isNamed: boolean,
): Columns {
  const { totalizer, unread } = columns;
  if (!totalizer || isNamed) return columns;
  const values = sample
    .map((fields) => fields[totalizer.index]!)
    .filter((text) => text.trim() !== '');
  const isOurs = values.length === 0 || values.some((text) => /^\s*[+-]?[.,]?\d/.test(text));
  if (isOurs && unit.startsWith('bbl/')) return columns;
  return { ...columns, totalizer: undefined, unread: [...unread, totalizer.name] };
}
