import type { Transaction } from '../postgres/database.js';
import type { PingOutbox } from '../pings/ping-outbox.js';
import { refresh, refreshStagedHours } from '../summaries/sql/refresh-summaries.js';
import {
  appendStaged,
  correctStaged,
  stagedAfterRetirement,
  insertStaged,
  logStagedCorrections,
  keepLastStaged,
  stageHours,
  stagedConflicts,
  stagedDifferences,
  stagedRepeats,
} from './sql/staged-pings.js';
import { lockSensors } from '../summaries/lock-sensors.js';

/**
 * A staged ping that differs from the stored one at its instant; `flowrate` is the stored one's.
 */
export interface StagedConflict {
  readonly index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
}

/** A staged ping that differs from the first one staged at its instant. */
export interface StagedDifference {
  readonly index: number;
  readonly first_index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
  readonly first_flowrate: number;
}

/** Staged pings that repeat an instant of their sensor. */
export interface StagedRepeats {
  readonly count: number;
  /** those that differ from the first one of their instant */
  readonly differing: number;
  /** of the first one staged of an instant, and of the first that repeats it */
  readonly lines: readonly [number, number];
}

/** A staged ping that is later than the retirement of its sensor. */
export interface StagedAfterRetirement {
  readonly index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly retired_at: number;
}

/** The number of new pings, and ids between which theirs lie and those of no other staged ping. */
export interface StagedInsert {
  readonly count: number;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

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
   * @returns the time of each sensor's last ping, in milliseconds since 1970, null before the first;
   * and whether any sensor is retired
   * @throws Error where one of them was deleted meanwhile
   */
  async lock(
    transaction: Transaction,
    sensorIds: readonly number[],
  ): Promise<{ lastAt: Map<number, number | null>; isAnyRetired: boolean }> {
    const rows = await transaction.query<{
      id: number;
      last_at: number | null;
      retired_at: number | null;
    }>(lockSensors, [sensorIds, 0]);
    const lastAt = new Map(rows.map(({ id, last_at }) => [id, last_at]));
    const deleted = sensorIds.find((id) => !lastAt.has(id));
    if (deleted !== undefined) {
      throw new Error(`Flow sensor ${deleted} was deleted meanwhile. Nothing was loaded.`);
    }
    return { lastAt, isAnyRetired: rows.some(({ retired_at }) => retired_at !== null) };
  }

  /** The first pings that are later than the retirement of their sensor, and their total number. */
  async afterRetirement(
    transaction: Transaction,
    limit: number,
  ): Promise<{ pings: StagedAfterRetirement[]; total: number }> {
    const rows = await transaction.query<StagedAfterRetirement & { total: number }>(
      stagedAfterRetirement,
      [limit],
    );
    return { pings: rows, total: rows[0]?.total ?? 0 };
  }

  /**
   * Inserts pings that are all new and were staged in ascending order of time, each sensor's
   * together.
   */
  async append(transaction: Transaction, count: number): Promise<StagedInsert> {
    await transaction.query(appendStaged, []);
    return { count, first_id: '0', last_id: MAX_ID };
  }

  /** Inserts the pings that are new; stored ones do not change. */
  async insert(transaction: Transaction): Promise<StagedInsert> {
    const [row] = await transaction.query<StagedInsert>(insertStaged, []);
    return row ?? { count: 0, first_id: null, last_id: null };
  }

  /** The first conflicts with stored pings, and their total number. */
  async conflicts(
    transaction: Transaction,
    limit: number,
    { first_id, last_id }: StagedInsert,
  ): Promise<{ conflicts: StagedConflict[]; total: number }> {
    const rows = await transaction.query<StagedConflict & { total: number }>(stagedConflicts, [
      limit,
      first_id,
      last_id,
    ]);
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

  /** Replaces stored pings by the staged one at their instant. @returns how many were replaced */
  async correct(transaction: Transaction, by: string, reason: string | null): Promise<number> {
    await transaction.query(logStagedCorrections, [by, reason]);
    const [row] = await transaction.query<{ count: number }>(correctStaged, []);
    return row?.count ?? 0;
  }

  /**
   * Brings the summaries up to date and fills the outbox.
   * @returns whether the outbox had room for all events; otherwise the transaction must be rolled back
   */
  async finish(
    transaction: Transaction,
    accountId: number,
    inserted: StagedInsert,
    room: number | undefined,
  ): Promise<boolean> {
    await transaction.query(stageHours, []);
    await refresh(transaction, refreshStagedHours, []);
    return this.outbox.enqueueStaged(transaction, accountId, inserted, room);
  }
}
