import type { Database, Statement, Transaction } from '../postgres/database.js';
import { isSerializationFailure } from '../postgres/pg-errors.js';
import type { StagedConflict, StagedInsert, StagedPings } from './staged-pings.js';
import { StagingWriter } from './staging-writer.js';
import {
  insertImportedSensors,
  reserveSensorId,
  type ReservedSensor,
} from './insert-imported-sensors.js';

export type { ReservedSensor } from './insert-imported-sensors.js';

/** Imports that make sensors wait for each other: two of one file would else make each sensor twice. $1 int account */
const lockSensorMaking: Statement = {
  name: 'lock_sensor_making',
  text: `SELECT pg_advisory_xact_lock(hashtext('flowgate.import'), $1)`,
};

/** $1 int account */
const sensorNames: Statement = {
  name: 'import_sensor_names',
  text: `SELECT id, name FROM flow_sensor WHERE account_id = $1`,
};

// PostgreSQL's default lets a sort of a million rows go to the disk.
const PREPARE_WRITING = "SET LOCAL work_mem = '128MB'";
// It knows nothing of a new temporary table.
const PREPARE_JOINING = 'ANALYZE staged_ping';
const MAX_ATTEMPTS = 10;

export class ImportStore {
  constructor(
    private readonly database: Database,
    private readonly staged: StagedPings,
  ) {}

  /**
   * Runs `work` in one transaction, once: what it reads cannot be read again.
   * @param keep false rolls back in the end
   */
  async transaction<T>(
    accountId: number,
    work: (transaction: ImportTransaction) => Promise<T>,
    keep: (result: T) => boolean,
  ): Promise<T> {
    let attempted = false;
    try {
      return await this.database.transaction(async (transaction) => {
        if (attempted) throw new Error('The database gave the import up; run it again.');
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

/** What an import does in its transaction, for one account. */
export class ImportTransaction {
  private staging: StagingWriter | undefined;

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly staged: StagedPings,
    private readonly accountId: number,
  ) {}

  /** @param toMake waits for other imports that make sensors */
  async sensors(toMake: boolean): Promise<{ id: number; name: string }[]> {
    if (toMake) await this.transaction.query(lockSensorMaking, [this.accountId]);
    return this.transaction.query(sensorNames, [this.accountId]);
  }

  /** An id that no other sensor will have. On another connection: the transaction's own is taken up by the COPY. */
  reserveSensorId(): Promise<number> {
    return reserveSensorId(this.database);
  }

  async stage(): Promise<StagingWriter> {
    return (this.staging = await StagingWriter.open(this.transaction));
  }

  async createSensors(sensors: readonly ReservedSensor[]): Promise<void> {
    if (sensors.length > 0) await insertImportedSensors(this.transaction, this.accountId, sensors);
  }

  /**
   * Inserts what is staged and new. Whoever keeps the transaction calls `finish` too.
   * @param sensorIds all that were staged for
   */
  async insert(sensorIds: readonly number[]): Promise<StagedInsert> {
    const { transaction, staged } = this;
    await transaction.client.query(PREPARE_WRITING);
    return this.retrying(async () => {
      const lastTimes = await staged.lock(transaction, sensorIds);
      if (isAllNew(this.staging?.firstTimes, lastTimes)) {
        return staged.append(transaction, this.staging!.count);
      }
      await transaction.client.query(PREPARE_JOINING);
      return staged.insert(transaction);
    });
  }

  /** The first staged pings that differ from what is held, and how many there are. */
  conflicts(limit: number): Promise<{ conflicts: StagedConflict[]; total: number }> {
    return this.staged.conflicts(this.transaction, limit);
  }

  /** @returns how many held pings were replaced */
  correct(by: string, reason: string): Promise<number> {
    return this.staged.correct(this.transaction, by, reason);
  }

  finish(inserted: StagedInsert): Promise<void> {
    return this.staged.finish(this.transaction, this.accountId, inserted);
  }

  /** Where others are in the way, again from a savepoint: what was staged stays. */
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

/** Whether each sensor's pings come after all that it has. */
function isAllNew(
  firstTimes: ReadonlyMap<number, number> | undefined,
  lastTimes: ReadonlyMap<number, number | null>,
): boolean {
  if (!firstTimes) return false;
  return [...firstTimes].every(
    ([sensorId, first]) => first > (lastTimes.get(sensorId) ?? -Infinity),
  );
}
