import type { Database } from '../postgres/database.js';
import { receivingEndpoints, waitingDeliveries } from './sql/backlog.js';

/** An endpoint that events are queued for. */
export interface ReceivingEndpoint {
  readonly id: number;
  /** empty: all of the account's sensors */
  readonly sensor_ids: readonly number[];
  readonly event_types: readonly string[];
}

/** How many deliveries wait at an endpoint. */
export interface WaitingDeliveries {
  readonly id: number;
  /** whether events are queued for it */
  readonly is_receiving: boolean;
  readonly waiting: number;
}

export class BacklogStore {
  constructor(private readonly database: Database) {}

  endpointsOf(accountId: number): Promise<ReceivingEndpoint[]> {
    return this.database.query(receivingEndpoints, [accountId]);
  }

  /** Of each of an account's endpoints. @param limit up to which an endpoint's deliveries are counted */
  waitingOf(accountId: number, limit: number): Promise<WaitingDeliveries[]> {
    return this.database.query(waitingDeliveries, [accountId, limit]);
  }
}
