import { datetimeError, flowrateError } from '../../pings/rules.js';
import { FIRST_INSTANT, LAST_INSTANT, parseTime } from '../../shared/time.js';
import { datetimeTextOf, type Column, type Columns } from './columns.js';
import type { CsvRow } from './csv.js';
import type { DateFormat } from './date-format.js';
import { datetimeFormatError, readIso } from './datetimes.js';
import type { ImportErrorList } from './errors.js';
import { LocalTimes } from './local-times.js';
import { flowratesIn, NumberReader, type Quantity } from './numbers.js';
import type { FlowrateUnit } from '../../shared/units.js';
import type { ImportFormat, LeftOut, ReadingPreview } from './options.js';
import type { Quality } from '../../pings/quality.js';
import type { QualityCounts } from './options.js';
import { QualityReader } from './qualities.js';
import { RowFilter } from './row-filter.js';
import type { RowSensors } from './sensors.js';
import { TotalizerReader } from './totalizers.js';

const FIRST_TIME = FIRST_INSTANT.getTime();
const LAST_TIME = LAST_INSTANT.getTime();
const MAX_PREVIEW = 5;
const UTC_SUFFIX = 'Z'.charCodeAt(0);
/** In place of a sensor's id, for the rows of a wide table, which are of all its sensors. */
const ALL_SENSORS = 0;

/**
 * Receives a reading of the file: bbl/d, `time` in milliseconds since 1970, `quality` and `totalizer`
 * (bbl) undefined where the file says nothing of them.
 */
export type TakeReading = (
  sensorId: number,
  time: number,
  flowrate: number,
  line: number,
  quality: Quality | undefined,
  totalizer: number | undefined,
) => void;

/** How the rows of a file are read. */
export interface RowFormat extends ImportFormat {
  readonly unit: FlowrateUnit;
  readonly delimiter: string;
  /** the name of `dateFormat` if it was recognised by itself */
  readonly recognisedDateFormat: string | undefined;
  /** of the first rows, as `directionOf` returns it */
  readonly direction: number;
}

/** Reads the rows of a file. After an error it only searches for more errors. */
export class RowReader {
  private readonly filter: RowFilter;
  private readonly numbers: NumberReader;
  private readonly flowrates: Quantity;
  private readonly qualities: QualityReader;
  private readonly totalizers: TotalizerReader;
  private readonly localTimes: LocalTimes;
  private readonly dateFormat: DateFormat | undefined;
  private readonly datetimeName: string;
  private readonly isWide: boolean;
  private readonly delimiter: string;
  private readonly recognisedDateFormat: string | undefined;
  readonly preview: ReadingPreview[] = [];
  rows = 0;
  readings = 0;

  constructor(
    private readonly columns: Columns,
    private readonly sensors: RowSensors,
    private readonly errors: ImportErrorList,
    format: RowFormat,
    private readonly take: TakeReading,
  ) {
    this.recognisedDateFormat = format.recognisedDateFormat;
    this.delimiter = format.delimiter;
    this.filter = new RowFilter(columns.conditions, format);
    this.numbers = new NumberReader(format.decimal, format.delimiter);
    this.flowrates = flowratesIn(format.unit);
    this.qualities = new QualityReader(columns, errors);
    this.totalizers = new TotalizerReader(columns, this.numbers, this.filter, errors);
    this.localTimes = new LocalTimes(format.timeZone, format.direction);
    this.dateFormat = format.dateFormat;
    this.datetimeName = columns.datetime.map(({ name }) => name).join('+');
    this.isWide = format.wide ?? false;
  }

  async read(rows: readonly CsvRow[], now: Date): Promise<void> {
    for (const row of rows) {
      if (row.fields[0] === '' && isBlank(row.fields)) continue;
      this.rows++;
      if (row.fields.length !== this.columns.count) this.addWrongCount(row);
      else if (!this.filter.leavesOutRow(row.fields)) {
        const waiting = this.isWide ? this.readWideRow(row, now) : this.readLongRow(row, now);
        if (waiting) await waiting;
      }
    }
  }

  /** Reports what only the whole file shows. */
  end(): void {
    const { stepBack } = this.localTimes;
    if (stepBack) this.errors.add({ column: this.datetimeName, ...stepBack });
    const { doubt } = this.numbers;
    if (doubt) this.errors.add(doubt);
  }

  get leftOut(): LeftOut {
    return this.filter.leftOut;
  }

