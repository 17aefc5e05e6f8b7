import { readFlowrateUnit } from '../../shared/unit-names.js';
import { toBarrelsPerDay, type FlowrateUnit } from '../../shared/units.js';
import type { Columns } from './columns.js';
import type { ImportError } from './errors.js';

/** What a column's name ends with in brackets, such as `FT-101 [gpm]` or `Flow (m³/h)`. */
const IN_BRACKETS = /[[(]([^\][()]+)[\])]\s*$/;

/** Errors of the columns of flowrates whose names end with another unit than the file is read in. */
export function unitErrors(
  { flowrates }: Columns,
  line: number,
  unit: FlowrateUnit,
): ImportError[] {
  return flowrates.flatMap(({ name }) => {
    const named = readFlowrateUnit(IN_BRACKETS.exec(name)?.[1] ?? '');
    return named ? otherUnitError(named, unit, { line, column: name }) : [];
  });
}

/** The error of a column whose header names a unit, if that is not the one the file is read in. */
export function otherUnitError(
  named: FlowrateUnit,
  unit: FlowrateUnit,
  at: Pick<ImportError, 'line' | 'column'>,
): ImportError[] {
  if (isSame(named, unit)) return [];
  const message = `Has the unit ${named} in its header, but the flowrates are read in ${unit}.`;
  return [{ ...at, message, remedies: [{ option: 'unit', value: named }] }];
}

/** Some units have two names, such as gpm and gal/min. */
function isSame(one: FlowrateUnit, other: FlowrateUnit): boolean {
  return toBarrelsPerDay(1, one) === toBarrelsPerDay(1, other);
}
