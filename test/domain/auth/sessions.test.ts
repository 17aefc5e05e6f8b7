import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../../src/domain/auth/authenticator.js';
import { auditEntry } from '../../../src/domain/shared/audit.js';
import { csrfToken, newCookie, verifyCsrf } from '../../../src/domain/auth/csrf.js';
import { UnauthenticatedError } from '../../../src/domain/shared/errors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { SESSION } from '../../../src/domain/auth/session-lifetime.js';
import { Sessions } from '../../../src/domain/auth/sessions.js';
import { SessionStore } from '../../../src/storage/accounts/session-store.js';
import {
  accountServices,
  authenticatorOn,
  ManualTime,
  type AccountServices,
} from '../../helpers/accounts.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

const FROM = { address: '192.0.2.1' };
const MINUTE = 60_000;

let db: TestDatabase;
let services: AccountServices;
let acme: Principal;
let time: ManualTime;
let authenticator: Authenticator;
let otherInstance: Authenticator;
let sessions: Sessions;

beforeAll(async () => {
  db = await createTestDatabase();
  services = accountServices(db.database);
  await services.accounts.create('Acme');
  acme = await services.accounts.operatorIn({ name: 'Acme' });
  await services.users.create(acme, { username: 'ada', password: 'secret' });
});
afterAll(() => db.drop());
beforeEach(() => {
  time = new ManualTime();
  authenticator = authenticatorOn(db.database, time.parts);
  otherInstance = authenticatorOn(db.database, time.parts);
  const store = new SessionStore(db.database);
  sessions = new Sessions({ sessions: store, authenticator, clock: time.clock });
});

const signIn = async () => (await sessions.signIn('ada', 'secret', FROM)).value;

async function expectEnded(cookie: string, on = authenticator): Promise<void> {
  await expect(on.withSession(cookie)).rejects.toThrow(UnauthenticatedError);
}

