import type { Transaction } from '../postgres/database.js';
import type { PingOutbox } from '../pings/ping-outbox.js';
import { findLastBad } from '../summaries/sql/last-bad.js';
import {
  clearStagedHours,
  refresh,
  refreshStagedHours,
} from '../summaries/sql/refresh-summaries.js';
import {
  appendStaged,
  correctStaged,
  countStagedConflicts,
  stagedOutsideRecord,
  insertStaged,
  logStagedCorrections,
  keepLastStaged,
  stageHours,
  stagedConflicts,
  stagedDifferences,
  dropStagedTotalizers,
  storeStagedTotalizers,
  stagedRepeats,
  type StagedStatement,
} from './sql/staged-pings.js';
import { flagStaged, resolveStaged } from './sql/staged-flags.js';
import type {
  StagedConflict,
  StagedDifference,
  StagedOutsideRecord,
  StagedRepeats,
} from './staged-rows.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { RevisionCause } from '../pings/stored-ping.js';
import { lockSensors } from '../summaries/lock-sensors.js';
import {
  countsOf,
  insertOf,
  type CountRow,
  type InsertedRow,
  type PingsBySensor,
  type StagedInsert,
} from './staged-insert.js';

/** What decides which pings of a sensor are late; instants in milliseconds since 1970. */
interface LockedSensor {
  /** of the last ping; null before the first */
  readonly lastAt: number | null;
  /** seconds */
  readonly maxGap: number;
  /** the end of the last closed period; null where none is closed */
  readonly closedUntil: number | null;
}

/** The sensors that a transaction has locked. */
export interface StagingLock {
  readonly sensors: ReadonlyMap<number, LockedSensor>;
  /** whether any is retired, or has thinned pings */
  readonly isAnyBounded: boolean;
  /** whether any has checks */
  readonly isAnyChecked: boolean;
  /** when what is staged counts as recorded */
  readonly recordedAt: Date;
}

/** Whether staged pings have totalizers. */
export type StagedKind = keyof StagedStatement;

interface LockRow {
  readonly id: number;
  readonly last_at: number | null;
  readonly max_gap: number;
  readonly retired_at: number | null;
  readonly checks: string | null;
  readonly thinned_until: number | null;
  readonly closed_until: number | null;
  readonly recorded_at: number;
}

// PostgreSQL has no statistics of a new temporary table.
export const PREPARE_JOINING = 'ANALYZE staged_ping';
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const MAX_ID = String(2n ** 63n - 1n);

/**
 * Writes the pings that a transaction has staged in its temporary table `staged_ping`, which may be
 * more than fit in memory. The order is the same as in PingWriter: lock the sensors, write, refresh
 * the summaries, fill the outbox.
 */
export class StagedPings {
  constructor(private readonly outbox: PingOutbox) {}

  /**
   * @param sensorIds all sensors of the staged pings
   * @throws Error where one of them was deleted meanwhile
   */
  async lock(transaction: Transaction, sensorIds: readonly number[]): Promise<StagingLock> {
    const rows = await transaction.query<LockRow>(lockSensors, [sensorIds, 0]);
    const sensors = new Map(
      rows.map(({ id, last_at, max_gap, closed_until }) => [
        id,
        { lastAt: last_at, maxGap: max_gap, closedUntil: closed_until },
      ]),
    );
    const deleted = sensorIds.find((id) => !sensors.has(id));
    if (deleted !== undefined) {
      throw new Error(`Flow sensor ${deleted} was deleted meanwhile. Nothing was loaded.`);
    }
    const isAnyBounded = rows.some((row) => (row.retired_at ?? row.thinned_until) !== null);
    const isAnyChecked = rows.some(({ checks }) => checks !== null);
    const recordedAt = new Date(rows[0]?.recorded_at ?? NaN);
    return { sensors, isAnyBounded, isAnyChecked, recordedAt };
  }

  /** The first pings that are after the retirement of their sensor or among thinned ones, and their total number. */
  async outsideRecord(
    transaction: Transaction,
    limit: number,
  ): Promise<{ pings: StagedOutsideRecord[]; total: number }> {
    const rows = await transaction.query<StagedOutsideRecord & { total: number }>(
      stagedOutsideRecord,
      [limit],
    );
    return { pings: rows, total: rows[0]?.total ?? 0 };
  }

  /**
   * Inserts pings that are all new, of which none is in a closed period, and that were staged in
   * ascending order of time, each sensor's together.
   */
  async append(
    transaction: Transaction,
    { recordedAt }: StagingLock,
    count: number,
  ): Promise<StagedInsert> {
    await transaction.query(appendStaged, [instantParameter(recordedAt)]);
    return { count, bySensor: undefined, first_id: '0', last_id: MAX_ID };
  }

