import { deleteLeftTotalizers } from '../pings/sql/totalizers.js';
import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Queryable, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { TimeRange } from '../postgres/time-range.js';
import { lockSensors, withLockTimeout } from '../summaries/lock-sensors.js';
import {
  countPingsToThin,
  cutsOfAccount,
  findSettings,
  firstHourToThin,
  lockSettings,
  sensorsWithPingsBefore,
  setThinnedUntil,
  statedPeriods,
  thinPings,
} from './sql/thin-pings.js';

export interface AccountRetention {
  readonly id: number;
  readonly name: string;
  readonly days: number;
}

/** A sensor as it is locked, instants in milliseconds since 1970. */
export interface SensorToThin {
  readonly thinnedUntil: number | null;
  readonly closedUntil: number | null;
}

/** How long accounts keep their pings, and the thinning of older ones. */
export class RetentionStore {
  constructor(private readonly database: Database) {}

  async days(accountId: number): Promise<number | null> {
    const account = await this.database.prisma.account.findUnique({ where: { id: accountId } });
    return account?.pingRetentionDays ?? null;
  }

  /** @param days null: for ever */
  async setDays(accountId: number, days: number | null, audit: AuditEntry): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const text = 'UPDATE account SET ping_retention_days = $2 WHERE id = $1';
      await transaction.query({ name: 'set_ping_retention', text }, [accountId, days]);
      await logEvent(transaction, audit);
    });
  }

  /** The accounts that keep pings for a limited time. */
  async accounts(): Promise<AccountRetention[]> {
    const accounts = await this.database.prisma.account.findMany({
      where: { pingRetentionDays: { not: null } },
      orderBy: { id: 'asc' },
    });
    return accounts.map(({ id, name, pingRetentionDays }) => ({
      id,
      name,
      days: pingRetentionDays!,
    }));
  }

  /** Those of an account whose pings before an instant may not be thinned yet, by id. */
  async sensors(accountId: number, before: Date): Promise<number[]> {
    const values = [accountId, instantParameter(before)];
    const rows = await this.database.query<{ id: number }>(sensorsWithPingsBefore, values);
    return rows.map(({ id }) => id);
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** @returns undefined where there is no such sensor */
  async find(accountId: number, sensorId: number): Promise<SensorToThin | undefined> {
    const [row] = await this.database.query<SensorToThin & Row>(findSettings, [
      accountId,
      sensorId,
    ]);
    return row;
  }

  /**
   * Locks a sensor's settings and its pings.
   * @returns undefined where there is no such sensor
   * @throws LockTimeoutError where waiting for its pings took too long
   */
  async lock(
    transaction: Transaction,
    accountId: number,
    sensorId: number,
  ): Promise<SensorToThin | undefined> {
    const [row] = await transaction.query<SensorToThin & Row>(lockSettings, [accountId, sensorId]);
    if (!row) return undefined;
    await withLockTimeout(transaction, () => transaction.query(lockSensors, [[sensorId], 0]));
    return row;
  }

  /** The first hour of a range that has pings beside its first and its last one. */
  async firstHour(on: Queryable, sensorId: number, range: TimeRange): Promise<Date | undefined> {
    const values = [sensorId, instantParameter(range.start), instantParameter(range.end)];
    const [row] = await on.query<{ start: number }>(firstHourToThin, values);
    return row && new Date(row.start);
  }

  /** Of the statements that a sensor is in, by start. */
  async statedPeriods(on: Queryable, accountId: number, sensorId: number): Promise<TimeRange[]> {
    const rows = await on.query<{ start: string; end: string }>(statedPeriods, [
      ...[accountId, sensorId],
    ]);
    return rows.map(({ start, end }) => ({ start: new Date(start), end: new Date(end) }));
  }

  /**
   * Thins a sensor's pings in whole hours; the caller has locked it.
   * @returns how many were removed
   */
  async thin(
    transaction: Transaction,
    accountId: number,
    sensorId: number,
    range: TimeRange,
  ): Promise<number> {
    const values = await this.thinning(transaction, accountId, sensorId, range);
    const [row] = await transaction.query<{ count: number }>(thinPings, values);
    const count = row?.count ?? 0;
    if (count > 0) {
      await transaction.query(deleteLeftTotalizers, [
        ...[sensorId, instantParameter(range.start), instantParameter(range.end)],
      ]);
      await transaction.query(setThinnedUntil, [sensorId, instantParameter(range.end)]);
    }
    return count;
  }

  /** How many of a sensor's pings `thin` would remove. */
  async count(accountId: number, sensorId: number, range: TimeRange): Promise<number> {
    const values = await this.thinning(this.database, accountId, sensorId, range);
    const [row] = await this.database.query<{ count: number }>(countPingsToThin, values);
    return row?.count ?? 0;
  }

  async audit(entry: AuditEntry): Promise<void> {
    await logEvent(this.database, entry);
  }

  /** What to read on outside of transactions. */
  get reads(): Queryable {
    return this.database;
  }

  private async thinning(
    on: Queryable,
    accountId: number,
    sensorId: number,
    { start, end }: TimeRange,
  ): Promise<unknown[]> {
    const [row] = await on.query<{ cuts: Date[] }>(cutsOfAccount, [accountId]);
    const cuts = (row?.cuts ?? []).map(instantParameter);
    return [sensorId, instantParameter(start), instantParameter(end), cuts];
  }
}

type Row = Record<string, unknown>;
