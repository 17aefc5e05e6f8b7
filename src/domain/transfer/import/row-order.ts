import { datetimeTextOf, type Columns } from './columns.js';
import type { DateFormat } from './date-format.js';
import { readIso } from './datetimes.js';

/**
 * The order of a file's rows, which is that of time in each sensor.
 *
 * @param rows the first ones
 * @returns how many steps forward in time they have more than steps back: below 0 where the newest
 * reading of a sensor comes first
 */
export function directionOf(
  rows: readonly (readonly string[])[],
  columns: Columns,
  format: DateFormat = readIso,
): number {
  const latest = new Map<string, number>();
  let direction = 0;
  for (const fields of rows) {
    const parsed = format(datetimeTextOf(columns, fields));
    if (!parsed) continue;
    const sensor = [columns.sensorId, columns.sensorName]
      .map((column) => (column ? fields[column.index] : ''))
      .join('\n');
    direction += Math.sign(parsed.time - (latest.get(sensor) ?? parsed.time));
    latest.set(sensor, parsed.time);
  }
  return direction;
}
