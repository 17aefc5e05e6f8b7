import type { ImportTransaction, StagedInsert } from '../../../storage/transfer/import-store.js';
import type { ImportEntry } from '../../../storage/transfer/import-log-store.js';
import type { StagingWriter } from '../../../storage/transfer/staging-writer.js';
import type { PingAdmission } from '../../pings/admission.js';
import type { Clock } from '../../shared/clock.js';
import { LATE_DATA } from '../../pings/reason-codes.js';
import { auditEntry, type AuditEntry } from '../../shared/audit.js';
import { actorName, type Principal } from '../../shared/principal.js';
import { namesOf } from './columns.js';
import { refuseOutsideRecord, refuseConflicts } from './conflict-errors.js';
import { CsvError, type CsvRow } from './csv.js';
import { ImportErrorList, ImportErrors, type Understood } from './errors.js';
import type { ImportOptions, ImportResult, Repeats } from './options.js';
import { openFile } from './open-file.js';
import { RowReader, type TakeReading } from './row-reader.js';
import { SensorSpans, type CountBySensor, type SensorChanges } from './sensor-changes.js';
import { RowSensors } from './sensors.js';

/** A file that was read and staged. */
interface Staged {
  readonly sensors: RowSensors;
  readonly reader: RowReader;
}

/** What was written of the staged readings. */
type Written = Pick<ImportResult, 'inserted' | 'corrected' | 'repeats' | 'sensors'>;

/** The loading of one file in a transaction. */
export class ImportRun {
  private readonly errors = new ImportErrorList();
  private readonly spans = new SensorSpans();
  /** once the header was understood */
  private understood: (() => Understood) | undefined;

  constructor(
    private readonly transaction: ImportTransaction,
    private readonly principal: Principal,
    private readonly options: ImportOptions,
    private readonly clock: Clock,
    private readonly admission: Pick<PingAdmission, 'room'>,
  ) {}

  async run(text: AsyncIterable<string>, onRows: (rows: number) => void): Promise<ImportResult> {
    try {
      return await this.load(text, onRows);
    } catch (error) {
      if (!(error instanceof ImportErrors) || !this.understood) throw error;
      throw new ImportErrors(error.errors, error.count, this.understood(), error.changes);
    }
  }

  private async load(
    text: AsyncIterable<string>,
    onRows: (rows: number) => void,
  ): Promise<ImportResult> {
    const { sensors, reader } = await this.read(text, onRows);
    await sensors.save();
    const { readings } = reader;
    const written = readings > 0 ? await this.write(readings, sensors) : NOTHING;
    const { inserted, corrected, repeats } = written;
    if (inserted + corrected + sensors.countCreated > 0) {
      await this.transaction.audit(this.event(written, sensors.countCreated));
    }
    const counts = {
      readings,
      duplicates: readings - inserted - corrected - (repeats?.count ?? 0),
      sensorsCreated: sensors.countCreated,
    };
    return {
      id: await this.record({ ...written, ...counts, rows: reader.rows }),
      ...written,
      ...this.understood!(),
      ...counts,
      leftOut: reader.leftOut,
      qualities: reader.qualityCounts,
    };
  }

  private async record(
    counts: Omit<ImportEntry, 'by' | 'fileName' | 'sha256' | 'options'>,
  ): Promise<number | undefined> {
    const { dryRun, file, unit, onConflict, createSensors, reasonCode, comment } = this.options;
    if (dryRun) return undefined;
    const entry = {
      ...counts,
      by: actorName(this.principal),
      fileName: file?.name,
      sha256: await file?.sha256(),
      options: { ...file?.settings, unit, onConflict, createSensors, reasonCode, comment },
    };
    return this.transaction.record(entry, this.clock());
  }

  private event({ inserted, corrected }: Written, sensorsCreated: number): AuditEntry {
    const { accountId, accountName } = this.principal;
    const account = { type: 'ACCOUNT', id: accountId, name: accountName } as const;
    const counts = { inserted, corrected, sensorsCreated };
    return auditEntry(this.principal, 'PINGS_IMPORTED', account, counts);
  }

  private async read(text: AsyncIterable<string>, onRows: (rows: number) => void): Promise<Staged> {
    try {
      return await this.stage(text, onRows);
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      // Nothing after that line can be read.
      this.errors.add({ line: error.line, message: error.message });
      this.errors.throwIfAny();
      throw error;
    }
  }

