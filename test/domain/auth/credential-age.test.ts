import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../../src/domain/auth/authenticator.js';
import { UnauthenticatedError } from '../../../src/domain/shared/errors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { Database } from '../../../src/storage/postgres/database.js';
import { DatabaseUnavailableError } from '../../../src/storage/postgres/pg-errors.js';
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
const WRONG_TOKEN = new UnauthenticatedError('Invalid token.');

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

/** Counts how often the database was asked, and may take its time. */
class WatchedTokens extends TokenStore {
  asked = 0;
  delay: () => void = () => undefined;

  override async findCredential(...hash: Parameters<TokenStore['findCredential']>) {
    this.asked += 1;
    const found = await super.findCredential(...hash);
    this.delay();
    return found;
  }
}

describe('A cached credential is good only while its last lookup began less than a second ago', () => {
  let tokens: WatchedTokens;
  let key: string;
  let id: number;

  beforeEach(async () => {
    tokens = new WatchedTokens(db.database);
    one = authenticatorOn(db.database, { ...time.parts, tokens });
    ({ key, id } = await services.tokens.create(acme, { name: 'x', scopes: ['READ'] }));
  });

  async function untilAsked(times: number): Promise<void> {
    while (tokens.asked < times) await new Promise(setImmediate);
  }

  test('the database is asked once for all requests within half a second', async () => {
    await Promise.all(Array.from({ length: 50 }, () => one.withToken(key, FROM)));
    time.pass(499);
    await one.withToken(key, FROM);
    expect(tokens.asked).toBe(1);
  });

  test('a credential in use is looked up again before the second is over, and no request waits for it', async () => {
    await one.withToken(key, FROM);
    time.pass(999);
    const lookup = new Promise<void>((resolve) => (tokens.delay = resolve));
    await one.withToken(key, FROM);
    await lookup;
    // What the lookup before found is more than a second old now.
    time.pass(499);
    await one.withToken(key, FROM);
    expect(tokens.asked).toBe(2);
  });

  test('a credential that a lookup in the background finds ended is refused from then on', async () => {
    await one.withToken(key, FROM);
    await services.tokens.revoke(acme, id);
    time.pass(500);
    await one.withToken(key, FROM);
    await untilAsked(2);
    await expect(
      (async () => {
        for (;;) {
          await one.withToken(key, FROM);
          await new Promise(setImmediate);
        }
      })(),
    ).rejects.toThrow(WRONG_TOKEN);
  });

  test('the age of a lookup counts from its beginning: one that took a second is repeated', async () => {
    tokens.delay = () => {
      time.pass(1000);
      tokens.delay = () => undefined;
    };
    await one.withToken(key, FROM);
    expect(tokens.asked).toBe(2);
  });

  test('the service is unavailable where every lookup takes a second', async () => {
    tokens.delay = () => time.pass(1000);
    await expect(one.withToken(key, FROM)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('while the database is unavailable no credential older than a second is accepted, and none is called wrong', async () => {
    const way = await severable(db.connection);
    const database = new Database(way.connection);
    const away = authenticatorOn(database, time.parts);
    const principal = await away.withToken(key, FROM);
    const username = await newUser();
    await away.withPassword(username, 'secret', FROM);
    way.sever();
    time.pass(999);
    expect(await away.withToken(key, FROM)).toEqual(principal);
    time.pass(1);
    await expect(away.withToken(key, FROM)).rejects.toThrow(DatabaseUnavailableError);
    await expect(away.renew(principal)).rejects.toThrow(DatabaseUnavailableError);
    await expect(away.withPassword(username, 'secret', FROM)).rejects.toThrow(
      DatabaseUnavailableError,
    );
    await expect(away.withToken('wrong', FROM)).rejects.toThrow(DatabaseUnavailableError);
    await expect(away.withSession('wrong')).rejects.toThrow(DatabaseUnavailableError);
    way.restore();
    expect((await away.withToken(key, FROM)).actor).toEqual(principal.actor);
    await away.withPassword(username, 'secret', FROM);
    await database.close();
    await way.close();
  });
});
