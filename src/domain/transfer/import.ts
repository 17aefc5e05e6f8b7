import type { ImportStore, ImportTransaction } from '../../storage/transfer/import-store.js';
import type { StagingWriter } from '../../storage/transfer/staging-writer.js';
import type { Clock } from '../shared/clock.js';
import { readHeader, type Columns } from './import-columns.js';
import { CsvError, CsvReader, type CsvRow } from './import-csv.js';
import { ImportErrorList, ImportErrors } from './import-errors.js';
import { RowSensors } from './import-sensors.js';
import { readFlowrate, shown } from './import-values.js';
import type { OnConflict } from '../pings/resolve-conflicts.js';
import { datetimeError, flowrateError } from '../pings/rules.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import { formatInstant, parseTime } from '../shared/time.js';
import type { FlowrateUnit } from '../volumes/units.js';

export interface ImportOptions {
  /** the file's flowrates are in */
  readonly unit: FlowrateUnit;
  readonly onConflict: OnConflict;
  readonly createSensors: boolean;
  /** says what would change and changes nothing */
  readonly dryRun: boolean;
  /** what the history names as the reason of corrections */
  readonly reason: string;
}

export interface ImportResult {
  readonly rows: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly sensorsMade: number;
}

/** Loads CSV files of pings, each whole or not at all, in constant memory. */
export class Imports {
  constructor(
    private readonly store: ImportStore,
    private readonly clock: Clock,
    /** told once rows were loaded */
    private readonly onLoaded: (accountId: number) => void,
  ) {}

  /**
   * @param text the file, in pieces that may be cut anywhere
   * @param onRows told of how many rows were read so far
   * @throws ImportFaultsError with lines and columns of the file; nothing was loaded then
   */
  async run(
    principal: Principal,
    text: AsyncIterable<string>,
    options: ImportOptions,
    onRows: (rows: number) => void = () => undefined,
  ): Promise<ImportResult> {
    requireScope(principal, options.onConflict === 'OVERWRITE' ? 'ADMIN' : 'INGEST');
    if (options.createSensors) requireScope(principal, 'ADMIN');
    const result = await this.store.transaction(
      principal.accountId,
      (transaction) => new ImportRun(transaction, principal, options, this.clock).run(text, onRows),
      () => !options.dryRun,
    );
    if (!options.dryRun) this.onLoaded(principal.accountId);
    return result;
  }
}

const MAX_CONFLICTS_TOLD = 20;

class ImportRun {
  private readonly faults = new ImportErrorList();
  private readonly sensorIds = new Set<number>();
  private rows = 0;

  constructor(
    private readonly transaction: ImportTransaction,
    private readonly principal: Principal,
    private readonly options: ImportOptions,
    private readonly clock: Clock,
  ) {}

  async run(text: AsyncIterable<string>, onRows: (rows: number) => void): Promise<ImportResult> {
    const sensors = await this.stage(text, onRows);
    this.faults.throwIfAny();
    await sensors?.save();
    return this.write(sensors?.countMade ?? 0);
  }

  /** Reads the file into the temporary table; after a fault it only looks for more. */
  private async stage(
    text: AsyncIterable<string>,
    onRows: (rows: number) => void,
  ): Promise<RowSensors | undefined> {
    let columns: Columns | undefined;
    let sensors: RowSensors | undefined;
    let staging: StagingWriter | undefined;
    try {
      for await (const rows of rowsOf(text, this.faults)) {
        if (!columns) {
          const header = rows.shift();
          if (!header) continue;
          columns = readHeader(header);
          sensors = new RowSensors(
            columns,
            this.faults,
            this.transaction,
            this.options.createSensors,
          );
          await sensors.load();
          staging = await this.transaction.stage();
        }
        await this.stageRows(rows, columns, sensors!, staging!);
        onRows(this.rows);
      }
      if (!columns && this.faults.isEmpty) {
        this.faults.add({ line: 1, message: 'The file is empty; it must begin with a header.' });
      }
      await staging?.close();
      return sensors;
    } catch (error) {
      await staging?.abort(error as Error);
      throw error;
    }
  }

  private async stageRows(
    rows: readonly CsvRow[],
    columns: Columns,
    sensors: RowSensors,
    staging: StagingWriter,
  ): Promise<void> {
    const now = this.clock();
    for (const { line, fields } of rows) {
      this.rows++;
      if (fields.length !== columns.count) {
        const message = `There are ${fields.length} fields, and ${columns.count} in the header.`;
        this.faults.add({ line, message });
        continue;
      }
      const sensorId = sensors.known(fields) ?? (await sensors.find(line, fields));
      const time = this.readTime(line, fields[columns.datetime]!, now);
      const flowrate = this.readFlowrate(line, fields[columns.flowrate]!);
      if (!this.faults.isEmpty) continue;
      this.sensorIds.add(sensorId!);
      staging.add(sensorId!, time!, flowrate!, line);
    }
    await staging.drain();
  }

  private readTime(line: number, text: string, now: Date): number | undefined {
    const time = parseTime(text.trim());
    const message =
      time === undefined
        ? `Must be a datetime such as 2019-02-05T20:41:02Z, not ${shown(text)}.`
        : datetimeError(time, now);
    if (message !== undefined) this.faults.add({ line, column: 'datetime', message });
    return time;
  }

  private readFlowrate(line: number, text: string): number | undefined {
    const flowrate = readFlowrate(text, this.options.unit);
    const message =
      flowrate === undefined
        ? `Must be 0 or a number of magnitude 1e-30 to 1e15, not ${shown(text)}.`
        : flowrateError(flowrate);
    if (message !== undefined) this.faults.add({ line, column: 'flowrate', message });
    return flowrate;
  }

  private async write(sensorsMade: number): Promise<ImportResult> {
    const { rows, sensorIds } = this;
    if (rows === 0) return { rows, inserted: 0, duplicates: 0, corrected: 0, sensorsMade };
    const inserted = await this.transaction.insert([...sensorIds]);
    let corrected = 0;
    if (inserted.count < rows) {
      if (this.options.onConflict === 'REJECT') await this.refuseConflicts();
      else {
        const by = actorName(this.principal);
        corrected = await this.transaction.correct(by, this.options.reason);
      }
    }
    await this.transaction.finish(inserted);
    const duplicates = rows - inserted.count - corrected;
    return { rows, inserted: inserted.count, duplicates, corrected, sensorsMade };
  }

  /** @throws ImportFaultsError where a staged ping differs from the one held */
  private async refuseConflicts(): Promise<void> {
    const { conflicts, total } = await this.transaction.conflicts(MAX_CONFLICTS_TOLD);
    if (total === 0) return;
    const faults = conflicts.map(({ index, sensor_id, at, flowrate }) => ({
      line: index,
      column: 'flowrate',
      message: `Sensor ${sensor_id} has another ping at ${formatInstant(new Date(at))}, of ${flowrate} bbl/d.`,
      remedy: 'OVERWRITE' as const,
    }));
    throw new ImportErrors(faults, total);
  }
}

/** The records piece by piece. What is no CSV is a fault, after which nothing more can be read. */
async function* rowsOf(
  text: AsyncIterable<string>,
  faults: ImportErrorList,
): AsyncGenerator<CsvRow[]> {
  const reader = new CsvReader();
  try {
    for await (const piece of text) yield reader.read(piece);
    yield reader.end();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    faults.add({ line: error.line, message: error.message });
  }
}