  private async stage(
    text: AsyncIterable<string>,
    onRows: (rows: number) => void,
  ): Promise<Staged> {
    const sensors = new RowSensors(this.errors, this.transaction, this.options.createSensors);
    await sensors.load();
    const { format: given = {}, unit } = this.options;
    const file = await openFile(text, given, unit, (name) => sensors.hasName(name));
    sensors.useColumns(file.columns);
    const staging = await this.transaction.stage({
      hasQuality: file.columns.quality !== undefined,
      hasTotalizer: file.columns.totalizer !== undefined,
    });
    const format = { ...file.format, unit };
    const { spans } = this;
    // Called for each row: its arguments are named, which is faster than a list of them.
    const take: TakeReading = (sensorId, time, flowrate, line, quality, totalizer) => {
      spans.add(sensorId, time);
      staging.add(sensorId, time, flowrate, line, quality, totalizer);
    };
    const reader = new RowReader(file.columns, sensors, this.errors, format, take);
    this.understood = () => ({
      rows: reader.rows,
      recognised: [...file.recognised, ...reader.recognised],
      header: file.header,
      columns: namesOf(file.columns),
      wide: file.isWide,
      unreadColumns: file.columns.unread,
      assumedUtc: reader.assumedUtc,
      preview: reader.preview,
    });
    try {
      await this.stageRows(file.rows, reader, staging, onRows);
      await staging.close();
    } catch (error) {
      await staging.abort(error as Error);
      throw error;
    }
    return { sensors, reader };
  }

  private async stageRows(
    file: AsyncIterable<CsvRow[]>,
    reader: RowReader,
    staging: StagingWriter,
    onRows: (rows: number) => void,
  ): Promise<void> {
    for await (const rows of file) {
      await reader.read(rows, this.clock());
      await staging.drain();
      onRows(reader.rows);
    }
    if (reader.rows === 0) {
      this.errors.add({ message: 'The file has a header and no rows.' });
    }
    reader.end();
    this.errors.throwIfAny();
  }

  private async write(readings: number, sensors: RowSensors): Promise<Written> {
    const { transaction } = this;
    const { reasonCode = null, comment } = this.options;
    const cause = { by: actorName(this.principal), reasonCode, comment };
    const lateCause = { ...cause, reasonCode: reasonCode ?? LATE_DATA };
    const { sensorIds } = this.spans;
    if (this.options.onConflict === 'REJECT') {
      const inserted = await transaction.insert(sensorIds, lateCause);
      await refuseOutsideRecord(transaction);
      const repeats = inserted.count < readings ? await transaction.repeats() : undefined;
      if (inserted.count < readings) {
        await refuseConflicts(
          ...([transaction, inserted, repeats?.differing ?? 0, sensors] as const),
          (conflicts) => ({
            readings,
            inserted: inserted.count,
            sensors: this.changesOf(sensors, inserted, { conflicts }),
          }),
        );
      }
      await this.finish(inserted);
      const changes = this.changesOf(sensors, inserted);
      return { inserted: inserted.count, corrected: 0, repeats, sensors: changes };
    }
    const repeats = await transaction.repeats();
    // The last row of an instant replaces the earlier ones.
    if (repeats) await transaction.keepLast();
    const inserted = await transaction.insert(sensorIds, lateCause);
    await refuseOutsideRecord(transaction);
    const rest = readings - inserted.count - (repeats?.count ?? 0);
    const corrected = rest > 0 ? await transaction.correct(cause) : NONE;
    await this.finish(inserted);
    return {
      inserted: inserted.count,
      corrected: [...corrected.values()].reduce((total, count) => total + count, 0),
      repeats,
      sensors: this.changesOf(sensors, inserted, { corrected }),
    };
  }

  private changesOf(
    sensors: RowSensors,
    { bySensor }: StagedInsert,
    counts: { corrected?: CountBySensor; conflicts?: CountBySensor } = {},
  ): SensorChanges[] {
    return this.spans.changes(sensors, bySensor, counts);
  }

  /** @throws ImportErrors where more webhook deliveries follow than the account may have waiting */
  private async finish(inserted: StagedInsert): Promise<void> {
    const room = await this.admission.room(this.principal.accountId);
    if (await this.transaction.finish(inserted, room)) return;
    throw ImportErrors.of({
      message: `The readings would queue more webhook deliveries than the account may have waiting; there is room for ${room}. Load a part of the file, wait until the waiting ones are sent, or disable the endpoints meanwhile.`,
    });
  }
}

const NONE: CountBySensor = new Map();
const NOTHING: Written & { readonly repeats: Repeats | undefined } = {
  inserted: 0,
  corrected: 0,
  repeats: undefined,
  sensors: [],
};
