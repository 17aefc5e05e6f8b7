import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Domain, DomainOptions } from '../../../src/composition/domain.js';
import { sharedLimits } from '../../../src/composition/shared-limits.js';
import { NO_MEMORY } from '../../../src/domain/auth/known-networks.js';
import { LOGIN_LIMITS, LoginThrottle } from '../../../src/domain/auth/login-throttle.js';
import { RateLimitedError } from '../../../src/domain/shared/errors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { accountServices, authenticatorOn } from '../../helpers/accounts.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';
import { createTenant, type Tenant } from '../../helpers/graphql.js';

let db: TestDatabase;
let tenant: Tenant;
let instances: Domain[];

beforeEach(async () => {
  db = await createTestDatabase();
  tenant = await createTenant(db, 'ours');
  instances = [];
});

afterEach(async () => {
  await Promise.all(instances.map((instance) => leave(instance)));
  await db.drop();
});

async function start(count: number, options: Partial<DomainOptions> = {}): Promise<Domain[]> {
  const started = Array.from({ length: count }, () => createTestDomain(db.database, options));
  await Promise.all(started.map(({ realtime }) => realtime.start()));
  // From here on each has received that the others have started.
  await Promise.all(started.map(({ feed }) => feed.caughtUp()));
  instances.push(...started);
  return started;
}

async function leave(instance: Domain): Promise<void> {
  instances = instances.filter((other) => other !== instance);
  await instance.realtime.close();
  await instance.authenticator.close();
}

describe('RATE_LIMIT over several instances', () => {
  const token = (id: number): Principal => ({
    ...{ accountId: 1, accountName: 'Acme', scopes: new Set(['READ' as const]) },
    actor: { kind: 'token', id, name: 'x' },
  });

  /** @returns how many of the requests were accepted, sent to the instances in rotation */
  async function accepted(to: readonly Domain[], requests: number, principal = token(1)) {
    const results = await Promise.allSettled(
      Array.from({ length: requests }, async (_, index) =>
        to[index % to.length]!.limiter.take(principal),
      ),
    );
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RateLimitedError);
    }
    return results.filter(({ status }) => status === 'fulfilled').length;
  }

  test('three instances accept a small limit together exactly, also where the requests come at once', async () => {
    const three = await start(3, { rateLimit: 10 });
    expect(await accepted(three, 60)).toBe(10);
    expect(await accepted(three, 6)).toBe(0);
    const refused = await Promise.resolve(three[0]!.limiter)
      .then((limiter) => limiter.take(token(1)))
      .catch((error: RateLimitedError) => error.retryAfterSeconds);
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThanOrEqual(60);
    expect(await accepted(three, 30, token(2))).toBe(10);
  });

  test('a client that uses one instance of several alone has the whole limit', async () => {
    const [one] = await start(2, { rateLimit: 10 });
    expect(await accepted([one!], 20)).toBe(10);
  });

  test('a large limit is kept within one percent, and most requests do not ask the database', async () => {
    const two = await start(2, { rateLimit: 40_000 });
    let asked = 0;
    const take = async (index: number) => {
      const booked = two[index % 2]!.limiter.take(token(1));
      if (booked) asked++;
      await booked;
    };
    let count = 0;
    try {
      for (; count < 50_000; count++) await take(count);
    } catch (error) {
      expect(error).toBeInstanceOf(RateLimitedError);
    }
    expect(count).toBeGreaterThan(39_500);
    expect(count).toBeLessThanOrEqual(40_400);
    expect(asked).toBeLessThan(1000);
  });

  test('the costs of operations are limited together, and apart from the requests', async () => {
    const two = await start(2, { rateLimit: 1, costLimit: 100 });
    const charge = async (index: number, cost: number) =>
      two[index]!.costLimiter.take(token(1), cost);
    await charge(0, 60);
    // As on one instance: one that begins below the limit may exceed it.
    await charge(1, 60);
    await expect(charge(0, 1)).rejects.toThrow(RateLimitedError);
    await expect(charge(1, 1)).rejects.toThrow(RateLimitedError);
    expect(await accepted(two, 4)).toBe(1);
  });

  test('an instance that remains alone counts by itself again', async () => {
    const [one, two] = await start(2, { rateLimit: 5 });
    await leave(two!);
    await one!.feed.caughtUp();
    expect(one!.limiter.take(token(1))).toBeUndefined();
    expect(await accepted([one!], 10)).toBe(4);
  });
});

describe('Wrong credentials at several instances', () => {
  const FROM = { address: '192.0.2.1' };

  async function codes(of: readonly Promise<unknown>[]): Promise<string[]> {
    const settled = await Promise.allSettled(of);
    return settled.map((each) =>
      each.status === 'rejected' ? (each.reason as { code: string }).code : 'OK',
    );
  }

  test('wrong passwords of a user name are limited over all instances together', async () => {
    const three = await start(3);
    const guesses = Array.from({ length: 30 }, (_, index) =>
      three[index % 3]!.authenticator.withPassword('nobody', `guess ${index}`, {
        address: `203.0.113.${index}`,
      }),
    );
    const found = await codes(guesses);
    const wrong = found.filter((code) => code === 'UNAUTHENTICATED');
    expect(wrong).toHaveLength(LOGIN_LIMITS.perUsername);
  });

  test('wrong tokens of an address are limited over all instances together, and a right one never is', async () => {
    const two = await start(2);
    const guesses = Array.from({ length: 70 }, (_, index) =>
      two[index % 2]!.authenticator.withToken(`wrong ${index}`, FROM),
    );
    const found = await codes(guesses);
    const wrong = found.filter((code) => code === 'UNAUTHENTICATED');
    expect(wrong).toHaveLength(LOGIN_LIMITS.tokensPerAddress);
    for (const { authenticator } of two) {
      expect(await codes([authenticator.withToken(tenant.reader, FROM)])).toEqual(['OK']);
    }
  });

  test('wrong passwords from a network that the user signed in from are limited over all instances together', async () => {
    const { failures } = sharedLimits(db.database, { isAlone: false }, () => undefined);
    const limits = { ...LOGIN_LIMITS, perKnownNetwork: 5 };
    const authenticators = [1, 2].map(() =>
      authenticatorOn(db.database, { throttle: new LoginThrottle(limits, NO_MEMORY, failures) }),
    );
    const { users } = accountServices(db.database);
    const [username, password] = ['ada', 'right password'];
    await users.create(tenant.principal, { username, password, role: 'VIEWER' });
    const attempt = async (index: number, text = password) =>
      (await codes([authenticators[index]!.withPassword(username, text, FROM)]))[0];
    expect([await attempt(0), await attempt(1)]).toEqual(['OK', 'OK']);
    for (let guess = 0; guess < 5; guess++) {
      expect(await attempt(0, `guess ${guess}`)).toBe('UNAUTHENTICATED');
    }
    // The one beyond the limit informs the other instance.
    expect(await attempt(1, 'guess')).toBe('RATE_LIMITED');
    expect(await attempt(1)).toBe('RATE_LIMITED');
  });
});
