import { FLOWRATE_UNITS, toBarrelsPerDay, type FlowrateUnit } from '../../shared/units.js';
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
    const named = unitIn(name);
    if (named === undefined || isSame(named, unit)) return [];
    const message = `Has the unit ${named} in its name, but the flowrates are read in ${unit}.`;
    return [{ line, column: name, message, remedies: [{ option: 'unit', value: named }] }];
  });
}

function unitIn(name: string): FlowrateUnit | undefined {
  const text = IN_BRACKETS.exec(name)?.[1]?.trim().toLowerCase().replace('³', '3');
  return FLOWRATE_UNITS.find((unit) => unit.toLowerCase() === text);
}

/** Some units have two names, such as gpm and gal/min. */
function isSame(one: FlowrateUnit, other: FlowrateUnit): boolean {
  return toBarrelsPerDay(1, one) === toBarrelsPerDay(1, other);
}
