import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Statement, Transaction } from '../postgres/database.js';
import { isSerializationFailure } from '../postgres/pg-errors.js';
import {
  PREPARE_JOINING,
  type StagedKind,
  type StagedPings,
  type StagingLock,
} from './staged-pings.js';
import type {
  StagedOutsideRecord,
  StagedConflict,
  StagedDifference,
  StagedRepeats,
} from './staged-rows.js';
import type { PingsBySensor, StagedInsert } from './staged-insert.js';
import type { RevisionCause } from '../pings/stored-ping.js';
import { drawImportIds, logImported, type DrawnIds, type ImportEntry } from './import-log-store.js';
import { StagingWriter, type StagedColumns } from './staging-writer.js';
import {
  insertImportedSensors,
  reserveSensorId,
  type ReservedSensor,
} from './insert-imported-sensors.js';

export type { ReservedSensor } from './insert-imported-sensors.js';
export type { PingsBySensor, StagedInsert } from './staged-insert.js';

/**
 * Serialises imports that create sensors: two of one file would create each sensor twice. $1 int
 * account
 */
const lockSensorCreation: Statement = {
  name: 'lock_sensor_creation',
  text: `SELECT pg_advisory_xact_lock(hashtext('flowgate.import'), $1)`,
};

/** $1 int account */
const sensorNames: Statement = {
  name: 'import_sensor_names',
  text: `
    SELECT id, name, retired_at IS NOT NULL AS "isRetired" FROM flow_sensor WHERE account_id = $1
    ORDER BY retired_at IS NOT NULL`,
};

// With PostgreSQL's default, a sort of a million rows would spill to the disk.
const PREPARE_WRITING = "SET LOCAL work_mem = '128MB'";
const MAX_ATTEMPTS = 10;

export class ImportStore {
  constructor(
    private readonly database: Database,
    private readonly staged: StagedPings,
  ) {}

  /**
   * Runs `work` once, in one transaction: its input cannot be read again.
   * @param keep returns false to roll back at the end
   */
  async transaction<T>(
    accountId: number,
    work: (transaction: ImportTransaction) => Promise<T>,
    keep: (result: T) => boolean,
  ): Promise<T> {
    let attempted = false;
    try {
      return await this.database.transfers.transaction(async (transaction) => {
        if (attempted) throw new Error('The database aborted the import; run it again.');
        attempted = true;
        const result = await work(
          new ImportTransaction(this.database, transaction, this.staged, accountId),
        );
        if (!keep(result)) throw new RolledBack(result);
        return result;
      });
    } catch (error) {
      if (error instanceof RolledBack) return error.result as T;
      throw error;
    }
  }
}

class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super('rolled back');
  }
}

