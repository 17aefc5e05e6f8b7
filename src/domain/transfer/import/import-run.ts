import type { ImportTransaction, StagedInsert } from '../../../storage/transfer/import-store.js';
import type { StagingWriter } from '../../../storage/transfer/staging-writer.js';
import { qualityOf } from '../../../storage/pings/quality.js';
import type { PingAdmission } from '../../pings/admission.js';
import type { Clock } from '../../shared/clock.js';
import { LATE_DATA } from '../../pings/reason-codes.js';
import { auditEntry, type AuditEntry } from '../../shared/audit.js';
import { actorName, type Principal } from '../../shared/principal.js';
import { formatTime } from '../../shared/time.js';
import { retirementError } from '../../pings/rules.js';
import { CsvError, type CsvRow } from './csv.js';
import {
  ImportErrorList,
  ImportErrors,
  quote,
  type ImportError,
  type Understood,
} from './errors.js';
import type { ImportOptions, ImportResult, Repeats } from './options.js';
import { openFile } from './open-file.js';
import { RowReader } from './row-reader.js';
import { RowSensors } from './sensors.js';

const MAX_LISTED_CONFLICTS = 20;

/** A file that was read and staged. */
interface Staged {
  readonly sensors: RowSensors;
  readonly reader: RowReader;
}

/** What was written of the staged readings. */
type Written = Pick<ImportResult, 'inserted' | 'corrected' | 'repeats'>;

/** The loading of one file in a transaction. */
export class ImportRun {
  private readonly errors = new ImportErrorList();
  private readonly sensorIds = new Set<number>();
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
      throw new ImportErrors(error.errors, error.count, this.understood());
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
    return {
      ...written,
      ...this.understood!(),
      readings,
      duplicates: readings - inserted - corrected - (repeats?.count ?? 0),
      sensorsCreated: sensors.countCreated,
      leftOut: reader.leftOut,
      qualities: reader.qualityCounts,
    };
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
    const file = await openFile(text, this.options.format ?? {}, (name) => sensors.hasName(name));
    sensors.useColumns(file.columns);
    const staging = await this.transaction.stage(file.columns.quality !== undefined);
    const format = { ...file.format, unit: this.options.unit };
    const reader = new RowReader(file.columns, sensors, this.errors, format, (...reading) => {
      this.sensorIds.add(reading[0]);
      staging.add(...reading);
    });
    this.understood = () => ({
      rows: reader.rows,
      recognised: [...file.recognised, ...reader.recognised],
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
    if (this.options.onConflict === 'REJECT') {
      const inserted = await transaction.insert([...this.sensorIds], lateCause);
      await this.refuseAfterRetirement();
      const repeats = inserted.count < readings ? await transaction.repeats() : undefined;
      if (inserted.count < readings) {
        await this.refuseConflicts(inserted, repeats?.differing ?? 0, sensors);
      }
      await this.finish(inserted);
      return { inserted: inserted.count, corrected: 0, repeats };
    }
    const repeats = await transaction.repeats();
    // The last row of an instant replaces the earlier ones.
    if (repeats) await transaction.keepLast();
    const inserted = await transaction.insert([...this.sensorIds], lateCause);
    await this.refuseAfterRetirement();
    const rest = readings - inserted.count - (repeats?.count ?? 0);
    const corrected = rest > 0 ? await transaction.correct(cause) : 0;
    await this.finish(inserted);
    return { inserted: inserted.count, corrected, repeats };
  }

  /** @throws ImportErrors where more webhook deliveries follow than the account may have waiting */
  private async finish(inserted: StagedInsert): Promise<void> {
    const room = await this.admission.room(this.principal.accountId);
    if (await this.transaction.finish(inserted, room)) return;
    throw ImportErrors.of({
      message: `The readings would queue more webhook deliveries than the account may have waiting; there is room for ${room}. Load a part of the file, wait until the waiting ones are sent, or disable the endpoints meanwhile.`,
    });
  }

  /** @throws ImportErrors where a staged ping is later than the retirement of its sensor */
  private async refuseAfterRetirement(): Promise<void> {
    const { pings, total } = await this.transaction.afterRetirement(MAX_LISTED_CONFLICTS);
    if (total === 0) return;
    const errors = pings.map(({ index, sensor_id, at, retired_at }) => ({
      line: index,
      column: 'datetime',
      message: retirementError(sensor_id, retired_at, at)!,
    }));
    throw new ImportErrors(errors, total);
  }

  /**
   * @throws ImportErrors where a staged ping differs from a stored one, or from another one of the
   * file
   */
  private async refuseConflicts(
    inserted: StagedInsert,
    differing: number,
    sensors: RowSensors,
  ): Promise<void> {
    const { conflicts, total } = await this.transaction.conflicts(MAX_LISTED_CONFLICTS, inserted);
    const differences =
      differing > 0 ? await this.transaction.differences(MAX_LISTED_CONFLICTS) : [];
    if (total + differing === 0) return;
    const ofSensor = (id: number, at: number) =>
      `${quote(sensors.nameOf(id))} at ${formatTime(at)}`;
    const errors: (ImportError & { readonly line: number })[] = [
      ...conflicts.map(({ index, sensor_id, at, flowrate, severity, of_quality }) => ({
        line: index,
        column: of_quality ? sensors.columns.quality?.name : 'flowrate',
        message: of_quality
          ? `The ping of ${ofSensor(sensor_id, at)} is already stored with the quality ${qualityOf(severity)}.`
          : `Another ping of ${ofSensor(sensor_id, at)} is already stored, of ${flowrate} bbl/d.`,
        remedies: [{ option: 'onConflict' as const }],
      })),
      ...differences.map(({ index, first_index, sensor_id, at, ...each }) => ({
        line: index,
        column: each.flowrate === each.first_flowrate ? sensors.columns.quality?.name : 'flowrate',
        message:
          each.flowrate === each.first_flowrate
            ? `Line ${first_index} has another quality of ${ofSensor(sensor_id, at)}: ${qualityOf(each.first_quality)}, not ${qualityOf(each.quality)}.`
            : `Line ${first_index} has another flowrate of ${ofSensor(sensor_id, at)}: ${each.first_flowrate} bbl/d, not ${each.flowrate}.`,
      })),
    ];
    const listed = errors.sort((a, b) => a.line - b.line).slice(0, MAX_LISTED_CONFLICTS);
    throw new ImportErrors(listed, total + differing);
  }
}

const NOTHING: Written & { readonly repeats: Repeats | undefined } = {
  inserted: 0,
  corrected: 0,
  repeats: undefined,
};
