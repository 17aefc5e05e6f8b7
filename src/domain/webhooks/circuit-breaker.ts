import type { HealthRecord } from '../../storage/webhooks/queue-store.js';
import { formatInstant } from '../shared/time.js';

export type CircuitState = HealthRecord;

/** How an attempt went wrong. */
export interface DeliveryFailure {
  /** when the attempt began */
  readonly at: Date;
  readonly durationMs: number;
  /** in a word or two, e.g. `HTTP 500`, `connect ECONNREFUSED` */
  readonly reason: string;
  readonly status?: number | undefined;
  readonly timedOut?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  /** whether it was the one attempt that was to show if the endpoint is well again */
  readonly isProbe: boolean;
}

/** So many failures in a row, and the endpoint is left alone for a while, then tried with a single delivery. */
export const BREAKING_FAILURES = 5;

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;
const LONGEST_REQUESTED_PAUSE_MS = 3_600_000;
const JITTER = 0.2;
const DISABLED_AFTER_MS = 5 * 24 * 3_600_000;
const GONE = 410;
const TOO_MANY = 429;

/**
 * An endpoint's health after a failure. Timeouts and 429 have it left alone at
 * once, other failures after five in a row, each time for longer; failures of
 * attempts that were under way when that began make it no longer.
 * @param random in [0, 1)
 */
export function stateAfterFailure(
  health: CircuitState,
  failure: DeliveryFailure,
  random: number,
): CircuitState & { disabledReason?: string } {
  const failingSince = health.failingSince ?? failure.at;
  const next = { ...paused(health, failure, random), failingSince };
  const disabledReason = reasonToDisable(failingSince, failure);
  return disabledReason === undefined ? next : { ...next, disabledReason };
}

function paused(health: CircuitState, failure: DeliveryFailure, random: number): CircuitState {
  const { at, durationMs, status, timedOut, retryAfterMs, isProbe } = failure;
  const failedAt = at.getTime() + durationMs;
  const isPaused = health.pausedUntil !== null && health.pausedUntil > at;
  const asked = retryAfterMs === undefined ? 0 : Math.min(retryAfterMs, LONGEST_REQUESTED_PAUSE_MS);
  if (isPaused && !isProbe) {
    const pausedUntil = new Date(Math.max(health.pausedUntil.getTime(), failedAt + asked));
    return { ...health, pausedUntil };
  }
  const failures = health.consecutiveFailures + 1;
  const atOnce = timedOut === true || status === TOO_MANY || asked > 0;
  const consecutiveFailures = atOnce ? Math.max(failures, BREAKING_FAILURES) : failures;
  if (consecutiveFailures < BREAKING_FAILURES) return { ...health, consecutiveFailures };
  const growth = 2 ** Math.min(consecutiveFailures - BREAKING_FAILURES, 30);
  const pause = Math.min(FIRST_PAUSE_MS * growth, LONGEST_PAUSE_MS);
  const jittered = pause * (1 - JITTER + 2 * JITTER * random);
  const pausedUntil = new Date(failedAt + Math.max(jittered, asked));
  return { ...health, consecutiveFailures, pausedUntil };
}

function reasonToDisable(
  failingSince: Date,
  { at, status, reason }: DeliveryFailure,
): string | undefined {
  if (status === GONE) return `The endpoint answered 410 Gone at ${formatInstant(at)}.`;
  if (at.getTime() - failingSince.getTime() < DISABLED_AFTER_MS) return undefined;
  return `Every delivery failed from ${formatInstant(failingSince)} to ${formatInstant(at)}, the last one with: ${reason}`;
}
