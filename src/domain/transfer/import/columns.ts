import type { CsvRow } from './csv.js';
import { ImportErrorList, type ImportRemedy } from './errors.js';
import type { ColumnNames, ImportFormat } from './options.js';
import { findDatetime, suggestColumns } from './recognise-columns.js';

/** A column of the file. */
export interface Column {
  readonly index: number;
  /** in the file's header */
  readonly name: string;
}

/** The columns of a file that are read. */
export interface Columns {
  /** of the header, all columns */
  readonly count: number;
  readonly sensorId: Column | undefined;
  readonly sensorName: Column | undefined;
  /** joined with a space where there are several */
  readonly datetime: readonly [Column, ...Column[]];
  /** several only in a wide table */
  readonly flowrates: readonly [Column, ...Column[]];
  readonly latitude: Column | undefined;
  readonly longitude: Column | undefined;
  readonly pipeDiameter: Column | undefined;
  readonly quality: Column | undefined;
  readonly totalizer: Column | undefined;
  readonly conditions: readonly ColumnCondition[];
  /** names of the others */
  readonly unread: readonly string[];
}

/** The values of which a row must have one in a column to be read. */
export interface ColumnCondition {
  readonly index: number;
  readonly values: ReadonlySet<string>;
}

/** The datetime of a row, joined where it has several columns. */
export function datetimeTextOf({ datetime }: Columns, fields: readonly string[]): string {
  if (datetime.length === 1) return fields[datetime[0].index]!.trim();
  return datetime
    .map(({ index }) => fields[index]!.trim())
    .join(' ')
    .trim();
}

/** The names of the columns that each field is read from. */
export function namesOf(columns: Columns): Partial<Record<keyof ColumnNames, string[]>> {
  const { datetime, flowrates, ...others } = columns;
  const optional = (
    ['sensorId', 'sensorName', ...PLACE_FIELDS, 'quality', 'totalizer'] as const
  ).flatMap((field) => (others[field] ? [[field, [others[field].name]] as const] : []));
  const names = (of: readonly Column[]) => of.map(({ name }) => name);
  return {
    datetime: names(datetime),
    flowrate: names(flowrates),
    ...Object.fromEntries(optional),
  };
}

const PLACE_FIELDS = ['latitude', 'longitude', 'pipeDiameter'] as const;

const DEFAULT_NAMES = {
  sensorId: 'sensor_id',
  sensorName: 'sensor_name',
  datetime: 'datetime',
  flowrate: 'flowrate',
  latitude: 'latitude',
  longitude: 'longitude',
  pipeDiameter: 'pipe_diameter',
  quality: 'quality',
  totalizer: 'totalizer',
} as const satisfies Record<keyof ColumnNames, string>;

/** Whether a header has all columns that are needed. */
export function isHeader(fields: readonly string[], format: ImportFormat): boolean {
  return new HeaderReader(fields, format).missing().length === 0;
}

/**
 * Finds the columns in a file's header, in any order, ignoring case.
 * @throws ImportErrors where one is missing or there are two of a name
 */
