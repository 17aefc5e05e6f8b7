import type {
  RecordedAttempt,
  TakenRow,
  TargetRow,
  WaitingRow,
  WebhookQueueStore,
} from '../../storage/webhooks/queue-store.js';
import type { Clock } from '../shared/clock.js';
import {
  BREAKING_FAILURES,
  healthAfterFailure,
  type Failure,
  type Health,
} from './circuit-breaker.js';
import { webhookPayload } from './payload.js';
import { retryDelay } from './retry.js';

/** What an endpoint is sent with, as of one revision of it. */
export interface Target {
  readonly endpointId: number;
  readonly accountId: number;
  readonly revision: number;
  readonly url: string;
  /** the current one, and the one before while it still signs along */
  readonly secrets: readonly [string, ...string[]];
}

/** A delivery to make. */
export interface Taken {
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
export interface Outcome {
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
export interface KeptAttempt {
  readonly at: string;
  readonly durationMs: number;
  readonly url: string;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly response?: string | undefined;
}

/** Longer than any attempt takes. */
const PROBE_MS = 20_000;

export interface WebhookQueueParts {
  readonly store: WebhookQueueStore;
  readonly clock: Clock;
  /** in [0, 1) */
  readonly random: () => number;
}

/** What workers take from the queue of deliveries, and what they make of it. */
export class WebhookQueue {
  constructor(private readonly parts: WebhookQueueParts) {}

  /**
   * @param wanted how many deliveries of which endpoints
   * @returns what each endpoint is to be sent, in the order of the numbers, as of one revision of it
   */
  async takeUp(
    worker: number,
    wanted: ReadonlyMap<number, number>,
  ): Promise<ReadonlyMap<number, Taken[]>> {
    const now = this.parts.clock();
    const until = new Date(now.getTime() + PROBE_MS);
    const probe = { fromFailures: BREAKING_FAILURES, until };
    const rows = await this.parts.store.takeUp(worker, wanted, now, probe);
    const taken = new Map<number, Taken[]>();
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
    attempts: readonly (readonly [Taken, Outcome])[],
  ): Promise<ReadonlyMap<number, boolean>> {
    const { store, random } = this.parts;
    const failures = new Map<number, Failure[]>();
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

  async giveBack(worker: number, deliveries: readonly Taken[]): Promise<void> {
    if (deliveries.length === 0) return;
    await this.parts.store.giveBack(
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
  async targets(endpointIds?: readonly number[]): Promise<Target[]> {
    const now = this.parts.clock();
    return (await this.parts.store.targets(endpointIds)).map((row) => targetOf(row, now));
  }
}

export function isSuccess({ status = 0 }: Pick<Outcome, 'status'>): boolean {
  return status >= 200 && status < 300;
}

function afterFailures(
  health: Health,
  failures: readonly Failure[],
  random: () => number,
): Health & { disabledReason?: string } {
  return failures.reduce<Health & { disabledReason?: string }>(
    ({ disabledReason, ...before }, failure) => {
      const after = healthAfterFailure(before, failure, random());
      return disabledReason === undefined ? after : { ...after, disabledReason };
    },
    health,
  );
}

function takenOf(row: TakenRow): Taken {
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

function targetOf(row: TargetRow, now: Date): Target {
  const { id, account_id, revision, url, secret, previous_secret } = row;
  const signsAlong = (row.previous_secret_expires_at ?? 0) > now.getTime();
  const previous = previous_secret !== null && signsAlong ? [previous_secret] : [];
  return { endpointId: id, accountId: account_id, revision, url, secrets: [secret, ...previous] };
}

function recorded({ id, tries }: Taken, outcome: Outcome, random: number): RecordedAttempt {
  const { at, durationMs, url, status, error, response, retryAfterMs } = outcome;
  const kept: KeptAttempt = { at: at.toISOString(), durationMs, url, status, error, response };
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

function reasonOf({ status, error }: Outcome): string {
  return error ?? `HTTP ${status}`;
}
