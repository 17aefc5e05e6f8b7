import type { SensorGroupRow } from '../groups/sensor-group-store.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { enqueue, type OutboxEvent } from './event-outbox.js';
import { imbalanceNotices, saveImbalanceNotice, watchedGroups } from './sql/imbalance-notices.js';

/** A group with a threshold, of an account with an endpoint that asks for its imbalances. */
export interface WatchedGroup {
  readonly accountId: number;
  readonly group: SensorGroupRow;
}

/** The imbalance of a day of a group, in barrels, and the event that says it. */
export interface ImbalanceNotice {
  readonly start: Date;
  readonly end: Date;
  readonly imbalance: number;
  readonly event: OutboxEvent;
}

/** Knows of which imbalances endpoints have been notified. */
export class ImbalanceNoticeStore {
  constructor(private readonly database: Database) {}

  async watched(): Promise<WatchedGroup[]> {
    const rows = await this.database.query<SensorGroupRow & Row & { accountId: number }>(
      watchedGroups,
      [],
    );
    return rows.map(({ accountId, ...group }) => ({ accountId, group }));
  }

  /** The imbalances that were sent of days that end after an instant, by the start of the day. */
  async sent(groupId: number, after: Date): Promise<Map<number, number>> {
    const values = [groupId, instantParameter(after)];
    const rows = await this.database.query<{ start: number; imbalance: number }>(
      imbalanceNotices,
      values,
    );
    return new Map(rows.map(({ start, imbalance }) => [start, imbalance]));
  }

  /** Queues events of days, each of which replaces what was sent of the day before. */
  queue(accountId: number, groupId: number, notices: readonly ImbalanceNotice[]): Promise<void> {
    return this.database.transaction(async (transaction) => {
      for (const { start, end, imbalance, event } of notices) {
        const range = [instantParameter(start), instantParameter(end)];
        await transaction.query(saveImbalanceNotice, [groupId, ...range, imbalance]);
        await enqueue(transaction, accountId, event);
      }
    });
  }
}

type Row = Record<string, unknown>;
