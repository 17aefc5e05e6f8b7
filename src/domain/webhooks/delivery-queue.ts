import {
  claimParameters,
  type CircuitChange,
  type ClaimedRow,
  type DeliveryQueueStore,
  type EndpointRow,
  type RecordedAttempt,
  type WaitingRow,
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

/** Where and with which secrets an endpoint's deliveries are sent, as of one of its revisions. */
export interface EndpointSnapshot {
  readonly endpointId: number;
  readonly accountId: number;
  readonly revision: number;
  readonly url: string;
  /** the current one, then the previous one while it is valid */
  readonly secrets: readonly [string, ...string[]];
}

/** A delivery that one worker has claimed to send; no other worker sends it meanwhile. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpointId: number;
  /** of the endpoint, when the delivery was claimed */
  readonly revision: number;
  /** whether it tests if a paused endpoint has recovered */
  readonly isProbe: boolean;
  readonly isTest: boolean;
  readonly webhookId: string;
  /** null of a test */
  readonly sequence: string | null;
  /** failures so far */
  readonly tries: number;
  readonly body: string;
  /** of what caused the event; undefined where that was not traced */
  readonly traceparent: string | undefined;
}

/** The outcome of an attempt: a status where the endpoint answered, an error where it failed. */
export interface AttemptOutcome {
  readonly at: Date;
  readonly durationMs: number;
  readonly url: string;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  /** the beginning of the response's body */
  readonly response?: string | undefined;
  readonly timedOut?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** An attempt as the log stores it. */
export interface AttemptRecord {
  readonly at: string;
  readonly durationMs: number;
  readonly url: string;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly response?: string | undefined;
}

/** How recording attempts changed their endpoints. */
export interface RecordResult {
  /**
   * for each endpoint that failed, whether it can be sent to at once: neither paused nor disabled
   */
  readonly canSend: ReadonlyMap<number, boolean>;
  /** endpoints of deliveries that are to be sent again at once, by request */
  readonly toRedeliver: readonly number[];
}

/** Longer than any attempt takes. */
const PROBE_TIMEOUT_MS = 20_000;

export interface DeliveryQueueDeps {
  readonly store: DeliveryQueueStore;
  readonly clock: Clock;
  /** in [0, 1) */
  readonly random: () => number;
}

/** The queue of deliveries, from which workers claim them and in which they record the outcomes. */
export class DeliveryQueue {
  constructor(private readonly deps: DeliveryQueueDeps) {}

  /**
   * @param limits the most deliveries to claim for each endpoint
   * @returns each endpoint's deliveries, tests first, then in the order of their numbers, all of
   * one
   *   revision
   */
  async claim(
    worker: number,
    limits: ReadonlyMap<number, number>,
  ): Promise<ReadonlyMap<number, ClaimedDelivery[]>> {
    return byEndpoint(await this.deps.store.claim(this.claimParameters(worker, limits)));
  }

  /** For a transaction that queues deliveries and claims them itself: what it needs of `claim`. */
  claimParameters(worker: number, limits: ReadonlyMap<number, number>): readonly unknown[] {
    const now = this.deps.clock();
    const until = new Date(now.getTime() + PROBE_TIMEOUT_MS);
    return claimParameters(worker, limits, now, { fromFailures: BREAKING_FAILURES, until });
  }

  /** What such a transaction has claimed, as of `claim`. */
  claimed(rows: readonly object[]): ReadonlyMap<number, ClaimedDelivery[]> {
    return byEndpoint(rows as readonly ClaimedRow[]);
  }

