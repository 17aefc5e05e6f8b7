import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../../src/domain/auth/authenticator.js';
import { UnauthenticatedError } from '../../../src/domain/shared/errors.js';
import { LOGIN_LIMITS, LoginThrottle } from '../../../src/domain/auth/login-throttle.js';
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
/** two instances on one database */
let one: Authenticator;
let two: Authenticator;
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
  two = authenticatorOn(db.database, time.parts);
});

async function newUser(password = 'secret', role: 'VIEWER' | 'ADMIN' = 'VIEWER'): Promise<string> {
  const username = `user-${++names}`;
  await services.users.create(acme, { username, password, role });
  return username;
}

describe('The principal of a credential', () => {
  test('the principal of a token has its scopes', async () => {
    const { key, id } = await services.tokens.create(acme, {
      name: 'plc-7',
      scopes: ['READ', 'INGEST'],
    });
    expect(await one.withToken(key, FROM)).toEqual({
      accountId: acme.accountId,
      accountName: 'Acme',
      actor: { kind: 'token', id, name: 'plc-7' },
      scopes: new Set(['READ', 'INGEST']),
    });
  });

  test('the principal of a user has the scopes of the role: viewer (read) or admin', async () => {
    const viewer = await one.withPassword(await newUser(), 'secret', FROM);
    expect(viewer).toMatchObject({ accountId: acme.accountId, accountName: 'Acme' });
    expect(viewer.actor).toMatchObject({ kind: 'user', role: 'VIEWER' });
    expect(viewer.scopes).toEqual(new Set(['READ']));
    const admin = await one.withPassword(await newUser('secret', 'ADMIN'), 'secret', FROM);
    expect(admin.scopes).toEqual(new Set(['READ', 'INGEST', 'ADMIN']));
  });

  test.each(['pa:ss:', 'pässwörd 🛢', ' ', '\0', 'tab\t', 'x'.repeat(1024)])(
    'a password may hold colons and any Unicode: %j',
    async (password) => {
      const username = await newUser(password);
      const { actor } = await one.withPassword(username, password, FROM);
      expect(actor).toMatchObject({ username });
      await expect(one.withPassword(username, `${password}!`, FROM)).rejects.toThrow(
        WRONG_PASSWORD,
      );
    },
  );

  test('a password typed in composed or decomposed Unicode is the same', async () => {
    const username = await newUser('caf\u00e9');
    expect((await one.withPassword(username, 'cafe\u0301', FROM)).actor).toMatchObject({
      username,
    });
  });

  test('the error of wrong credentials does not say what is wrong', async () => {
    const username = await newUser();
    const relaxed = authenticatorOn(db.database, {
      throttle: new LoginThrottle({ ...LOGIN_LIMITS, passwordsPerAddress: 1000 }),
    });
    for (const [name, password] of [
      [username, 'Secret'],
      [username, ''],
      [username.toUpperCase(), 'secret'],
      [`${username} `, 'secret'],
      ['nobody', 'secret'],
      ['', ''],
      ['no\0body', 'secret'],
      ['x'.repeat(10_000), 'secret'],
      [username, 'x'.repeat(10_000)],
    ] as const) {
      await expect(relaxed.withPassword(name, password, FROM)).rejects.toThrow(WRONG_PASSWORD);
    }
    for (const key of ['', 'fg_', 'fg_\0', 'x'.repeat(10_000), 'ключ']) {
      await expect(relaxed.withToken(key, FROM)).rejects.toThrow(WRONG_TOKEN);
    }
    await expect(relaxed.withSession('')).rejects.toThrow(UnauthenticatedError);
  });
});