export function readHeader({ line, fields }: CsvRow, format: ImportFormat): Columns {
  const header = new HeaderReader(fields, format);
  const missing = header.missing();
  const errors = new ImportErrorList();
  if (missing.length > 0) {
    const columns = `column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
    errors.add({
      line,
      message: `The header has no ${columns}, only ${quoteNames(fields)}.`,
      remedies: remediesOf(fields, format),
    });
  }
  for (const column of header.repeated()) {
    errors.add({ line, column, message: 'There are several columns of this name.' });
  }
  errors.throwIfAny();
  return header.columns();
}

class HeaderReader {
  private readonly columnNames: readonly string[];
  private readonly keys: readonly string[];

  constructor(
    fields: readonly string[],
    private readonly format: ImportFormat,
  ) {
    this.columnNames = fields.map((field) => field.trim());
    this.keys = this.columnNames.map(keyOf);
  }

  /** Names of the columns that are needed and not there. */
  missing(): string[] {
    const { format } = this;
    const needed = format.wide
      ? [...this.partsOf('datetime'), ...(format.columns?.flowrate ? this.partsOf('flowrate') : [])]
      : [...this.sensorNeeded(), ...this.partsOf('datetime'), this.nameOf('flowrate')];
    const named = Object.entries<string | undefined>({ ...format.columns }).flatMap(
      ([field, name]) =>
        name === undefined || field === 'datetime' || field === 'flowrate' ? [] : [name],
    );
    const conditions = (format.where ?? []).map(({ column }) => column);
    const missing = new Set([...needed, ...named, ...conditions].filter((name) => !this.has(name)));
    if (format.wide && missing.size === 0 && this.wideFlowrates().length === 0) {
      missing.add('of a sensor');
    }
    return [...missing];
  }

  /** Names of read columns that are there twice. */
  repeated(): string[] {
    const isTwice = (key: string) => this.keys.indexOf(key) !== this.keys.lastIndexOf(key);
    return [...new Set(this.read().map(({ name }) => name))].filter((name) => isTwice(keyOf(name)));
  }

  columns(): Columns {
    const [datetime, ...datetimes] = this.partsOf('datetime').map((name) => this.find(name)!);
    const [flowrate, ...flowrates] = this.format.wide
      ? this.wideFlowrates()
      : [this.find(this.nameOf('flowrate'))!];
    const read = new Set(this.read().map(({ index }) => index));
    return {
      count: this.columnNames.length,
      ...this.optional(),
      datetime: [datetime!, ...datetimes],
      flowrates: [flowrate!, ...flowrates],
      conditions: this.conditions(),
      unread: this.columnNames.filter((name, index) => name !== '' && !read.has(index)),
    };
  }

  private read(): Column[] {
    const flowrates = this.format.wide
      ? this.wideFlowrates()
      : [this.find(this.nameOf('flowrate'))];
    const datetimes = this.partsOf('datetime').map((name) => this.find(name));
    const conditions = (this.format.where ?? []).map(({ column }) => this.find(column));
    const all = [...flowrates, ...datetimes, ...conditions, ...Object.values(this.optional())];
    return all.filter((column): column is Column => column !== undefined);
  }

  private optional() {
    const find = (field: keyof ColumnNames) =>
      this.format.wide ? undefined : this.find(this.nameOf(field));
    return {
      sensorId: find('sensorId'),
      sensorName: find('sensorName'),
      latitude: find('latitude'),
      longitude: find('longitude'),
      pipeDiameter: find('pipeDiameter'),
      quality: find('quality'),
      totalizer: find('totalizer'),
    };
  }

  /** Of a wide table: the columns that were named, or else all but those with another meaning. */
  private wideFlowrates(): Column[] {
    if (this.format.columns?.flowrate) {
      return this.partsOf('flowrate').flatMap((name) => this.find(name) ?? []);
    }
    const others = [
      ...this.partsOf('datetime'),
      ...(this.format.where ?? []).map((it) => it.column),
    ];
    const otherKeys = new Set(others.map(keyOf));
    return this.columnNames.flatMap((name, index) =>
      name === '' || otherKeys.has(keyOf(name)) ? [] : [{ index, name }],
    );
  }

  private conditions(): ColumnCondition[] {
    const values = new Map<number, Set<string>>();
    for (const { column, value } of this.format.where ?? []) {
      const { index } = this.find(column)!;
      values.set(index, (values.get(index) ?? new Set()).add(value));
    }
    return [...values].map(([index, of]) => ({ index, values: of }));
  }

  private sensorNeeded(): string[] {
    const [id, name] = [this.nameOf('sensorId'), this.nameOf('sensorName')];
    return this.has(id) || this.has(name) ? [] : [`${id} or ${name}`];
  }

  /** The column of that name, or else the columns that it joins with `+`. */
  private partsOf(field: 'datetime' | 'flowrate'): string[] {
    const name = this.nameOf(field);
    return this.has(name) ? [name] : name.split('+').map((part) => part.trim());
  }

  private nameOf(field: keyof ColumnNames): string {
    return this.format.columns?.[field] ?? DEFAULT_NAMES[field];
  }

  private has(name: string): boolean {
    return this.keys.includes(keyOf(name));
  }

  private find(name: string): Column | undefined {
    const index = this.keys.indexOf(keyOf(name));
    return index < 0 ? undefined : { index, name: this.columnNames[index]! };
  }
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function remediesOf(fields: readonly string[], { delimiter, wide }: ImportFormat): ImportRemedy[] {
  if (fields.some((field) => field.includes('\uFFFD'))) return [{ option: 'encoding' }];
  if (fields.length === 1 && delimiter === undefined) return [{ option: 'delimiter' }];
  const likely = suggestColumns(fields);
  if (likely && !wide) return [{ option: 'columns', value: assignments(likely) }];
  const datetime = findDatetime(fields);
  const remedy = { option: 'wide', ...(datetime && { value: assignments({ datetime }) }) } as const;
  return [{ option: 'columns' }, ...(wide ? [] : [remedy])];
}

/** As --columns takes them. */
function assignments(columns: ColumnNames): string {
  return Object.entries(columns)
    .map(([field, name]) => `${DEFAULT_NAMES[field as keyof ColumnNames]}=${name}`)
    .join(',');
}

const MAX_QUOTED = 200;

function quoteNames(fields: readonly string[]): string {
  const quoted = JSON.stringify(fields.join(','));
  return quoted.length > MAX_QUOTED ? `${quoted.slice(0, MAX_QUOTED)}…"` : quoted;
}