  /**
   * Records the outcomes of attempts, when failed deliveries are retried, and the endpoints'
   * circuits.
   * @returns what changed for the endpoints
   */
  async record(
    attempts: readonly (readonly [ClaimedDelivery, AttemptOutcome])[],
  ): Promise<RecordResult> {
    const { store, random } = this.deps;
    const failures = new Map<number, DeliveryFailure[]>();
    const succeeded = new Set<number>();
    for (const [{ endpointId, isProbe, isTest }, outcome] of attempts) {
      if (isSuccess(outcome)) {
        succeeded.add(endpointId);
        continue;
      }
      // A test that fails does not count against the endpoint, unless it was what the end of a
      // pause depends on.
      if (isTest && !isProbe) continue;
      const failure = { ...outcome, reason: reasonOf(outcome), isProbe, isTest };
      failures.set(endpointId, [...(failures.get(endpointId) ?? []), failure]);
    }
    const toRedeliver = await store.record(
      attempts.map(([delivery, outcome]) => recordedAttempt(delivery, outcome, random())),
      [...succeeded],
    );
    const canSend = new Map<number, boolean>();
    for (const [endpointId, ofEndpoint] of failures) {
      await store.changeCircuit(endpointId, (state) => {
        const next = stateAfterFailures(state, ofEndpoint, random);
        canSend.set(endpointId, next.disabledReason === undefined && next.pausedUntil === null);
        return next;
      });
    }
    return { canSend, toRedeliver };
  }

  async release(worker: number, deliveries: readonly ClaimedDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const ids = deliveries.map(({ id }) => id);
    await this.deps.store.release(worker, ids);
  }

  /** Endpoints with deliveries to send, and in how many milliseconds the first is due, from 0. */
  async waiting(): Promise<(WaitingRow & { readonly inMs: number })[]> {
    const now = this.deps.clock().getTime();
    const rows = await this.deps.store.waiting();
    return rows.map((row) => ({ ...row, inMs: Math.max(row.due_at - now, 0) }));
  }

  /** All enabled endpoints. */
  async endpoints(): Promise<EndpointSnapshot[]> {
    const now = this.deps.clock();
    return (await this.deps.store.endpoints()).map((row) => snapshotOf(row, now));
  }
}

function byEndpoint(rows: readonly ClaimedRow[]): ReadonlyMap<number, ClaimedDelivery[]> {
  const claimed = new Map<number, ClaimedDelivery[]>();
  for (const row of [...rows].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))) {
    const deliveries = claimed.get(row.endpoint_id);
    if (deliveries) deliveries.push(claimedOf(row));
    else claimed.set(row.endpoint_id, [claimedOf(row)]);
  }
  return claimed;
}

export function isSuccess({ status = 0 }: Pick<AttemptOutcome, 'status'>): boolean {
  return status >= 200 && status < 300;
}

function stateAfterFailures(
  state: CircuitState,
  failures: readonly DeliveryFailure[],
  random: () => number,
): CircuitChange {
  return failures.reduce<CircuitChange>(({ disabledReason, ...before }, failure) => {
    const after = stateAfterFailure(before, failure, random());
    return disabledReason === undefined ? after : { ...after, disabledReason };
  }, state);
}

function claimedOf(row: ClaimedRow): ClaimedDelivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    revision: row.revision,
    isProbe: row.is_probe,
    isTest: row.is_test,
    webhookId: row.webhook_id,
    sequence: row.sequence === null ? null : String(row.sequence),
    tries: row.tries,
    body: webhookPayload(row),
    traceparent: row.traceparent ?? undefined,
  };
}

function snapshotOf(row: EndpointRow, now: Date): EndpointSnapshot {
  const { id, account_id, revision, url, secret, previous_secret } = row;
  const isValid = (row.previous_secret_expires_at ?? 0) > now.getTime();
  const previous = previous_secret !== null && isValid ? [previous_secret] : [];
  return { endpointId: id, accountId: account_id, revision, url, secrets: [secret, ...previous] };
}

function recordedAttempt(
  { id, tries }: ClaimedDelivery,
  outcome: AttemptOutcome,
  random: number,
): RecordedAttempt {
  const { at, durationMs, url, status, error, response, retryAfterMs } = outcome;
  const attempt: AttemptRecord = { at: at.toISOString(), durationMs, url, status, error, response };
  if (isSuccess(outcome)) {
    return { id, status: 'SUCCEEDED', dueAt: at, tries: 0, attempt };
  }
  const failures = tries + 1;
  const delay = retryDelay(failures, random, retryAfterMs);
  if (delay === undefined) {
    return { id, status: 'FAILED', dueAt: at, tries: failures, attempt };
  }
  const dueAt = new Date(at.getTime() + durationMs + delay);
  return { id, status: 'PENDING', dueAt, tries: failures, attempt };
}

function reasonOf({ status, error }: AttemptOutcome): string {
  return error ?? `HTTP ${status}`;
}