describe('What ends a credential ends access within one second on every instance', () => {
  /** Both instances know it; then it is ended; a second later neither accepts it. */
  async function expectToEnd(
    use: (on: Authenticator) => Promise<unknown>,
    end: () => Promise<unknown>,
  ) {
    await use(one);
    await use(two);
    await end();
    time.pass(1000);
    await expect(use(one)).rejects.toThrow(UnauthenticatedError);
    await expect(use(two)).rejects.toThrow(UnauthenticatedError);
  }

  test('a revoked token is refused within a second on every instance', async () => {
    const { key, id } = await services.tokens.create(acme, { name: 'x', scopes: ['READ'] });
    await expectToEnd(
      (on) => on.withToken(key, FROM),
      () => services.tokens.revoke(acme, id),
    );
  });

  test('a disabled user is refused within a second on every instance, until enabled again', async () => {
    const username = await newUser();
    await expectToEnd(
      (on) => on.withPassword(username, 'secret', FROM),
      () => services.users.disable(acme, username),
    );
    await services.users.enable(acme, username);
    expect((await one.withPassword(username, 'secret', FROM)).actor).toMatchObject({ username });
  });

  test('a changed password is refused within a second on every instance, and the new one accepted at once', async () => {
    const username = await newUser();
    await expectToEnd(
      (on) => on.withPassword(username, 'secret', FROM),
      () => services.users.setPassword(acme, username, 'better'),
    );
    expect((await one.withPassword(username, 'better', FROM)).actor).toMatchObject({ username });
  });

  test('a password that is set again to the same stays valid', async () => {
    const username = await newUser();
    await one.withPassword(username, 'secret', FROM);
    await services.users.setPassword(acme, username, 'secret');
    time.pass(1000);
    expect((await one.withPassword(username, 'secret', FROM)).actor).toMatchObject({ username });
  });

  test('a role that is taken away is gone within a second on every instance', async () => {
    const username = await newUser('secret', 'ADMIN');
    await one.withPassword(username, 'secret', FROM);
    await services.users.setRole(acme, username, 'VIEWER');
    time.pass(1000);
    const { scopes } = await one.withPassword(username, 'secret', FROM);
    expect(scopes).toEqual(new Set(['READ']));
  });

  test('a token expires to the millisecond, cached or not', async () => {
    const expiresAt = new Date(time.clock().getTime() + 300);
    const ticking = accountServices(db.database, time.clock);
    const { key } = await ticking.tokens.create(acme, { name: 'x', scopes: ['READ'], expiresAt });
    time.pass(299);
    const principal = await one.withToken(key, FROM);
    time.pass(1);
    await expect(one.withToken(key, FROM)).rejects.toThrow(WRONG_TOKEN);
    await expect(one.renew(principal)).rejects.toThrow(UnauthenticatedError);
    await expect(two.withToken(key, FROM)).rejects.toThrow(WRONG_TOKEN);
  });

  test('access ends at once on the instance where it was taken away', async () => {
    const { key, id } = await services.tokens.create(acme, { name: 'x', scopes: ['READ'] });
    await one.withToken(key, FROM);
    await services.tokens.revoke(acme, id);
    one.invalidate();
    await expect(one.withToken(key, FROM)).rejects.toThrow(WRONG_TOKEN);
  });

  test('renewing a principal returns the user’s current scopes, and ends with the user’s access', async () => {
    const username = await newUser('secret', 'ADMIN');
    const opened = await one.withPassword(username, 'secret', FROM);
    expect(await one.renew(opened)).toBe(opened);
    await services.users.setRole(acme, username, 'VIEWER');
    time.pass(1000);
    expect((await one.renew(opened)).scopes).toEqual(new Set(['READ']));
    await services.users.disable(acme, username);
    time.pass(1000);
    await expect(one.renew(opened)).rejects.toThrow(UnauthenticatedError);
    expect(await one.renew(acme)).toBe(acme);
  });
});

describe('When a token was last used', () => {
  test('when a token was last used is written at most once a minute by all instances', async () => {
    const { key, id } = await services.tokens.create(acme, { name: 'used', scopes: ['READ'] });
    const lastUsed = async () => {
      await Promise.all([one.close(), two.close()]);
      const listed = await services.tokens.list(acme);
      return listed.find((token) => token.id === id)?.lastUsedAt?.toISOString();
    };
    expect(await lastUsed()).toBeUndefined();
    await one.withToken(key, FROM);
    expect(await lastUsed()).toBe('2026-03-01T12:00:00.000Z');
    time.pass(59_000);
    await one.withToken(key, FROM);
    await two.withToken(key, FROM);
    expect(await lastUsed()).toBe('2026-03-01T12:00:00.000Z');
    time.pass(2000);
    await one.withToken(key, FROM);
    expect(await lastUsed()).toBe('2026-03-01T12:01:01.000Z');
  });
});
