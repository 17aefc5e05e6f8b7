import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import {
  basic,
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../../helpers/server.js';
import { hiddenFields, LOGIN, Visitor } from '../../helpers/visitor.js';

const PASSWORD = 'a right password';
const ENROL =
  'mutation ($password: String!) { enrolTotp(currentPassword: $password) { secret uri } }';
const CONFIRM = 'mutation ($code: String!) { confirmTotp(code: $code) }';
const REMOVE = 'mutation ($input: RemoveTotpInput!) { removeTotp(input: $input) }';
const RESET = 'mutation ($id: ID!) { resetTotp(userId: $id) { username totpConfirmedAt } }';
const STATE = '{ totp { confirmedAt recoveryCodesLeft } }';

let world: World;

beforeAll(async () => {
  world = await createServerWorld();
});
afterAll(() => world.close());

interface Enrolled {
  readonly id: number;
  readonly username: string;
  readonly visitor: Visitor;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** A code of the time step that is so many after this one. */
function codeOf(secret: string, steps = 0): string {
  const timestamp = Date.now() + steps * 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

async function created(username: string, role?: 'ADMIN'): Promise<number> {
  const { users } = world.server.services;
  const { id } = await users.create(world.ours.principal, { username, password: PASSWORD, role });
  return id;
}

async function signedIn(username: string): Promise<Visitor> {
  const visitor = new Visitor(world.server.url);
  expect((await visitor.signIn(username, PASSWORD)).status).toBe(303);
  return visitor;
}

async function send(visitor: Visitor, query: string, variables: object = {}) {
  const Cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { ...JSON_BODY, Cookie, 'X-CSRF-Token': await visitor.csrfToken() };
  const body = JSON.stringify({ query, variables });
  return (await call(world.server.url, '/graphql', { method: 'POST', headers, body })).body;
}

/** A user whose code of this time step was used; the next one is valid too. */
async function enrolled(username: string, role?: 'ADMIN'): Promise<Enrolled> {
  const id = await created(username, role);
  const visitor = await signedIn(username);
  const { data } = await send(visitor, ENROL, { password: PASSWORD });
  const { secret } = data.enrolTotp;
  const confirmed = await send(visitor, CONFIRM, { code: codeOf(secret) });
  return { id, username, visitor, secret, recoveryCodes: confirmed.data.confirmTotp };
}

/** The page that asks for a code, of a browser that sent the right password. */
async function challenged(username: string, next = '') {
  const visitor = new Visitor(world.server.url);
  const page = await visitor.signIn(username, PASSWORD, next);
  expect([page.status, visitor.cookies.has('flowgate_session')]).toEqual([200, false]);
  const fields = hiddenFields(page.text);
  const enter = (code: string, other: Record<string, string> = {}) =>
    visitor.post(`${LOGIN}/code`, { ...fields, code, ...other });
  return { visitor, page, fields, enter };
}

test('one-time passwords are set up with the password and a code, which gives recovery codes', async () => {
  await created('ada');
  const visitor = await signedIn('ada');
  const wrong = await send(visitor, ENROL, { password: 'wrong' });
  expect(wrong.errors[0].extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'currentPassword',
  });
  const { enrolTotp } = (await send(visitor, ENROL, { password: PASSWORD })).data;
  expect(new URL(enrolTotp.uri).searchParams.get('secret')).toBe(enrolTotp.secret);
  expect(enrolTotp.uri).toMatch(/^otpauth:\/\/totp\/Flowgate:ada\?issuer=Flowgate&/);
  expect((await send(visitor, STATE)).data.totp).toEqual({
    confirmedAt: null,
    recoveryCodesLeft: 0,
  });
  // Nothing is asked for before a code has proved that the app has the secret.
  await signedIn('ada');
  const refused = await send(visitor, CONFIRM, { code: '12345x' });
  expect(refused.errors[0].extensions.field).toBe('code');
  const { confirmTotp } = (await send(visitor, CONFIRM, { code: codeOf(enrolTotp.secret) })).data;
  expect(new Set(confirmTotp).size).toBe(10);
  for (const code of confirmTotp) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  expect((await send(visitor, STATE)).data.totp.recoveryCodesLeft).toBe(10);
  const again = await send(visitor, ENROL, { password: PASSWORD });
  expect(again.errors[0].extensions.code).toBe('CONFLICT');
  const { database } = world.test;
  const stored = await database.pool.query('SELECT hash FROM recovery_code');
  expect(JSON.stringify(stored.rows)).not.toContain(confirmTotp[0]);
});

test('a sign-in then asks for a code, without scripts, and goes on to the page that was asked for', async () => {
  const { secret } = await enrolled('bea');
  const { visitor, page, enter } = await challenged('bea', '/app/volumes');
  expect(page.text).not.toContain('<script');
  expect(page.text).not.toContain(PASSWORD);
  expect(page.text).toContain('autocomplete="one-time-code"');
  const wrong = await enter('000000');
  expect([wrong.status, visitor.cookies.has('flowgate_session')]).toEqual([401, false]);
  expect(wrong.text).toContain('role="alert">That code is not valid now, or was used already.<');
  const code = codeOf(secret, 1);
  const right = await enter(`${code.slice(0, 3)} ${code.slice(3)}`);
  expect([right.status, right.headers.location]).toEqual([303, '/app/volumes']);
  expect((await visitor.get('/app/')).status).toBe(200);
});

test('a code is good once, also of two sign-ins at the same time', async () => {
  const { secret } = await enrolled('cleo');
  const both = [await challenged('cleo'), await challenged('cleo')];
  const code = codeOf(secret, 1);
  const replies = await Promise.all(both.map(({ enter }) => enter(code)));
  expect(replies.map(({ status }) => status).sort()).toEqual([303, 401]);
  // Nor is one of a step before it.
  expect((await (await challenged('cleo')).enter(codeOf(secret))).status).toBe(401);
});

test('a recovery code signs in once, however it is typed, and is logged', async () => {
  const { visitor, recoveryCodes } = await enrolled('dora', 'ADMIN');
  const typed = recoveryCodes[3]!.replaceAll('-', ' ').toUpperCase();
  expect((await (await challenged('dora')).enter(typed)).status).toBe(303);
  expect((await (await challenged('dora')).enter(typed)).status).toBe(401);
  expect((await send(visitor, STATE)).data.totp.recoveryCodesLeft).toBe(9);
  const { auditEvents } = world.server.services;
  const window = { take: 3, from: 'first' } as const;
  const { events } = await auditEvents.window(world.ours.principal, {}, window);
  expect(events.map(({ type, actorName, details }) => [type, actorName, details])).toEqual([
    ['SIGN_IN_FAILED', 'dora', { factor: 'TOTP' }],
    ['SIGNED_IN', 'dora', { factor: 'RECOVERY_CODE' }],
    ['USER_TOTP_CONFIRMED', 'dora', {}],
  ]);
});

test('after five wrong codes even a right one has to wait, and others do not', async () => {
  const { secret } = await enrolled('emma');
  const other = await enrolled('edda');
  const { enter } = await challenged('emma');
  for (let tries = 0; tries < 5; tries++) expect((await enter('000000')).status).toBe(401);
  const throttled = await enter(codeOf(secret, 1));
  expect(throttled.status).toBe(429);
  expect(Number(throttled.headers['retry-after'])).toBeGreaterThan(60);
  const { enter: enterOther } = await challenged('edda');
  expect((await enterOther(codeOf(other.secret, 1))).status).toBe(303);
});

test('a code counts only in the browser that sent the password, and while that is the password', async () => {
  const { secret } = await enrolled('fay');
  const { fields, enter } = await challenged('fay');
  const code = codeOf(secret, 1);
  const stranger = new Visitor(world.server.url);
  const form = hiddenFields((await stranger.get(LOGIN)).text);
  const stolen = { ...form, challenge: fields.challenge!, code };
  expect((await stranger.post(`${LOGIN}/code`, stolen)).status).toBe(403);
  const [id, until, mac] = fields.challenge!.split('.');
  for (const challenge of [
    `${Number(id) + 1}.${until}.${mac}`,
    `${id}.${Number(until) + 60_000}.${mac}`,
    `${id}.${until}.`,
    '',
  ]) {
    expect((await enter(code, { challenge })).status).toBe(403);
  }
  expect((await enter(code, { csrf: 'x' })).status).toBe(403);
  const { users } = world.server.services;
  await users.setPassword(world.ours.principal, 'fay', 'another');
  const late = await enter(code);
  expect([late.status, late.text]).toEqual([403, expect.stringContaining('had expired')]);
});

test('Basic authentication of such a user is refused, with the advice to use a token', async () => {
  await created('gina');
  const read = () =>
    call(world.server.url, '/api/v1/flow_sensors/', { headers: basic('gina', PASSWORD) });
  expect((await read()).status).toBe(200);
  const visitor = await signedIn('gina');
  const { secret } = (await send(visitor, ENROL, { password: PASSWORD })).data.enrolTotp;
  expect((await read()).status).toBe(200);
  await send(visitor, CONFIRM, { code: codeOf(secret) });
  const refused = await read();
  expect([refused.status, refused.body]).toEqual([
    401,
    {
      detail: 'This user signs in with a second factor. Use an API token instead of the password.',
    },
  ]);
  const { body } = await call(world.server.url, '/graphql', {
    method: 'POST',
    headers: { ...JSON_BODY, ...basic('gina', PASSWORD) },
    body: JSON.stringify({ query: '{ viewer { username } }' }),
  });
  expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  expect((await send(visitor, '{ viewer { username } }')).data.viewer.username).toBe('gina');
});

test('users remove their own with password and code, and tokens have none', async () => {
  const { visitor, secret, recoveryCodes } = await enrolled('hanna');
  const remove = (currentPassword: string, code: string) =>
    send(visitor, REMOVE, { input: { currentPassword, code } });
  const field = async (reply: Promise<any>) => (await reply).errors[0].extensions.field;
  expect(await field(remove('wrong', codeOf(secret)))).toBe('currentPassword');
  expect(await field(remove(PASSWORD, '000000'))).toBe('code');
  expect((await remove(PASSWORD, recoveryCodes[0]!)).data).toEqual({ removeTotp: true });
  await signedIn('hanna');
  const byToken = await sendGraphQL(world, world.ours.admin, STATE);
  expect(byToken.errors[0].extensions.code).toBe('FORBIDDEN');
});

test('an administrator resets that of another user of the account alone', async () => {
  const ines = await enrolled('ines');
  const admin = await enrolled('iris', 'ADMIN');
  const code = async (reply: Promise<any>) => (await reply).errors[0].extensions.code;
  expect(await code(send(ines.visitor, RESET, { id: admin.id }))).toBe('FORBIDDEN');
  expect(await code(send(admin.visitor, RESET, { id: admin.id }))).toBe('CONFLICT');
  const theirs = await sendGraphQL(world, world.theirs.admin, RESET, { id: ines.id });
  expect(theirs.errors[0].extensions.code).toBe('NOT_FOUND');
  const reset = await send(admin.visitor, RESET, { id: ines.id });
  expect(reset.data.resetTotp).toEqual({ username: 'ines', totpConfirmedAt: null });
  await signedIn('ines');
  expect(await code(send(admin.visitor, RESET, { id: ines.id }))).toBe('NOT_FOUND');
  const byBasic = await call(world.server.url, '/api/v1/flow_sensors/', {
    headers: basic('ines', PASSWORD),
  });
  expect(byBasic.status).toBe(200);
  const byToken = await call(world.server.url, '/api/v1/flow_sensors/', {
    headers: token(world.ours.reader),
  });
  expect(byToken.status).toBe(200);
});
