import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../../src/domain/auth/authenticator.js';
import { ConcurrencyLimiter } from '../../../src/domain/shared/concurrency-limiter.js';
import { RateLimitedError, UnauthenticatedError } from '../../../src/domain/shared/errors.js';
import { KnownNetworks } from '../../../src/domain/auth/known-networks.js';
import { KnownNetworkStore } from '../../../src/storage/accounts/known-network-store.js';
import { UserStore } from '../../../src/storage/accounts/user-store.js';
import { LOGIN_LIMITS, LoginThrottle } from '../../../src/domain/auth/login-throttle.js';
import { Passwords } from '../../../src/domain/accounts/passwords.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import {
  accountServices,
  authenticatorOn,
  ManualTime,
  type AccountServices,
} from '../../helpers/accounts.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

const FROM = { address: '192.0.2.1' };
const WRONG_TOKEN = new UnauthenticatedError('Invalid token.');
const WRONG_PASSWORD = new UnauthenticatedError('Invalid username/password.');

let db: TestDatabase;
let services: AccountServices;
let acme: Principal;
let time: ManualTime;
let one: Authenticator;
let names = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  services = accountServices(db.database);
  await services.accounts.create('Acme');
  acme = await services.accounts.operatorIn({ name: 'Acme' });
});
afterAll(() => db.drop());
beforeEach(() => {
  time = new ManualTime();
  one = authenticatorOn(db.database, time.parts);
});

async function newUser(password = 'secret', role: 'VIEWER' | 'ADMIN' = 'VIEWER'): Promise<string> {
  const username = `user-${++names}`;
  await services.users.create(acme, { username, password, role });
  return username;
}

function knownNetworks(): KnownNetworks {
  const users = new UserStore(db.database);
  return new KnownNetworks(users, new KnownNetworkStore(db.database), time.clock);
}

async function networksOf(username: string): Promise<number> {
  const { rows } = await db.database.pool.query(
    `SELECT count(*)::int AS count FROM known_network n JOIN app_user u ON u.id = n.user_id
     WHERE u.username = $1`,
    [username],
  );
  return rows[0].count;
}

class CountedPasswords extends Passwords {
  verified = 0;

  override verify(...password: Parameters<Passwords['verify']>) {
    this.verified += 1;
    return super.verify(...password);
  }
}

