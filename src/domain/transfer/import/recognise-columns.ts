import type { ColumnNames, ImportFormat } from './options.js';

/** What other programs call the columns that an import needs; lower case, without separators. */
const NAMES = {
  sensorName: ['sensorname', 'sensor', 'tag', 'tagname', 'point', 'pointname', 'device', 'meter'],
  datetime: ['datetime', 'timestamp', 'dateandtime', 'datetimeutc', 'timestamputc', 'ts', 'time'],
  flowrate: ['flowrate', 'flow', 'rate', 'value', 'pv'],
} as const satisfies Partial<Record<keyof ColumnNames, readonly string[]>>;
type Guessed = keyof typeof NAMES;

/** The columns that a header probably means; undefined where one of the needed is not found. */
export function suggestColumns(
  fields: readonly string[],
): Required<Pick<ColumnNames, Guessed>> | undefined {
  const datetime = findDatetime(fields);
  const sensorName = find(fields, 'sensorName');
  const flowrate = find(fields, 'flowrate');
  return datetime && sensorName && flowrate ? { sensorName, datetime, flowrate } : undefined;
}

/**
 * Recognises a table with a column for each sensor: besides a column for the datetime, every one
 * has the name of a sensor.
 * @returns the format by which it is read
 */
export function recogniseWide(
  fields: readonly string[],
  format: ImportFormat,
  isSensor: (name: string) => boolean,
): ImportFormat | undefined {
  const { wide, columns = {}, where = [] } = format;
  const isLong = columns.flowrate ?? columns.sensorName ?? columns.sensorId;
  const datetime = columns.datetime ?? findDatetime(fields);
  if (wide !== undefined || isLong !== undefined || datetime === undefined) return undefined;
  const others = [...datetime.split('+'), ...where.map(({ column }) => column)].map(keyOf);
  const names = fields
    .map((name) => name.trim())
    .filter((name) => name !== '' && !others.includes(keyOf(name)));
  if (names.length === 0 || !names.every(isSensor)) return undefined;
  return { ...format, wide: true, columns: { ...columns, datetime } };
}

/** One column, or a date and a time joined with `+`. */
export function findDatetime(fields: readonly string[]): string | undefined {
  const [date, time] = ['date', 'time'].map((key) => fields.find((name) => keyOf(name) === key));
  if (date !== undefined && time !== undefined) return `${date.trim()}+${time.trim()}`;
  return find(fields, 'datetime') ?? date?.trim();
}

function find(fields: readonly string[], of: Guessed): string | undefined {
  const names: readonly string[] = NAMES[of];
  return names.flatMap((name) => fields.filter((field) => keyOf(field) === name))[0]?.trim();
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[\s_/.-]/g, '');
}
