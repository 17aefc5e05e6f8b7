import { readFlowrateUnit } from '../../shared/unit-names.js';
import type { FlowrateUnit } from '../../shared/units.js';
import { datetimeTextOf, type Columns } from './columns.js';
import type { CsvRow } from './csv.js';
import type { ImportError } from './errors.js';
import { otherUnitError } from './header-units.js';

/** Rows below the header that say in which units columns are, and how loggers sampled them. */
export interface UnitRows {
  readonly count: number;
  /** of columns in another unit than the file is read in */
  readonly errors: readonly ImportError[];
}

/** @param rows the first of the file after its header */
export function findUnitRows(
  rows: readonly CsvRow[],
  columns: Columns,
  unit: FlowrateUnit,
): UnitRows {
  const [first] = rows;
  if (!first || !isUnitRow(first.fields, columns)) return { count: 0, errors: [] };
  const more = rows.slice(1).findIndex(({ fields }) => !isSamplingRow(fields, columns));
  const errors = columns.flowrates.flatMap(({ index, name }) => {
    const named = unitIn(first.fields[index]!);
    return named ? otherUnitError(named, unit, { line: first.line, column: name }) : [];
  });
  return { count: more < 0 ? rows.length : more + 1, errors };
}

/** Whether it has a unit in place of each flowrate, and no datetime. */
function isUnitRow(fields: readonly string[], columns: Columns): boolean {
  if (fields.length !== columns.count || /\d/.test(datetimeTextOf(columns, fields))) return false;
  const texts = columns.flowrates.map(({ index }) => fields[index]!.trim());
  return texts.some(unitIn) && texts.every((text) => text === '' || unitIn(text));
}

/** As in files of Campbell Scientific, TOA5: `Smp`, `Avg` or `Tot` below the units. */
function isSamplingRow(fields: readonly string[], columns: Columns): boolean {
  return (
    fields.length === columns.count &&
    datetimeTextOf(columns, fields) === '' &&
    columns.flowrates.every(({ index }) => /^(?:Smp|Avg|Tot|Max|Min|Std)?$/i.test(fields[index]!))
  );
}

function unitIn(text: string): FlowrateUnit | undefined {
  return readFlowrateUnit(text.trim().replace(/^[[(](.*)[\])]$/, '$1'));
}
