import type { CircuitRecord } from '../../storage/webhooks/queue-store.js';
import { formatInstant } from '../shared/time.js';

export type CircuitState = CircuitRecord;

/** A failed attempt. */
export interface DeliveryFailure {
  /** when the attempt began */
  readonly at: Date;
  readonly durationMs: number;
  /** e.g. `HTTP 500` */
  readonly reason: string;
  readonly status?: number | undefined;
  readonly timedOut?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  /** whether it was the single attempt that tests if a paused endpoint has recovered */
  readonly isProbe: boolean;
  /** whether the delivery was a test, which never disables an endpoint */
  readonly isTest: boolean;
}

/** After this many failures in a row an endpoint is paused, then probed with a single delivery. */
export const BREAKING_FAILURES = 5;

const FIRST_PAUSE_MS = 2000;
const MAX_PAUSE_MS = 60_000;
const MAX_REQUESTED_PAUSE_MS = 3_600_000;
const JITTER = 0.2;
const DISABLED_AFTER_MS = 5 * 24 * 3_600_000;
const GONE = 410;
const TOO_MANY_REQUESTS = 429;

/**
 * An endpoint's circuit after a failure. Timeouts and 429 pause it at once, other failures after
 * five in a row, each time for longer. Failures of attempts that were in flight when the pause
 * began do not prolong it.
 * @param random in [0, 1)
 */
export function stateAfterFailure(
  state: CircuitState,
  failure: DeliveryFailure,
  random: number,
): CircuitState & { disabledReason?: string } {
  const failingSince = state.failingSince ?? failure.at;
  const next = { ...pausedState(state, failure, random), failingSince };
  const disabledReason = failure.isTest ? undefined : reasonToDisable(failingSince, failure);
  return disabledReason === undefined ? next : { ...next, disabledReason };
}

function pausedState(state: CircuitState, failure: DeliveryFailure, random: number): CircuitState {
  const { at, durationMs, status, timedOut, retryAfterMs, isProbe } = failure;
  const failedAt = at.getTime() + durationMs;
  const isPaused = state.pausedUntil !== null && state.pausedUntil > at;
  const requestedMs =
    retryAfterMs === undefined ? 0 : Math.min(retryAfterMs, MAX_REQUESTED_PAUSE_MS);
  if (isPaused && !isProbe) {
    const pausedUntil = new Date(Math.max(state.pausedUntil.getTime(), failedAt + requestedMs));
    return { ...state, pausedUntil };
  }
  const failures = state.consecutiveFailures + 1;
  const breaksAtOnce = timedOut === true || status === TOO_MANY_REQUESTS || requestedMs > 0;
  const consecutiveFailures = breaksAtOnce ? Math.max(failures, BREAKING_FAILURES) : failures;
  if (consecutiveFailures < BREAKING_FAILURES) return { ...state, consecutiveFailures };
  const growth = 2 ** Math.min(consecutiveFailures - BREAKING_FAILURES, 30);
  const pause = Math.min(FIRST_PAUSE_MS * growth, MAX_PAUSE_MS);
  const jittered = pause * (1 - JITTER + 2 * JITTER * random);
  const pausedUntil = new Date(failedAt + Math.max(jittered, requestedMs));
  return { ...state, consecutiveFailures, pausedUntil };
}

function reasonToDisable(
  failingSince: Date,
  { at, status, reason }: DeliveryFailure,
): string | undefined {
  if (status === GONE) return `The endpoint answered 410 Gone at ${formatInstant(at)}.`;
  if (at.getTime() - failingSince.getTime() < DISABLED_AFTER_MS) return undefined;
  return `Every delivery failed from ${formatInstant(failingSince)} to ${formatInstant(at)}, the last one with: ${reason}`;
}
