import { int4Array, int8Array, jsonbArray, timestamptzArray } from '../postgres/binary-array.js';
import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import {
  disableEndpoint,
  release,
  lockCircuit,
  recordAttempts,
  saveCircuit,
  claim,
  waitingEndpoints,
  enabledEndpoints,
} from './sql/queue.js';

/** The event of a delivery; instants in milliseconds since 1970, flowrates in bbl/d. */
export interface EventRow {
  readonly event_type: string;
  readonly sensor_id: number;
  readonly sensor_name: string;
  readonly ping_id: string | null;
  readonly at: number | null;
  readonly flowrate: number | null;
  readonly previous_flowrate: number | null;
  /** severity; null: good */
  readonly quality: number | null;
  readonly range_start: number | null;
  readonly range_end: number | null;
  readonly ping_count: number | null;
  /** of an event that is not about pings: the body's data */
  readonly data: object | null;
}

/** A delivery that a worker has claimed. */
export interface ClaimedRow extends EventRow {
  readonly id: string;
  readonly endpoint_id: number;
  /** of the endpoint, at the claim */
  readonly revision: number;
  /** whether it tests if a paused endpoint has recovered */
  readonly is_probe: boolean;
  readonly webhook_id: string;
  /** null of a test */
  readonly sequence: number | null;
  readonly tries: number;
  readonly is_test: boolean;
  /** of what caused the event; null where that was not traced */
  readonly traceparent: string | null;
}

export interface EndpointRow {
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
  /** stored as JSON */
  readonly attempt: object;
}

/** The state of an endpoint's circuit breaker. */
export interface CircuitRecord {
  readonly failingSince: Date | null;
  readonly consecutiveFailures: number;
  readonly pausedUntil: Date | null;
}

/** A reason disables the endpoint. */
export type CircuitChange = CircuitRecord & { readonly disabledReason?: string };

/** The parameters of `claim`. */
export function claimParameters(
  worker: number,
  limits: ReadonlyMap<number, number>,
  now: Date,
  probe: { readonly fromFailures: number; readonly until: Date },
): unknown[] {
  return [
    ...[[...limits.keys()], [...limits.values()], instantParameter(now)],
    ...[worker, probe.fromFailures, instantParameter(probe.until)],
  ];
}

/** The queue of deliveries as workers see it: across all accounts. */
export class DeliveryQueueStore {
  constructor(private readonly database: Database) {}

  claim(parameters: readonly unknown[]): Promise<ClaimedRow[]> {
    return this.database.query(claim, parameters);
  }

  /** @returns the endpoints of deliveries that are to be sent again at once, by request */
  async record(
    attempts: readonly RecordedAttempt[],
    succeededEndpoints: readonly number[],
  ): Promise<number[]> {
    const rows = await this.database.query<{ endpoint_id: number }>(recordAttempts, [
      int8Array(attempts.map(({ id }) => id)),
      attempts.map(({ status }) => status),
      timestamptzArray(attempts.map(({ dueAt }) => dueAt)),
      int4Array(attempts.map(({ tries }) => tries)),
      jsonbArray(attempts.map(({ attempt }) => JSON.stringify([attempt]))),
      succeededEndpoints,
    ]);
    return rows.map(({ endpoint_id }) => endpoint_id);
  }

  /**
   * Changes an endpoint's circuit, locked meanwhile; disables the endpoint where there is a reason.
   */
  changeCircuit(
    endpointId: number,
    change: (circuit: CircuitRecord) => CircuitChange,
  ): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const circuit = await this.lockCircuit(transaction, endpointId);
      if (!circuit) return;
      const { failingSince, consecutiveFailures, pausedUntil, disabledReason } = change(circuit);
      await transaction.query(saveCircuit, [
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

  /** All that are enabled. */
  endpoints(): Promise<EndpointRow[]> {
    return this.database.query(enabledEndpoints, []);
  }

  private async lockCircuit(
    transaction: Transaction,
    endpointId: number,
  ): Promise<CircuitRecord | undefined> {
    const [row] = await transaction.query<{
      failing_since: number | null;
      consecutive_failures: number;
      paused_until: number | null;
    }>(lockCircuit, [endpointId]);
    return (
      row && {
        failingSince: dateOf(row.failing_since),
        consecutiveFailures: row.consecutive_failures,
        pausedUntil: dateOf(row.paused_until),
      }
    );
  }
}

function dateOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
