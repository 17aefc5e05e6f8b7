import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../../src/domain/auth/authenticator.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { Sessions } from '../../../src/domain/auth/sessions.js';
import { Database } from '../../../src/storage/postgres/database.js';
import { SessionStore } from '../../../src/storage/accounts/session-store.js';
import { TokenStore } from '../../../src/storage/accounts/token-store.js';
import {
  accountServices,
  authenticatorOn,
  ManualTime,
  type AccountServices,
} from '../../helpers/accounts.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { severable } from '../../helpers/severable-connection.js';

const FROM = { address: '192.0.2.1' };

let db: TestDatabase;
let services: AccountServices;
let acme: Principal;
let authenticator: Authenticator;

beforeAll(async () => {
  db = await createTestDatabase();
  services = accountServices(db.database);
  await services.accounts.create('Acme');
  acme = await services.accounts.operatorIn({ name: 'Acme' });
  await services.users.create(acme, { username: 'ada', password: 'secret', role: 'ADMIN' });
});
afterAll(() => db.drop());
beforeEach(() => {
  authenticator = authenticatorOn(db.database);
});
afterEach(() => authenticator.close());

function ended(principal: Principal, by = authenticator): Promise<void> {
  return new Promise((resolve) => by.watch(principal, resolve));
}

describe('What stays open ends with its credential', () => {
  test('a revoked token ends what it opened, and what another token opened goes on', async () => {
    const create = () => services.tokens.create(acme, { name: 'x', scopes: ['READ'] });
    const [revoked, kept] = [await create(), await create()];
    const principal = await authenticator.withToken(revoked.key, FROM);
    let keptEnded = false;
    void ended(await authenticator.withToken(kept.key, FROM)).then(() => (keptEnded = true));
    const both = Promise.all([ended(principal), ended(principal)]);
    await services.tokens.revoke(acme, revoked.id);
    expect(await both).toHaveLength(2);
    expect(keptEnded).toBe(false);
  });

  test('an expired token ends what it opened', async () => {
    const time = new ManualTime();
    authenticator = authenticatorOn(db.database, time.parts);
    const { key } = await accountServices(db.database, time.clock).tokens.create(acme, {
      name: 'x',
      scopes: ['READ'],
      expiresAt: new Date(time.clock().getTime() + 100),
    });
    const end = ended(await authenticator.withToken(key, FROM));
    time.pass(100);
    await expect(end).resolves.toBeUndefined();
  });

  test('a user who loses a scope or is disabled ends what they opened', async () => {
    const admin = ended(await authenticator.withPassword('ada', 'secret', FROM));
    await services.users.setRole(acme, 'ada', 'VIEWER');
    await expect(admin).resolves.toBeUndefined();
    authenticator.invalidate();
    const viewer = ended(await authenticator.withPassword('ada', 'secret', FROM));
    await services.users.disable(acme, 'ada');
    await expect(viewer).resolves.toBeUndefined();
    await services.users.enable(acme, 'ada');
  });

  test('a session that is signed out on another instance ends what it opened', async () => {
    const other = new Sessions({
      sessions: new SessionStore(db.database),
      authenticator: authenticatorOn(db.database),
      clock: () => new Date(),
    });
    const cookie = await other.signIn('ada', 'secret', FROM);
    const end = ended(await authenticator.withSession(cookie.value));
    await other.signOut(cookie.value, FROM);
    await expect(end).resolves.toBeUndefined();
  });

  test('nothing ends while the database is unavailable; what was revoked meanwhile ends after it', async () => {
    const way = await severable(db.connection);
    const database = new Database(way.connection);
    let failed = (): void => undefined;
    class FailingTokens extends TokenStore {
      override findCredential(...hash: Parameters<TokenStore['findCredential']>) {
        return super.findCredential(...hash).catch((error: unknown) => {
          failed();
          throw error;
        });
      }
    }
    authenticator = authenticatorOn(database, { tokens: new FailingTokens(database) });
    const { key, id } = await services.tokens.create(acme, { name: 'x', scopes: ['READ'] });
    let isEnded = false;
    const end = ended(await authenticator.withToken(key, FROM)).then(() => (isEnded = true));
    const noticed = new Promise<void>((resolve) => (failed = resolve));
    way.sever();
    await noticed;
    expect(isEnded).toBe(false);
    await services.tokens.revoke(acme, id);
    way.restore();
    await end;
    await authenticator.close();
    await database.close();
    await way.close();
  });

  test('a watch that was ended is not called any more', async () => {
    const { key, id } = await services.tokens.create(acme, { name: 'x', scopes: ['READ'] });
    const principal = await authenticator.withToken(key, FROM);
    let calls = 0;
    const unwatch = authenticator.watch(principal, () => calls++);
    const end = ended(principal);
    unwatch();
    await services.tokens.revoke(acme, id);
    await end;
    unwatch();
    expect(calls).toBe(0);
  });

  test('a watch of the operator never ends', () => {
    const unwatch = authenticator.watch(acme, () => undefined);
    expect(() => unwatch()).not.toThrow();
  });
});