describe('A session', () => {
  test('a session authenticates its user on every instance, and only the hash of its cookie is stored', async () => {
    const cookie = await signIn();
    const user = await authenticator.withPassword('ada', 'secret', FROM);
    const actor = { ...user.actor, sessionId: expect.any(Number) };
    expect(await authenticator.withSession(cookie)).toEqual({ ...user, actor });
    expect(await otherInstance.withSession(cookie)).toEqual({ ...user, actor });
    const { rows } = await db.database.pool.query('SELECT s::text AS row FROM session s');
    expect(rows.length).toBeGreaterThan(0);
    for (const part of cookie.split('.')) {
      expect(rows.every(({ row }) => !row.includes(part))).toBe(true);
    }
  });

  test('no session is made with a wrong password or for a disabled user', async () => {
    const wrong = 'Invalid username/password.';
    await expect(sessions.signIn('ada', 'wrong', FROM)).rejects.toThrow(wrong);
    await services.users.disable(acme, 'ada');
    await expect(sessions.signIn('ada', 'secret', FROM)).rejects.toThrow(wrong);
    await services.users.enable(acme, 'ada');
  });

  test('signing out ends the session at once here and within a second elsewhere, and no other session', async () => {
    const [here, there] = [await signIn(), await signIn()];
    await authenticator.withSession(here);
    await otherInstance.withSession(here);
    await sessions.signOut(here, FROM);
    await expectEnded(here);
    time.pass(1000);
    await expectEnded(here, otherInstance);
    expect((await otherInstance.withSession(there)).actor).toMatchObject({ username: 'ada' });
    await sessions.signOut('unknown', FROM);
  });

  test('signing out everywhere ends all sessions of the user', async () => {
    const [here, there] = [await signIn(), await signIn()];
    await sessions.signOutEverywhere(await authenticator.withSession(here));
    await expectEnded(here);
    await expectEnded(there);
    await expect(sessions.signOutEverywhere(acme)).rejects.toThrow('Only a user has sessions.');
  });

  test('a session ends when its user is disabled or the password changed', async () => {
    const cookie = await signIn();
    await authenticator.withSession(cookie);
    await services.users.disable(acme, 'ada');
    time.pass(1000);
    await expectEnded(cookie);
    await services.users.enable(acme, 'ada');
    const another = await signIn();
    await services.users.setPassword(acme, 'ada', 'better');
    await services.users.setPassword(acme, 'ada', 'secret');
    time.pass(1000);
    await expectEnded(another);
  });

  test('a session made while the password is changed does not survive the change', async () => {
    const { id, passwordHash } = await db.database.prisma.user.findUniqueOrThrow({
      where: { username: 'ada' },
    });
    await services.users.setPassword(acme, 'ada', 'secret');
    const made = new SessionStore(db.database).create(
      { id, passwordHash },
      {
        hash: new Uint8Array(32),
        ...{ now: time.clock(), expiresAt: time.clock() },
        ...FROM,
        userAgent: null,
        issuer: null,
      },
      auditEntry(acme, 'SIGNED_IN', { type: 'USER', id }),
    );
    expect(await made).toBe(false);
  });

  test('a session ends after a day without use, and after 30 days in any case', async () => {
    const [idle, used] = [await signIn(), await signIn()];
    const { idle: day, absolute } = SESSION;
    for (let passed = 0; passed < absolute - day; passed += day / 2) {
      time.pass(day / 2);
      await authenticator.withSession(used);
      await authenticator.close();
    }
    await expectEnded(idle);
    time.pass(day - 1);
    expect((await authenticator.withSession(used)).actor).toMatchObject({ username: 'ada' });
    time.pass(1);
    await expectEnded(used);
    expect(await sessions.rotate(used)).toBeUndefined();
  });

  test('a session gets another cookie after an hour, and the previous one is valid for another minute', async () => {
    const old = await signIn();
    time.pass(59 * MINUTE);
    expect(await sessions.rotate(old)).toBeUndefined();
    time.pass(MINUTE);
    const rotated = await Promise.all([sessions.rotate(old), sessions.rotate(old)]);
    const [changed] = rotated.filter((cookie) => cookie !== undefined);
    expect(rotated).toContain(undefined);
    expect(changed!.value).not.toBe(old);
    time.pass(MINUTE - 1);
    const opened = await authenticator.withSession(old);
    time.pass(1);
    await expectEnded(old);
    await expectEnded(old, otherInstance);
    await authenticator.withSession(changed!.value);
    // What was opened with the old cookie is of the same session.
    time.pass(1000);
    expect((await authenticator.renew(opened)).actor).toMatchObject({ username: 'ada' });
  });
});

describe('CSRF protection', () => {
  test('a form has a CSRF token of its own session, which stays valid when the cookie is replaced', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const token = csrfToken(mine);
    time.pass(60 * MINUTE);
    const changed = await sessions.rotate(mine);
    expect(verifyCsrf(mine, token)).toBe(true);
    expect(verifyCsrf(changed!.value, token)).toBe(true);
    expect(verifyCsrf(other, token)).toBe(false);
    expect(mine).not.toContain(token);
  });

  test('CSRF protection works for a visitor who is not signed in', async () => {
    const visitor = newCookie();
    expect(verifyCsrf(visitor, csrfToken(visitor))).toBe(true);
    await expectEnded(visitor);
  });

  test.each([
    ['no cookie', undefined, 'x'],
    ['no token', newCookie(), undefined],
    ['an empty token', newCookie(), ''],
    ['a token of other characters', newCookie(), 'é'.repeat(43)],
    ['an empty cookie with its token', '', csrfToken('')],
    ['a cookie that anyone can guess, with its token', 'x.y', csrfToken('x.y')],
  ])('%s is refused as a CSRF token', (_, cookie, token) => {
    expect(verifyCsrf(cookie, token)).toBe(false);
  });
});
