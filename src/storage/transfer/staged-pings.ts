import type { Transaction } from '../postgres/database.js';
import type { PingOutbox } from '../pings/ping-outbox.js';
import { refresh, refreshStagedHours } from '../summaries/sql/refresh-summaries.js';
import {
  appendStaged,
  correctStaged,
  insertStaged,
  keepStagedCorrections,
  leaveLastStaged,
  stageHours,
  stagedConflicts,
} from './sql/staged-pings.js';
import { lockSensors } from '../pings/sql/write-pings.js';

/** A staged ping that differs from the one held at its instant; `flowrate` is the one held. */
export interface StagedConflict {
  readonly index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
}

/** The pings that were new: how many, and ids that theirs lie between and no other staged ping's does. */
export interface StagedInsert {
  readonly count: number;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

const MOST_ID = String(2n ** 63n - 1n);

/**
 * Writes what a transaction has staged in its temporary table `staged_ping`:
 * the way in for more pings than fit in memory. The order of its calls is
 * PingWriter's: lock, write, refresh, fill the outbox.
 */
export class StagedPings {
  constructor(private readonly outbox: PingOutbox) {}

  /**
   * @param sensorIds all that were staged for
   * @returns when the last ping of each is, milliseconds since 1970; null before the first
   */
  async lock(
    transaction: Transaction,
    sensorIds: readonly number[],
  ): Promise<Map<number, number | null>> {
    const rows = await transaction.query<{ id: number; last_at: number | null }>(lockSensors, [
      sensorIds,
      0,
    ]);
    return new Map(rows.map(({ id, last_at }) => [id, last_at]));
  }

  /** Inserts the pings, all of which are new, as they were staged: in the order of time, each sensor's together. */
  async append(transaction: Transaction, count: number): Promise<StagedInsert> {
    await transaction.query(appendStaged, []);
    return { count, first_id: '0', last_id: MOST_ID };
  }

  /** Inserts the pings that are new; others stay as they are held. */
  async insert(transaction: Transaction): Promise<StagedInsert> {
    const [row] = await transaction.query<StagedInsert>(insertStaged, []);
    return row ?? { count: 0, first_id: null, last_id: null };
  }

  /** The first of the conflicts with what is held, and how many there are. */
  async conflicts(
    transaction: Transaction,
    limit: number,
  ): Promise<{ conflicts: StagedConflict[]; total: number }> {
    const rows = await transaction.query<StagedConflict & { total: number }>(stagedConflicts, [
      limit,
    ]);
    return { conflicts: rows, total: rows[0]?.total ?? 0 };
  }

  /** Lets the last staged ping of each instant replace what is held. @returns how many were replaced */
  async correct(transaction: Transaction, by: string, reason: string | null): Promise<number> {
    await transaction.query(leaveLastStaged, []);
    await transaction.query(keepStagedCorrections, [by, reason]);
    const [row] = await transaction.query<{ count: number }>(correctStaged, []);
    return row?.count ?? 0;
  }

  /** Brings the summaries up to date and fills the outbox. */
  async finish(transaction: Transaction, accountId: number, inserted: StagedInsert): Promise<void> {
    await transaction.query(stageHours, []);
    await refresh(transaction, refreshStagedHours, []);
    await this.outbox.enqueueStaged(transaction, accountId, inserted);
  }
}
