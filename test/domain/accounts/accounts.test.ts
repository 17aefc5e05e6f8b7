import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
} from '../../../src/domain/shared/errors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { accountServices, authenticatorOn, type AccountServices } from '../../helpers/accounts.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

const FROM = { address: '192.0.2.1' };

let db: TestDatabase;
let services: AccountServices;
let acme: Principal;
let other: Principal;

beforeAll(async () => {
  db = await createTestDatabase();
  services = accountServices(db.database);
  await services.accounts.create('Acme');
  await services.accounts.create('Other');
  acme = await services.accounts.operatorIn({ name: 'Acme' });
  other = await services.accounts.operatorIn({ name: 'Other' });
});
afterAll(() => db.drop());

async function faultsOf(work: Promise<unknown>): Promise<Record<string, string>> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidInputError);
  const { errors } = error as InvalidInputError;
  return Object.fromEntries(errors.map(({ path, message }) => [path.join('.'), message]));
}

describe('Accounts', () => {
  test('an account is found by its name, by a username and by the id of a token', async () => {
    await services.users.create(acme, { username: 'clue', password: 'x' });
    const token = await services.tokens.create(acme, { name: 'clue', scopes: ['READ'] });
    for (const clue of [{ name: 'Acme' }, { username: 'clue' }, { tokenId: token.id }]) {
      expect(await services.accounts.operatorIn(clue)).toEqual(acme);
    }
    expect((await services.accounts.findByName('Acme'))?.id).toBe(acme.accountId);
    expect((await services.accounts.list()).map(({ name }) => name)).toEqual(['Acme', 'Other']);
  });

  test('the creation of an account is logged in that account, with who did it', async () => {
    const { auditEvent } = db.database.prisma;
    const logged = await auditEvent.findMany({ where: { type: 'ACCOUNT_CREATED' } });
    expect(
      logged.map(({ accountId, actorType, subjectType, subjectId, subjectName }) => ({
        ...{ accountId, actorType, subjectType, subjectId, subjectName },
      })),
    ).toEqual(
      [acme, other].map(({ accountId, accountName }) => ({
        ...{ accountId, actorType: 'OPERATOR', subjectType: 'ACCOUNT' },
        ...{ subjectId: String(accountId), subjectName: accountName },
      })),
    );
  });

  test('an account that does not exist is named in the error', async () => {
    const { accounts } = services;
    expect(await accounts.findByName('nobody')).toBeUndefined();
    const there = (clue: Parameters<typeof accounts.operatorIn>[0]) => accounts.operatorIn(clue);
    await expect(there({ name: 'No\0' })).rejects.toThrow(NotFoundError);
    await expect(there({ name: 'none' })).rejects.toThrow('There is no account named "none".');
    await expect(there({ username: 'n\0' })).rejects.toThrow(NotFoundError);
    await expect(there({ tokenId: 999 })).rejects.toThrow('There is no token 999.');
    await expect(there({ tokenId: 1e12 })).rejects.toThrow('There is no token 1000000000000.');
  });

  test('the name of an account is unique and readable', async () => {
    const create = (name: string) => faultsOf(services.accounts.create(name));
    expect(await create('Acme')).toEqual({ name: 'There is an account named "Acme" already.' });
    expect(await create(' ')).toEqual({ name: 'Must not be empty.' });
    expect(await create('a\0b')).toEqual({ name: 'Must not contain control characters.' });
    expect(await create('é'.repeat(151))).toEqual({
      name: 'Must be at most 150 characters long, not 151.',
    });
  });
});