  get qualityCounts(): QualityCounts {
    return this.qualities.counts;
  }

  get recognised(): string[] {
    return this.numbers.recognised;
  }

  get assumedUtc(): boolean {
    return this.localTimes.assumedUtc;
  }

  private readLongRow(row: CsvRow, now: Date): Promise<void> | void {
    const { line, fields } = row;
    const [column] = this.columns.flowrates;
    const text = fields[column.index]!;
    if (this.filter.leavesOutFlowrate(text)) return;
    const known = this.sensors.known(fields);
    if (known !== undefined) {
      this.add(known, this.readTime(known, row, now), this.readFlowrate(line, column, text), row);
      return;
    }
    return this.sensors.find(line, fields).then((sensorId) => {
      const time = this.readTime(sensorId, row, now);
      this.add(sensorId, time, this.readFlowrate(line, column, text), row);
    });
  }

  private async readWideRow(row: CsvRow, now: Date): Promise<void> {
    const { line, fields } = row;
    let time: number | undefined;
    let isTimeRead = false;
    for (const column of this.columns.flowrates) {
      const text = fields[column.index]!;
      if (this.filter.leavesOutFlowrate(text)) continue;
      if (!isTimeRead) time = this.readTime(ALL_SENSORS, row, now);
      isTimeRead = true;
      const sensorId = await this.sensors.findByName(line, column.name, undefined, fields);
      this.add(sensorId, time, this.readFlowrate(line, column, text), row);
    }
  }

  private add(
    sensorId: number | undefined,
    time: number | undefined,
    flowrate: number | undefined,
    { line, fields }: CsvRow,
  ): void {
    this.readings++;
    const quality = this.qualities.read(line, fields);
    const totalizer = this.totalizers.read(line, fields);
    if (sensorId === undefined || time === undefined || flowrate === undefined) return;
    if (this.preview.length < MAX_PREVIEW) {
      const sensor = this.sensors.nameOf(sensorId);
      this.preview.push({ line, sensor, time, flowrate, quality, totalizer });
    }
    if (this.errors.isEmpty) this.take(sensorId, time, flowrate, line, quality, totalizer);
  }

  private readTime(sensorId: number | undefined, row: CsvRow, now: Date): number | undefined {
    const { line, fields } = row;
    const text = datetimeTextOf(this.columns, fields);
    const time = this.timeOf(text, sensorId, line);
    if (time !== undefined) {
      const message =
        time >= FIRST_TIME && time <= LAST_TIME
          ? datetimeError(time, now)
          : 'Must be in the years 0001 to 9999.';
      if (message === undefined) return time;
      this.errors.add({ line, column: this.datetimeName, message });
      return undefined;
    }
    const error = datetimeFormatError(text, this.dateFormat, this.recognisedDateFormat);
    this.errors.add({ line, column: this.datetimeName, ...error });
    return undefined;
  }

  private timeOf(text: string, sensorId: number | undefined, line: number): number | undefined {
    if (!this.dateFormat && text.charCodeAt(text.length - 1) === UTC_SUFFIX) {
      const time = parseTime(text);
      if (time !== undefined) return time;
    }
    const parsed = (this.dateFormat ?? readIso)(text);
    if (!parsed) return undefined;
    const { time, isInstant, hasTime } = parsed;
    if (isInstant || sensorId === undefined) return time;
    return this.localTimes.toInstant(sensorId, time, hasTime, line);
  }

  private readFlowrate(line: number, column: Column, text: string): number | undefined {
    const flowrate = this.numbers.read(text, line, column.name, this.flowrates);
    if (typeof flowrate === 'number') {
      const message = flowrateError(flowrate);
      if (message === undefined) return flowrate;
      this.errors.add({ line, column: column.name, message });
      return undefined;
    }
    this.errors.add({ line, column: column.name, ...flowrate });
    return undefined;
  }

  private addWrongCount({ line, fields }: CsvRow): void {
    const { count } = this.columns;
    const hint =
      this.delimiter === ',' && fields.length > count && /^\d+$/.test(fields.at(-1)!)
        ? ' In a file that is separated by commas, a number with a decimal comma must be in quotes.'
        : '';
    const message = `There are ${fields.length} fields, and ${count} in the header.${hint}`;
    this.errors.add({ line, message });
  }
}

/** As spreadsheets write rows that have been cleared: delimiters alone. */
function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === '');
}
