import { beforeEach, describe, expect, test } from '@jest/globals';
import { RateLimitedError } from '../../../src/domain/shared/errors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { RequestLimiter } from '../../../src/domain/auth/request-limiter.js';
import { ManualTime } from '../../helpers/accounts.js';

const SOMEONE = { accountId: 1, accountName: 'Acme', scopes: new Set(['READ' as const]) };
const token = (id: number): Principal => ({ ...SOMEONE, actor: { kind: 'token', id, name: 'x' } });
const user = (id: number): Principal => ({
  ...SOMEONE,
  actor: { kind: 'user', id, username: 'x', role: 'VIEWER' },
});

describe('RATE_LIMIT requests a minute for each credential', () => {
  let time: ManualTime;
  let limiter: RequestLimiter;

  beforeEach(() => {
    time = new ManualTime();
    limiter = new RequestLimiter(3, { stopwatch: time.stopwatch });
  });

  function take(times: number, principal = token(1)): void {
    for (let count = 0; count < times; count++) void limiter.take(principal);
  }

  test('the request beyond the limit is refused with the seconds until the next is permitted', () => {
    time.pass(7000);
    take(3);
    expect(() => take(1)).toThrow('Request was throttled. Expected available in 60 seconds.');
    time.pass(59_000);
    expect(() => take(1)).toThrow('Request was throttled. Expected available in 1 seconds.');
    time.pass(1000);
    take(3);
    expect(() => take(1)).toThrow(RateLimitedError);
  });

  test('the minute slides: requests are permitted again one by one, and refused ones do not count', () => {
    for (let count = 0; count < 3; count++) {
      take(1);
      time.pass(20_000);
    }
    take(1);
    expect(() => take(1)).toThrow('Expected available in 20 seconds.');
    time.pass(20_000);
    take(1);
    expect(() => take(1)).toThrow('Expected available in 20 seconds.');
    time.pass(3_600_000);
    take(3);
    expect(() => take(1)).toThrow(RateLimitedError);
  });

  test('each credential has a limit of its own, also a user and a token with the same id', () => {
    take(3, token(1));
    take(3, token(2));
    take(3, user(1));
    expect(() => take(1, user(1))).toThrow(RateLimitedError);
  });

  test('the operator has no limit', () => {
    expect(() => take(100, { ...SOMEONE, actor: { kind: 'operator' } })).not.toThrow();
  });

  test('a limit of 0 is no limit', () => {
    limiter = new RequestLimiter(0, { stopwatch: time.stopwatch });
    expect(() => take(100_000)).not.toThrow();
  });
});
