import type { Database } from '../postgres/database.js';
import { accountBacklog } from './sql/backlog.js';

/** An endpoint that events are queued for, and how many of its deliveries wait. */
export interface BacklogRow {
  /** empty: all of the account's sensors */
  readonly sensor_ids: readonly number[];
  readonly event_types: readonly string[];
  readonly waiting: number;
}

export class BacklogStore {
  constructor(private readonly database: Database) {}

  /** @param limit up to which an endpoint's deliveries are counted */
  ofAccount(accountId: number, limit: number): Promise<BacklogRow[]> {
    return this.database.query(accountBacklog, [accountId, limit]);
  }
}
