import { describe, expect, test } from '@jest/globals';
import {
  BREAKING_FAILURES,
  stateAfterFailure,
  type DeliveryFailure,
  type CircuitState,
} from '../../src/domain/webhooks/circuit-breaker.js';
import { parseRetryAfter, retryDelay } from '../../src/domain/webhooks/retry.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const NOW = new Date('2026-03-01T12:00:00Z');
const WELL: CircuitState = { failingSince: null, consecutiveFailures: 0, pausedUntil: null };

const failure = (afterMs: number, more: Partial<DeliveryFailure> = {}): DeliveryFailure => ({
  at: new Date(NOW.getTime() + afterMs),
  durationMs: 0,
  reason: 'HTTP 500',
  status: 500,
  isProbe: false,
  isTest: false,
  ...more,
});

describe('the retry schedule', () => {
  test('a delivery is retried after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and then has failed', () => {
    const seconds = Array.from({ length: 10 }, (_, index) => retryDelay(index + 1, 0.5));
    expect(seconds.map((delay) => delay && delay / SECOND)).toEqual([
      ...[5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
      undefined,
    ]);
  });

  test('retry delays vary by 20 % to either side', () => {
    expect(retryDelay(1, 0)).toBe(4000);
    expect(retryDelay(1, 1)).toBe(6000);
  });

  test('a retry waits at least as long as Retry-After says, up to a day', () => {
    expect(retryDelay(1, 0.5, 60 * SECOND)).toBe(60 * SECOND);
    expect(retryDelay(2, 0.5, 60 * SECOND)).toBe(300 * SECOND);
    expect(retryDelay(1, 0.5, 1000 * HOUR)).toBe(24 * HOUR);
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:01:00 GMT', 60_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
  ])('Retry-After %j is read as %p ms', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });
});

describe('the circuit breaker', () => {
  test('an endpoint is paused after five failures in a row, each time for longer, up to a minute', () => {
    let health = WELL;
    const pauses: (number | null)[] = [];
    for (let count = 0; count < 12; count++) {
      const at = health.pausedUntil ? health.pausedUntil.getTime() - NOW.getTime() : count;
      health = stateAfterFailure(health, failure(at, { isProbe: count >= 5 }), 0.5);
      pauses.push(health.pausedUntil && health.pausedUntil.getTime() - NOW.getTime() - at);
    }
    expect(pauses).toEqual([
      ...[null, null, null, null],
      ...[2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000],
    ]);
  });

  test('an endpoint is paused at once after a timeout or a 429, for as long as Retry-After says, up to an hour', () => {
    const slow = stateAfterFailure(WELL, failure(0, { timedOut: true, status: undefined }), 0.5);
    expect(slow.consecutiveFailures).toBe(BREAKING_FAILURES);
    expect(slow.pausedUntil).toEqual(new Date(NOW.getTime() + 2000));
    const limited = (retryAfterMs: number) =>
      stateAfterFailure(WELL, failure(0, { status: 429, retryAfterMs }), 0.5).pausedUntil;
    expect(limited(30_000)).toEqual(new Date(NOW.getTime() + 30_000));
    expect(limited(5 * HOUR)).toEqual(new Date(NOW.getTime() + HOUR));
  });

  test('a pause begins when the attempt has failed, which may be long after it began', () => {
    const pausedAfter = (more: Partial<DeliveryFailure>) =>
      stateAfterFailure(WELL, failure(0, { durationMs: 15_000, ...more }), 0.5).pausedUntil;
    expect(pausedAfter({ timedOut: true })).toEqual(new Date(NOW.getTime() + 17_000));
    expect(pausedAfter({ retryAfterMs: 30_000 })).toEqual(new Date(NOW.getTime() + 45_000));
  });

  test('a pause is not prolonged by attempts that were in flight when it began', () => {
    const open: CircuitState = {
      failingSince: NOW,
      consecutiveFailures: BREAKING_FAILURES,
      pausedUntil: new Date(NOW.getTime() + 2000),
    };
    expect(stateAfterFailure(open, failure(100), 0.5)).toMatchObject({
      consecutiveFailures: BREAKING_FAILURES,
      pausedUntil: open.pausedUntil,
    });
  });
});

describe('an endpoint is disabled', () => {
  test('an endpoint is disabled by 410 Gone', () => {
    const { disabledReason } = stateAfterFailure(WELL, failure(0, { status: 410 }), 0.5);
    expect(disabledReason).toBe('The endpoint answered 410 Gone at 2026-03-01T12:00:00Z.');
  });

  test('an endpoint is disabled by a failure 5 days or more after the first one since the last success', () => {
    const first = stateAfterFailure(WELL, failure(0), 0.5);
    expect(first.failingSince).toEqual(NOW);
    const before = stateAfterFailure(first, failure(120 * HOUR - 1), 0.5);
    expect(before.disabledReason).toBeUndefined();
    const after = stateAfterFailure(first, failure(120 * HOUR), 0.5);
    expect(after.disabledReason).toBe(
      'Every delivery failed from 2026-03-01T12:00:00Z to 2026-03-06T12:00:00Z, the last one with: HTTP 500',
    );
  });
});