  /** Inserts the pings that are new, and logs late ones; stored ones do not change. */
  async insert(
    transaction: Transaction,
    { sensors, recordedAt }: StagingLock,
    { by, reasonCode, comment }: RevisionCause,
    kind: StagedKind,
  ): Promise<StagedInsert> {
    const late = [...sensors].flatMap(([id, sensor]) => {
      const before = lateBefore(sensor);
      return before === undefined ? [] : [{ id, before }];
    });
    const rows = await transaction.query<InsertedRow>(insertStaged[kind], [
      instantParameter(recordedAt),
      late.map(({ id }) => id),
      late.map(({ before }) => instantParameter(before)),
      by,
      reasonCode,
      comment,
    ]);
    return insertOf(rows);
  }

  /** The first conflicts with stored pings, and their total number. */
  async conflicts(
    transaction: Transaction,
    limit: number,
    { first_id, last_id }: StagedInsert,
    kind: StagedKind,
  ): Promise<{ conflicts: StagedConflict[]; total: number }> {
    const rows = await transaction.query<StagedConflict & { total: number }>(
      stagedConflicts[kind],
      [limit, first_id, last_id],
    );
    return { conflicts: rows, total: rows[0]?.total ?? 0 };
  }

  /** Undefined where no instant of a sensor was staged twice. */
  async repeats(transaction: Transaction): Promise<StagedRepeats | undefined> {
    const [row] = await transaction.query<{
      count: number;
      differing: number;
      indexes: [number, number] | null;
    }>(stagedRepeats, []);
    if (!row?.indexes) return undefined;
    const [index, firstIndex] = row.indexes;
    return { count: row.count, differing: row.differing, lines: [firstIndex, index] };
  }

  differences(transaction: Transaction, limit: number): Promise<StagedDifference[]> {
    return transaction.query<StagedDifference & Record<string, unknown>>(stagedDifferences, [
      limit,
    ]);
  }

  /** Of several staged pings at one instant, keeps only the last. */
  async keepLast(transaction: Transaction): Promise<void> {
    await transaction.query(keepLastStaged, []);
  }

  /** How many staged pings of each sensor differ from a ping that was stored before. */
  async conflictCounts(
    transaction: Transaction,
    { first_id, last_id }: StagedInsert,
    kind: StagedKind,
  ): Promise<PingsBySensor> {
    const statement = countStagedConflicts[kind];
    return countsOf(await transaction.query<CountRow>(statement, [first_id, last_id]));
  }

  /** Replaces stored pings by the staged one at their instant. @returns how many were replaced */
  async correct(
    transaction: Transaction,
    { by, reasonCode, comment }: RevisionCause,
    { recordedAt, sensors }: StagingLock,
    kind: StagedKind,
  ): Promise<PingsBySensor> {
    const values = [by, reasonCode, comment, instantParameter(recordedAt)];
    await transaction.query(logStagedCorrections[kind], values);
    const counts = countsOf(await transaction.query<CountRow>(correctStaged[kind], []));
    if (counts.size > 0) {
      await transaction.query(resolveStaged, [instantParameter(recordedAt), [...sensors.keys()]]);
    }
    return counts;
  }

  /**
   * Stores the totalizers, checks the pings, brings the summaries up to date and fills the outbox.
   * @param mayChangeBad whether there may be more or fewer bad pings now, or hours without pings
   * @param addHours adds hours that changed, of pings that are not staged, to staged_hour
   * @returns whether the outbox had room for all events; otherwise the transaction must be rolled back
   */
  async finish(
    transaction: Transaction,
    accountId: number,
    inserted: StagedInsert,
    { recordedAt, sensors, isAnyChecked }: StagingLock,
    kind: StagedKind,
    mayChangeBad: boolean,
    room: number | undefined,
    addHours?: () => Promise<unknown>,
  ): Promise<boolean> {
    if (kind === 'totalized') {
      await transaction.query(storeStagedTotalizers, []);
      await transaction.query(dropStagedTotalizers, []);
    }
    if (isAnyChecked) {
      await transaction.client.query(PREPARE_JOINING);
      await transaction.query(flagStaged, [instantParameter(recordedAt)]);
    }
    await transaction.query(stageHours, []);
    await addHours?.();
    if (mayChangeBad) {
      await transaction.query(clearStagedHours, []);
      for (const id of sensors.keys()) await transaction.query(findLastBad, [id]);
    }
    await refresh(transaction, refreshStagedHours, []);
    return this.outbox.enqueueStaged(transaction, accountId, inserted, recordedAt, room);
  }
}

/**
 * Pings of a sensor before this instant lie before its newest one by more than its max gap, or in a
 * closed period; undefined where none does.
 */
function lateBefore({ lastAt, maxGap, closedUntil }: LockedSensor): Date | undefined {
  if (lastAt === null && closedUntil === null) return undefined;
  const late = lastAt === null ? -Infinity : lastAt - maxGap * 1000;
  return new Date(Math.max(late, closedUntil ?? -Infinity, EARLIEST));
}
