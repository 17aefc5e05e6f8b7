import { int4Array, int8Array, jsonbArray, timestamptzArray } from '../postgres/binary-array.js';
import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import {
  disableEndpoint,
  release,
  lockHealth,
  recordAttempts,
  saveHealth,
  claim,
  waitingEndpoints,
  webhookTargets,
} from './sql/queue.js';

/** What an endpoint is told of; instants in milliseconds since 1970, flowrates bbl/d. */
export interface EventRow {
  readonly event_type: string;
  readonly sensor_id: number;
  readonly sensor_name: string;
  readonly ping_id: string | null;
  readonly at: number | null;
  readonly flowrate: number | null;
  readonly previous_flowrate: number | null;
  readonly range_start: number | null;
  readonly range_end: number | null;
  readonly ping_count: number | null;
}

/** A delivery that a worker has in hand. */
export interface TakenRow extends EventRow {
  readonly id: string;
  readonly endpoint_id: number;
  /** of the endpoint, when it was taken up */
  readonly revision: number;
  /** whether it is to show if the endpoint is well again */
  readonly is_probe: boolean;
  readonly webhook_id: string;
  readonly sequence: number;
  readonly tries: number;
}

export interface TargetRow {
  readonly id: number;
  readonly account_id: number;
  readonly url: string;
  readonly secret: string;
  readonly previous_secret: string | null;
  readonly previous_secret_expires_at: number | null;
  readonly revision: number;
}

export interface WaitingRow {
  readonly id: number;
  readonly account_id: number;
  readonly due_at: number;
}

export interface RecordedAttempt {
  readonly id: string;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  readonly dueAt: Date;
  readonly tries: number;
  /** kept as JSON */
  readonly attempt: object;
}

export interface HealthRecord {
  readonly failingSince: Date | null;
  readonly consecutiveFailures: number;
  readonly pausedUntil: Date | null;
}

/** Deliveries that are to be made, as workers see them: of all accounts. */
export class DeliveryQueueStore {
  constructor(private readonly database: Database) {}

  claim(
    worker: number,
    wanted: ReadonlyMap<number, number>,
    now: Date,
    probe: { readonly fromFailures: number; readonly until: Date },
  ): Promise<TakenRow[]> {
    return this.database.query(claim, [
      [...wanted.keys()],
      [...wanted.values()],
      instantParameter(now),
      worker,
      probe.fromFailures,
      instantParameter(probe.until),
    ]);
  }

  async record(
    attempts: readonly RecordedAttempt[],
    wellEndpoints: readonly number[],
  ): Promise<void> {
    await this.database.query(recordAttempts, [
      int8Array(attempts.map(({ id }) => id)),
      attempts.map(({ status }) => status),
      timestamptzArray(attempts.map(({ dueAt }) => dueAt)),
      int4Array(attempts.map(({ tries }) => tries)),
      jsonbArray(attempts.map(({ attempt }) => JSON.stringify([attempt]))),
      wellEndpoints,
    ]);
  }

  /** Changes an endpoint's health, which nobody else changes meanwhile; disables it where that gives a reason. */
  changeHealth(
    endpointId: number,
    change: (health: HealthRecord) => HealthRecord & { readonly disabledReason?: string },
  ): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const health = await this.lockedHealth(transaction, endpointId);
      if (!health) return;
      const { failingSince, consecutiveFailures, pausedUntil, disabledReason } = change(health);
      await transaction.query(saveHealth, [
        endpointId,
        failingSince && instantParameter(failingSince),
        consecutiveFailures,
        pausedUntil && instantParameter(pausedUntil),
      ]);
      if (disabledReason) await transaction.query(disableEndpoint, [endpointId, disabledReason]);
    });
  }

  async release(worker: number, ids: readonly string[]): Promise<void> {
    await this.database.query(release, [ids, worker]);
  }

  waiting(): Promise<WaitingRow[]> {
    return this.database.query(waitingEndpoints, []);
  }

  /** @param ids undefined for all */
  targets(ids?: readonly number[]): Promise<TargetRow[]> {
    return this.database.query(webhookTargets, [ids ?? null]);
  }

  private async lockedHealth(
    transaction: Transaction,
    endpointId: number,
  ): Promise<HealthRecord | undefined> {
    const [row] = await transaction.query<{
      failing_since: number | null;
      consecutive_failures: number;
      paused_until: number | null;
    }>(lockHealth, [endpointId]);
    return (
      row && {
        failingSince: instantOf(row.failing_since),
        consecutiveFailures: row.consecutive_failures,
        pausedUntil: instantOf(row.paused_until),
      }
    );
  }
}

function instantOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
