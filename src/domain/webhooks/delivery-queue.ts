import type {
  RecordedAttempt,
  TakenRow,
  TargetRow,
  WaitingRow,
  DeliveryQueueStore,
} from '../../storage/webhooks/queue-store.js';
import type { Clock } from '../shared/clock.js';
import {
  BREAKING_FAILURES,
  stateAfterFailure,
  type DeliveryFailure,
  type CircuitState,
} from './circuit-breaker.js';
import { webhookPayload } from './payload.js';
import { retryDelay } from './retry.js';

/** What an endpoint is sent with, as of one revision of it. */
export interface EndpointSnapshot {
  readonly endpointId: number;
  readonly accountId: number;
  readonly revision: number;
  readonly url: string;
  /** the current one, and the one before while it still signs along */
  readonly secrets: readonly [string, ...string[]];
}

/** A delivery to make. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpointId: number;
  readonly revision: number;
  readonly isProbe: boolean;
  readonly webhookId: string;
  readonly sequence: string;
  /** failures so far */
  readonly tries: number;
  readonly body: string;
}

/** What came of an attempt: a status where the receiver answered, an error where it failed. */
export interface AttemptOutcome {
  readonly at: Date;
  readonly durationMs: number;
  readonly url: string;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  /** the beginning of what was answered */
  readonly response?: string | undefined;
  readonly timedOut?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** An attempt as it is kept. */
export interface AttemptRecord {
  readonly at: string;
  readonly durationMs: number;
  readonly url: string;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly response?: string | undefined;
}

/** Longer than any attempt takes. */
const PROBE_MS = 20_000;

export interface DeliveryQueueDeps {
  readonly store: DeliveryQueueStore;
  readonly clock: Clock;
  /** in [0, 1) */
  readonly random: () => number;
}

/** What workers take from the queue of deliveries, and what they make of it. */
export class DeliveryQueue {
  constructor(private readonly parts: DeliveryQueueDeps) {}

  /**
   * @param wanted how many deliveries of which endpoints
   * @returns what each endpoint is to be sent, in the order of the numbers, as of one revision of it
   */
  async claim(
    worker: number,
    wanted: ReadonlyMap<number, number>,
  ): Promise<ReadonlyMap<number, ClaimedDelivery[]>> {
    const now = this.parts.clock();
    const until = new Date(now.getTime() + PROBE_MS);
    const probe = { fromFailures: BREAKING_FAILURES, until };
    const rows = await this.parts.store.claim(worker, wanted, now, probe);
    const taken = new Map<number, ClaimedDelivery[]>();
    for (const row of rows.sort((a, b) => a.sequence - b.sequence)) {
      const ofEndpoint = taken.get(row.endpoint_id);
      if (ofEndpoint) ofEndpoint.push(takenOf(row));
      else taken.set(row.endpoint_id, [takenOf(row)]);
    }
    return taken;
  }

  /**
   * Writes down what came of attempts, when the failed ones are made again, and how their endpoints are.
   * @returns of the endpoints that failed, whether they can be sent to at once: neither paused nor disabled
   */
  async record(
    attempts: readonly (readonly [ClaimedDelivery, AttemptOutcome])[],
  ): Promise<ReadonlyMap<number, boolean>> {
    const { store, random } = this.parts;
    const failures = new Map<number, DeliveryFailure[]>();
    const well = new Set<number>();
    for (const [{ endpointId, isProbe }, outcome] of attempts) {
      if (isSuccess(outcome)) {
        well.add(endpointId);
        continue;
      }
      const failure = { ...outcome, reason: reasonOf(outcome), isProbe };
      failures.set(endpointId, [...(failures.get(endpointId) ?? []), failure]);
    }
    await store.record(
      attempts.map(([taken, outcome]) => recorded(taken, outcome, random())),
      [...well],
    );
    const free = new Map<number, boolean>();
    for (const [endpointId, ofEndpoint] of failures) {
      await store.changeHealth(endpointId, (health) => {
        const { disabledReason, ...changed } = afterFailures(health, ofEndpoint, random);
        free.set(endpointId, disabledReason === undefined && changed.pausedUntil === null);
        return disabledReason === undefined ? changed : { ...changed, disabledReason };
      });
    }
    return free;
  }

  async release(worker: number, deliveries: readonly ClaimedDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    await this.parts.store.release(
      worker,
      deliveries.map(({ id }) => id),
    );
  }

  /** Endpoints that have something waiting, and in how many milliseconds it is due, 0 where it is already. */
  async waiting(): Promise<(WaitingRow & { readonly inMs: number })[]> {
    const now = this.parts.clock().getTime();
    const rows = await this.parts.store.waiting();
    return rows.map((row) => ({ ...row, inMs: Math.max(row.due_at - now, 0) }));
  }

  /** Of enabled endpoints. @param endpointIds undefined for all */
  async targets(endpointIds?: readonly number[]): Promise<EndpointSnapshot[]> {
    const now = this.parts.clock();
    return (await this.parts.store.targets(endpointIds)).map((row) => targetOf(row, now));
  }
}

export function isSuccess({ status = 0 }: Pick<AttemptOutcome, 'status'>): boolean {
  return status >= 200 && status < 300;
}

function afterFailures(
  health: CircuitState,
  failures: readonly DeliveryFailure[],
  random: () => number,
): CircuitState & { disabledReason?: string } {
  return failures.reduce<CircuitState & { disabledReason?: string }>(
    ({ disabledReason, ...before }, failure) => {
      const after = stateAfterFailure(before, failure, random());
      return disabledReason === undefined ? after : { ...after, disabledReason };
    },
    health,
  );
}

function takenOf(row: TakenRow): ClaimedDelivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    revision: row.revision,
    isProbe: row.is_probe,
    webhookId: row.webhook_id,
    sequence: String(row.sequence),
    tries: row.tries,
    body: webhookPayload(row),
  };
}

function targetOf(row: TargetRow, now: Date): EndpointSnapshot {
  const { id, account_id, revision, url, secret, previous_secret } = row;
  const signsAlong = (row.previous_secret_expires_at ?? 0) > now.getTime();
  const previous = previous_secret !== null && signsAlong ? [previous_secret] : [];
  return { endpointId: id, accountId: account_id, revision, url, secrets: [secret, ...previous] };
}

function recorded(
  { id, tries }: ClaimedDelivery,
  outcome: AttemptOutcome,
  random: number,
): RecordedAttempt {
  const { at, durationMs, url, status, error, response, retryAfterMs } = outcome;
  const kept: AttemptRecord = { at: at.toISOString(), durationMs, url, status, error, response };
  if (isSuccess(outcome)) {
    return { id, status: 'SUCCEEDED', dueAt: at, tries: 0, attempt: kept };
  }
  const failures = tries + 1;
  const delay = retryDelay(failures, random, retryAfterMs);
  if (delay === undefined) {
    return { id, status: 'FAILED', dueAt: at, tries: failures, attempt: kept };
  }
  const dueAt = new Date(at.getTime() + durationMs + delay);
  return { id, status: 'PENDING', dueAt, tries: failures, attempt: kept };
}

function reasonOf({ status, error }: AttemptOutcome): string {
  return error ?? `HTTP ${status}`;
}