/** The steps of an import in its transaction, for one account. */
export class ImportTransaction {
  private staging: StagingWriter | undefined;
  private isAnyCorrected = false;
  private drawn: DrawnIds | undefined;
  private locked: StagingLock = {
    sensors: new Map(),
    isAnyBounded: false,
    isAnyChecked: false,
    recordedAt: new Date(NaN),
  };

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly staged: StagedPings,
    private readonly accountId: number,
  ) {}

  /**
   * Those in service come first.
   * @param toCreate waits for other imports that create sensors
   */
  async sensors(toCreate: boolean): Promise<{ id: number; name: string; isRetired: boolean }[]> {
    if (toCreate) await this.transaction.query(lockSensorCreation, [this.accountId]);
    return this.transaction.query(sensorNames, [this.accountId]);
  }

  /** Reserves an id on another connection: the transaction's own is busy with the COPY. */
  reserveSensorId(): Promise<number> {
    return reserveSensorId(this.database);
  }

  /** @param columns what the pings have beside their flowrates */
  async stage(columns: StagedColumns = NO_OTHERS): Promise<StagingWriter> {
    return (this.staging = await StagingWriter.open(this.transaction, columns));
  }

  async createSensors(sensors: readonly ReservedSensor[]): Promise<void> {
    if (sensors.length > 0) await insertImportedSensors(this.transaction, this.accountId, sensors);
  }

  /**
   * Inserts the staged pings that are new. Callers that commit must call `finish` too.
   * @param sensorIds all sensors of the staged pings
   * @param cause what the history says of pings that are late
   */
  async insert(sensorIds: readonly number[], cause: RevisionCause): Promise<StagedInsert> {
    const { transaction, staged } = this;
    await transaction.client.query(PREPARE_WRITING);
    return this.retrying(async () => {
      this.locked = await staged.lock(transaction, sensorIds);
      this.drawn = await drawImportIds(transaction);
      if (isAllNew(this.staging?.firstTimes, this.locked)) {
        return staged.append(transaction, this.locked, this.staging!.count);
      }
      await transaction.client.query(PREPARE_JOINING);
      return staged.insert(transaction, this.locked, cause, this.kind);
    });
  }

  /**
   * The first staged pings that are after the retirement of their sensor or among thinned ones, and
   * their total number; to be called after `insert`, which has locked the sensors.
   */
  async outsideRecord(limit: number): Promise<{ pings: StagedOutsideRecord[]; total: number }> {
    return this.locked.isAnyBounded
      ? this.staged.outsideRecord(this.transaction, limit)
      : { pings: [], total: 0 };
  }

  /** Undefined where no instant of a sensor was staged twice. */
  async repeats(): Promise<StagedRepeats | undefined> {
    return this.staging?.mayRepeat ? this.staged.repeats(this.transaction) : undefined;
  }

  /** The first staged pings that differ from the first one staged at their instant. */
  differences(limit: number): Promise<StagedDifference[]> {
    return this.staged.differences(this.transaction, limit);
  }

  /** Of several staged pings at one instant, keeps only the last. */
  keepLast(): Promise<void> {
    return this.staged.keepLast(this.transaction);
  }

  /** The first staged pings that differ from those stored before, and their total number. */
  conflicts(
    limit: number,
    inserted: StagedInsert,
  ): Promise<{ conflicts: StagedConflict[]; total: number }> {
    return this.staged.conflicts(this.transaction, limit, inserted, this.kind);
  }

  /** Logs an event in the transaction of the import. */
  audit(entry: AuditEntry): Promise<void> {
    return logEvent(this.transaction, entry);
  }

  /** How many staged pings of each sensor differ from those stored before. */
  conflictCounts(inserted: StagedInsert): Promise<PingsBySensor> {
    return this.staged.conflictCounts(this.transaction, inserted, this.kind);
  }

  /**
   * Logs the import itself, once all of it is written.
   * @param now when, where it has no reading
   * @returns its id
   */
  record(entry: ImportEntry, now: Date): Promise<number> {
    const { transaction, accountId, drawn, locked } = this;
    return logImported(transaction, accountId, drawn ? locked.recordedAt : now, entry, drawn);
  }

  /** @returns how many stored pings of each sensor were replaced */
  async correct(cause: RevisionCause): Promise<PingsBySensor> {
    const { transaction, locked, kind } = this;
    const corrected = await this.staged.correct(transaction, cause, locked, kind);
    this.isAnyCorrected ||= corrected.size > 0;
    return corrected;
  }

  /**
   * @param room how many events may be queued; undefined: all
   * @returns whether there was room; otherwise the transaction must be rolled back
   */
  finish(inserted: StagedInsert, room: number | undefined): Promise<boolean> {
    const { transaction, accountId, locked, kind } = this;
    const mayChangeBad = this.isAnyCorrected || (this.staging?.columns.hasQuality ?? false);
    return this.staged.finish(transaction, accountId, inserted, locked, kind, mayChangeBad, room);
  }

  private get kind(): StagedKind {
    return this.staging?.columns.hasTotalizer ? 'totalized' : 'plain';
  }

  /**
   * Retries after conflicts with other transactions, from a savepoint that keeps the staged pings.
   */
  private async retrying<T>(work: () => Promise<T>): Promise<T> {
    const { client } = this.transaction;
    for (let attempt = 1; ; attempt++) {
      await client.query('SAVEPOINT staged');
      try {
        return await work();
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isSerializationFailure(error)) throw error;
        await client.query('ROLLBACK TO SAVEPOINT staged');
      }
    }
  }
}

const NO_OTHERS = { hasQuality: false, hasTotalizer: false };

/** Whether each sensor's staged pings come after all of its stored ones, and after its closed periods. */
function isAllNew(
  firstTimes: ReadonlyMap<number, number> | undefined,
  { sensors }: StagingLock,
): boolean {
  if (!firstTimes) return false;
  return [...firstTimes].every(([sensorId, first]) => {
    const { lastAt, closedUntil } = sensors.get(sensorId)!;
    return first > (lastAt ?? -Infinity) && first >= (closedUntil ?? -Infinity);
  });
}