describe('Users', () => {
  test('a user belongs to an account and is a viewer by default', async () => {
    const ada = await services.users.create(acme, { username: 'ada', password: 'x' });
    const bob = await services.users.create(acme, {
      username: 'bob',
      password: 'x',
      role: 'ADMIN',
    });
    expect([ada.role, bob.role]).toEqual(['VIEWER', 'ADMIN']);
    expect(JSON.stringify([ada, await services.users.list(acme)])).not.toContain('argon2');
    expect((await services.users.list(acme)).map(({ username }) => username)).toContain('ada');
    expect(await services.users.list(other)).toEqual([]);
  });

  test('usernames are unique over all accounts and compared exactly', async () => {
    await services.users.create(acme, { username: 'eve', password: 'x' });
    const again = services.users.create(other, { username: 'eve', password: 'y' });
    expect(await faultsOf(again)).toEqual({ username: 'There is a user named "eve" already.' });
    const Eve = await services.users.create(other, { username: 'Eve', password: 'y' });
    expect(Eve.username).toBe('Eve');
  });

  test.each([
    ['', 'Must not be empty.'],
    ['a:b', 'Must not contain a colon.'],
    ['a\0b', 'Must not contain control characters.'],
    ['a\nb', 'Must not contain control characters.'],
    ['a\ud800b', 'Must not contain control characters.'],
    [' a', 'Must not begin or end with a space.'],
    ['a'.repeat(151), 'Must be at most 150 characters long, not 151.'],
  ])('%j is refused as a username', async (username, message) => {
    const work = services.users.create(acme, { username, password: 'x' });
    expect(await faultsOf(work)).toEqual({ username: message });
    await expect(services.users.disable(acme, username)).rejects.toThrow(NotFoundError);
    await expect(services.users.setPassword(acme, username, 'x')).rejects.toThrow(NotFoundError);
  });

  test('a password is any Unicode of 1 to 1024 bytes in UTF-8', async () => {
    const create = (password: string) =>
      services.users.create(acme, { username: 'longish', password });
    expect(await faultsOf(create(''))).toEqual({ password: 'Must not be empty.' });
    expect(await faultsOf(create('é'.repeat(513)))).toEqual({
      password: 'Must be at most 1024 bytes long in UTF-8, not 1026.',
    });
    expect(await faultsOf(create('\ud800'))).toEqual({ password: 'Must be well-formed Unicode.' });
    expect((await create('é'.repeat(512))).username).toBe('longish');
    const signedIn = await authenticatorOn(db.database).withPassword(
      'longish',
      'é'.repeat(512),
      FROM,
    );
    expect(signedIn.actor).toMatchObject({ username: 'longish' });
  });

  test('every error of a new user is reported, not just the first', async () => {
    const work = services.users.create(acme, { username: 'a:b', password: '' });
    expect(Object.keys(await faultsOf(work))).toEqual(['username', 'password']);
  });

  test('passwords are hashed with a memory-hard function and are nowhere in the database', async () => {
    await services.users.create(acme, { username: 'hashed', password: 'correct horse' });
    const { passwordHash } = await db.database.prisma.user.findUniqueOrThrow({
      where: { username: 'hashed' },
    });
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('Tokens', () => {
  test('a token is shown once, when it is made, and only its hash is stored', async () => {
    const { key, ...token } = await services.tokens.create(acme, {
      name: 'plc',
      scopes: ['INGEST', 'READ', 'READ'],
      expiresAt: new Date('2999-01-01T00:00:00Z'),
    });
    expect(key).toMatch(/^fg_[\w-]{43}$/);
    expect(token).toMatchObject({ name: 'plc', scopes: ['READ', 'INGEST'] });
    const listed = await services.tokens.list(acme);
    expect(listed).toContainEqual(token);
    expect(JSON.stringify(listed)).not.toContain(key);
    const { rows } = await db.database.pool.query(
      'SELECT t::text AS row, hash = sha256($1::bytea) AS hashed FROM api_token t WHERE id = $2',
      [Buffer.from(key), token.id],
    );
    expect(rows[0].hashed).toBe(true);
    expect(rows[0].row).not.toContain(key);
  });

  test('a token needs a name, a scope and an expiry in the future', async () => {
    const create = (input: object) =>
      faultsOf(services.tokens.create(acme, { name: 'x', scopes: ['READ'], ...input }));
    expect(await create({ name: '', scopes: [], expiresAt: new Date(0) })).toEqual({
      name: 'Must not be empty.',
      scopes: 'Must name at least one of READ, INGEST, ADMIN.',
      expiresAt: 'Must be in the future, not 1970-01-01T00:00:00.000Z.',
    });
    expect(await create({ name: 'a\0' })).toEqual({
      name: 'Must not contain control characters.',
    });
    for (const expiresAt of [new Date(NaN), new Date(8.64e15)]) {
      expect(await create({ expiresAt })).toEqual({
        expiresAt: 'Must be a datetime before the year 10000.',
      });
    }
  });

  test('a revoked token is not listed any more, and revoking it again is not an error', async () => {
    const { id } = await services.tokens.create(acme, { name: 'gone', scopes: ['READ'] });
    await services.tokens.revoke(acme, id);
    await services.tokens.revoke(acme, id);
    expect((await services.tokens.list(acme)).map((token) => token.id)).not.toContain(id);
  });
});

describe('Tenancy', () => {
  test('nothing of another account can be seen, not even that it exists', async () => {
    await services.users.create(acme, { username: 'mine', password: 'x' });
    const { id } = await services.tokens.create(acme, { name: 'mine', scopes: ['READ'] });
    const { users, tokens } = services;
    for (const work of [
      () => users.disable(other, 'mine'),
      () => users.enable(other, 'mine'),
      () => users.setRole(other, 'mine', 'ADMIN'),
      () => users.delete(other, 'mine'),
      () => users.setPassword(other, 'mine', 'stolen'),
      () => tokens.revoke(other, id),
      () => tokens.revoke(other, 2 ** 31),
      () => tokens.revoke(other, 0.5),
    ]) {
      await expect(work()).rejects.toThrow(new NotFoundError());
    }
    expect(await tokens.list(other)).toEqual([]);
    expect((await tokens.list(acme)).map((token) => token.id)).toContain(id);
    const mine = await authenticatorOn(db.database).withPassword('mine', 'x', FROM);
    expect(mine.accountName).toBe('Acme');
  });

  test('managing users and tokens needs the scope admin', async () => {
    const { users, tokens } = services;
    const reader: Principal = { ...acme, scopes: new Set(['READ', 'INGEST']) };
    for (const work of [
      () => users.list(reader),
      () => users.create(reader, { username: 'x', password: 'x' }),
      () => users.disable(reader, 'ada'),
      () => users.delete(reader, 'ada'),
      () => users.setPassword(reader, 'ada', 'x'),
      () => tokens.list(reader),
      () => tokens.create(reader, { name: 'x', scopes: ['ADMIN'] }),
      () => tokens.revoke(reader, 1),
    ]) {
      await expect(work()).rejects.toThrow(ForbiddenError);
    }
  });
});