describe('The costly password function', () => {
  test('the costly function runs once for an unchanged password, not for each request', async () => {
    const passwords = new CountedPasswords();
    one = authenticatorOn(db.database, { ...time.parts, passwords });
    const username = await newUser();
    await Promise.all(Array.from({ length: 20 }, () => one.withPassword(username, 'secret', FROM)));
    time.pass(1000);
    await one.withPassword(username, 'secret', FROM);
    time.pass(3_600_000);
    await one.withPassword(username, 'secret', FROM);
    expect(passwords.verified).toBe(1);
  });

  test('the costly function runs for a user that does not exist as for one that does', async () => {
    const passwords = new CountedPasswords();
    one = authenticatorOn(db.database, { passwords });
    await expect(one.withPassword('nobody', 'secret', FROM)).rejects.toThrow(WRONG_PASSWORD);
    expect(passwords.verified).toBe(1);
  });

  test('the costly function has a bounded queue: beyond it the service is unavailable, and no password is called wrong', async () => {
    const queue = new ConcurrencyLimiter(1, 0);
    one = authenticatorOn(db.database, {
      passwords: new Passwords(queue),
      throttle: new LoginThrottle({ ...LOGIN_LIMITS, perUsername: 1 }),
    });
    const username = await newUser();
    let release = (): void => undefined;
    const busy = queue.run(() => new Promise<void>((resolve) => (release = resolve)));
    await expect(one.withPassword(username, 'secret', FROM)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    release();
    await busy;
    expect((await one.withPassword(username, 'secret', FROM)).actor).toMatchObject({ username });
  });
});

test('the wrong passwords of one network do not keep users of another network from signing in', async () => {
  one = authenticatorOn(db.database, { passwords: new Passwords() });
  const [viewer, victim] = [await newUser(), await newUser()];
  await one.withPassword(viewer, 'secret', FROM);
  const flood = Array.from({ length: 600 }, (_, index) =>
    one.withPassword(viewer, `wrong ${index}`, FROM).catch((error: { code: string }) => error.code),
  );
  const elsewhere = { address: '203.0.113.9' };
  const tries = ['secret', 'secret', 'secret'].map(() =>
    one.verifyPassword(victim, 'secret', elsewhere),
  );
  expect(await Promise.all(tries)).toMatchObject([
    { username: victim },
    { username: victim },
    { username: victim },
  ]);
  const codes = await Promise.all(flood);
  expect(codes.filter((code) => code === 'UNAVAILABLE').length).toBeGreaterThan(200);
});

describe('Wrong passwords and tokens', () => {
  const limits = {
    perUsername: 3,
    passwordsPerAddress: 6,
    tokensPerAddress: 4,
    perKnownNetwork: 5,
    seconds: 600,
  };
  let username: string;

  beforeEach(async () => {
    one = authenticatorOn(db.database, { throttle: new LoginThrottle(limits) });
    username = await newUser();
  });

  async function fail(times: number, name = username, from = FROM): Promise<void> {
    for (let time = 0; time < times; time++) {
      await expect(one.withPassword(name, `wrong ${time}`, from)).rejects.toThrow(WRONG_PASSWORD);
    }
  }

  test('wrong passwords are limited by user name, from any address', async () => {
    await fail(3);
    const elsewhere = { address: '203.0.113.9' };
    await expect(one.withPassword(username, 'wrong', elsewhere)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 600,
      message: 'Request was throttled. Expected available in 600 seconds.',
    });
    // It is not even tried whether this one is right.
    await expect(one.withPassword(username, 'secret', elsewhere)).rejects.toThrow(RateLimitedError);
  });

  test('wrong passwords are limited by user name whether or not such a user exists', async () => {
    await fail(3, 'nobody');
    await expect(one.withPassword('nobody', 'x', FROM)).rejects.toThrow(RateLimitedError);
  });

  test('wrong passwords are limited by address for all user names together, and the /64 of IPv6 is one address', async () => {
    const at = (host: number) => ({ address: `2001:db8:0:1::${host}` });
    await fail(3, 'a', at(1));
    await fail(3, 'b', at(2));
    await expect(one.withPassword(username, 'secret', at(3))).rejects.toThrow(RateLimitedError);
    const neighbour = { address: '2001:db8:0:2::1' };
    expect((await one.withPassword(username, 'secret', neighbour)).actor).toMatchObject({
      username,
    });
  });

  test('wrong passwords are limited also where they all come at once', async () => {
    const guesses = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => one.withPassword(username, `guess ${index}`, FROM)),
    );
    const codes = guesses.map((guess) => guess.status === 'rejected' && guess.reason.code);
    expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(3);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(17);
  });

  test('a user is never locked out at an address that succeeded before, and a wrong password is still called wrong', async () => {
    await one.withPassword(username, 'secret', FROM);
    await fail(3);
    await expect(one.withPassword(username, 'wrong', FROM)).rejects.toThrow(RateLimitedError);
    expect((await one.withPassword(username, 'secret', FROM)).actor).toMatchObject({ username });
  });

  test('a stranger who fails on purpose does not lock the owner of a user name out, at a new address and after a restart', async () => {
    await fail(3);
    const owner = { address: '203.0.113.9' };
    expect((await one.withPassword(username, 'secret', owner)).actor).toMatchObject({ username });
    one = authenticatorOn(db.database, { throttle: new LoginThrottle(limits) });
    await fail(3);
    expect((await one.withPassword(username, 'secret', owner)).actor).toMatchObject({ username });
  });

  test('a network that a user signed in from is known after a restart and to every instance, while strangers fail on purpose', async () => {
    const start = () =>
      authenticatorOn(db.database, { throttle: new LoginThrottle(limits, knownNetworks()) });
    one = start();
    await one.withPassword(username, 'secret', FROM);
    await one.close();
    one = start();
    await fail(3, username, { address: '203.0.113.9' });
    for (let index = 0; index < 3; index++) {
      const mistyped = one.withPassword(username, `mistyped ${index}`, FROM);
      await expect(mistyped).rejects.toThrow(RateLimitedError);
    }
    expect((await one.withPassword(username, 'secret', FROM)).actor).toMatchObject({ username });
    const stranger = { address: '203.0.113.10' };
    await expect(one.withPassword(username, 'guess 1', stranger)).rejects.toThrow(RateLimitedError);
    await expect(one.withPassword(username, 'secret', stranger)).rejects.toThrow(RateLimitedError);
  });

  test('a known network is forgotten after 90 days without use, and with another password', async () => {
    const memory = knownNetworks();
    memory.remember(username, '192.0.2.1');
    await memory.settled();
    expect(await memory.recall(username, '192.0.2.1')).toBe(true);
    expect(await memory.recall(username, '192.0.2.2')).toBe(false);
    expect(await memory.recall(await newUser(), '192.0.2.1')).toBe(false);
    expect(await memory.recall('\0', '192.0.2.1')).toBe(false);
    time.pass(90 * 86_400_000);
    expect(await memory.recall(username, '192.0.2.1')).toBe(true);
    time.pass(1);
    expect(await memory.recall(username, '192.0.2.1')).toBe(false);
    memory.remember(username, '192.0.2.3');
    await memory.settled();
    expect(await networksOf(username)).toBe(1);
    await services.users.setPassword(acme, username, 'another');
    expect(await memory.recall(username, '192.0.2.3')).toBe(false);
  });

  test('no more than the 50 newest networks of a user are stored, without their addresses', async () => {
    const memory = knownNetworks();
    for (let index = 0; index < 55; index++) {
      memory.remember(username, `192.0.2.${index}`);
      await memory.settled();
      time.pass(1000);
    }
    expect(await networksOf(username)).toBe(50);
    expect(await memory.recall(username, '192.0.2.4')).toBe(false);
    expect(await memory.recall(username, '192.0.2.5')).toBe(true);
    const { rows } = await db.database.pool.query('SELECT hash FROM known_network');
    expect(rows.every(({ hash }) => (hash as Buffer).length === 32)).toBe(true);
  });

  test('guesses from a network that succeeded before have a higher limit', async () => {
    await one.withPassword(username, 'secret', FROM);
    for (let index = 0; index < 5; index++) {
      await expect(one.withPassword(username, `guess ${index}`, FROM)).rejects.toThrow();
    }
    await expect(one.withPassword(username, 'secret', FROM)).rejects.toThrow(RateLimitedError);
  });

  test('the IPv6 networks of one site count together, at a higher limit', async () => {
    for (let index = 0; index < 24; index++) {
      const address = `2001:db8:7:${index}::1`;
      await expect(one.withPassword(`user ${index}`, 'wrong', { address })).rejects.toThrow(
        WRONG_PASSWORD,
      );
    }
    const next = { address: '2001:db8:7:ffff::1' };
    await expect(one.withPassword(username, 'secret', next)).rejects.toThrow(RateLimitedError);
    const other = { address: '2001:db8:8::1' };
    expect((await one.withPassword(username, 'secret', other)).actor).toMatchObject({ username });
  });

  test('the right password is never limited, nor are simultaneous requests with it', async () => {
    for (let index = 0; index < 10; index++) {
      await one.withPassword(username, 'secret', { address: `198.51.100.${index}` });
    }
    const fresh = { address: '198.51.100.99' };
    const many = Array.from({ length: 10 }, () => one.withPassword(username, 'secret', fresh));
    expect(await Promise.all(many)).toHaveLength(10);
  });

  test('wrong tokens are limited by address, but a valid one never is', async () => {
    const { key } = await services.tokens.create(acme, { name: 'x', scopes: ['READ'] });
    for (let index = 0; index < 4; index++) {
      await expect(one.withToken(`wrong ${index}`, FROM)).rejects.toThrow(WRONG_TOKEN);
    }
    await expect(one.withToken('wrong', FROM)).rejects.toThrow(RateLimitedError);
    expect((await one.withToken(key, FROM)).actor).toMatchObject({ kind: 'token' });
    await expect(one.withToken('wrong', { address: '::ffff:192.0.2.1' })).rejects.toThrow(
      RateLimitedError,
    );
    await expect(one.withToken('wrong', { address: '192.0.2.2' })).rejects.toThrow(WRONG_TOKEN);
  });
});
