import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, createServerWorld, JSON_BODY, type World } from '../../helpers/server.js';
import { hiddenFields, LOGIN, Visitor } from '../../helpers/visitor.js';

const BASE = '/flow';
const PAGE = `${BASE}/app/invitation`;
const CREATE = `mutation ($input: CreateInvitationInput!) {
  createInvitation(input: $input) { id code username role expiresAt } }`;
const REVOKE = 'mutation ($id: ID!) { revokeInvitation(id: $id) }';
const LIST = '{ invitations { id username role invitedBy expiresAt } }';
const PASSWORD = 'a right password';

let world: World;

beforeAll(async () => {
  world = await createServerWorld({ basePath: BASE, trustedProxies: ['127.0.0.1'] });
});
afterAll(() => world.close());

/** Each from a network of its own. */
let visitors = 0;
const visitor = () => new Visitor(world.server.url, { 'X-Forwarded-For': `203.0.${++visitors}.1` });

async function send(query: string, variables: object = {}, token = world.ours.admin) {
  const headers = { ...JSON_BODY, Authorization: `Token ${token}` };
  const body = JSON.stringify({ query, variables });
  return (await call(world.server.url, `${BASE}/graphql`, { method: 'POST', headers, body })).body;
}

async function invite(input: object = {}) {
  const { data } = await send(CREATE, { input: { days: 7, ...input } });
  return data.createInvitation as { id: string; code: string; expiresAt: string };
}

async function open(who: Visitor, code: string) {
  const { text } = await who.get(PAGE);
  return who.post(PAGE, { ...hiddenFields(text), code });
}

async function accept(who: Visitor, code: string, username: string, more: object = {}) {
  const form = await open(who, code);
  const typed = { username, password: PASSWORD, again: PASSWORD, ...more };
  return who.post(`${PAGE}/accept`, { ...hiddenFields(form.text), ...typed });
}

test('who is invited by a link chooses a username and a password, and is signed in with the role', async () => {
  const { code, expiresAt } = await invite({ role: 'ADMIN', username: 'ada@example.com' });
  const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThanOrEqual(7);
  const ada = visitor();
  const form = await open(ada, code);
  expect(form.status).toBe(200);
  expect(form.text).toContain('value="ada@example.com"');
  expect(form.text).toMatch(/<bdi>ours<\/bdi>.* as an administrator/s);
  const reply = await accept(ada, code, 'ada');
  expect([reply.status, reply.headers.location]).toEqual([303, `${BASE}/app/`]);
  expect((await ada.get(`${BASE}/app/`)).status).toBe(200);
  const { data } = await send('{ users { username role } }');
  expect(data.users).toEqual([{ username: 'ada', role: 'ADMIN' }]);
  expect((await send('{ users { username } }', {}, world.theirs.admin)).data.users).toEqual([]);

  const again = visitor();
  const login = await again.get(`${BASE}${LOGIN}`);
  const fields = { ...hiddenFields(login.text), username: 'ada', password: PASSWORD };
  expect((await again.post(`${BASE}${LOGIN}`, fields)).status).toBe(303);
});

test('a link is good once, even for two who accept it together', async () => {
  const { code } = await invite();
  const both = await Promise.all([
    accept(visitor(), code, 'first of two'),
    accept(visitor(), code, 'second of two'),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual([303, 410]);
  const used = await open(visitor(), code);
  expect(used.status).toBe(410);
  expect(used.text).toContain('This invitation has been used');
  expect((await send(LIST)).data.invitations).toEqual([]);
});

test('expired, revoked and unknown links say so, and make no user', async () => {
  const [expired, revoked] = [await invite(), await invite({ days: 1 })];
  const { prisma } = world.test.database;
  const data = { expiresAt: new Date(Date.now() - 1000) };
  await prisma.invitation.update({ where: { id: Number(expired.id) }, data });
  expect((await send(LIST)).data.invitations.map(({ id }: any) => id)).toEqual([revoked.id]);
  const form = await open(visitor(), revoked.code);
  expect((await send(REVOKE, { id: revoked.id })).data).toEqual({ revokeInvitation: revoked.id });
  expect((await send(REVOKE, { id: revoked.id })).errors[0].extensions.code).toBe('NOT_FOUND');
  expect(form.status).toBe(200);
  for (const [code, status, words] of [
    [expired.code, 410, 'This invitation has expired'],
    [revoked.code, 410, 'This invitation was revoked'],
    ['nothing', 404, 'There is no such invitation'],
  ] as const) {
    const who = visitor();
    const reply = await open(who, code);
    expect([reply.status, reply.text.includes(words)]).toEqual([status, true]);
    const csrf = hiddenFields((await who.get(PAGE)).text).csrf!;
    const typed = { csrf, code, username: 'late', password: PASSWORD, again: PASSWORD };
    expect((await who.post(`${PAGE}/accept`, typed)).status).toBe(status);
  }
  expect(await prisma.user.findUnique({ where: { username: 'late' } })).toBeNull();
});

test('a taken username, an empty password and one that differs are named, and the link stays good', async () => {
  const { users } = world.server.services;
  await users.create(world.theirs.principal, { username: 'taken', password: PASSWORD });
  const { code } = await invite();
  const who = visitor();
  for (const [username, more, words] of [
    ['taken', {}, 'Username: There is a user named &quot;taken&quot; already.'],
    ['a:b', {}, 'Username: Must not contain a colon.'],
    ['fresh', { password: '', again: '' }, 'Password: Must not be empty.'],
    ['fresh', { again: 'another' }, 'Password: Must be the same both times.'],
  ] as const) {
    const { status, text } = await accept(who, code, username, more);
    expect([status, text.includes(words)]).toEqual([400, true]);
    expect(text).toContain(`value="${username}"`);
    expect(text).not.toContain(PASSWORD);
  }
  expect((await accept(who, code, 'fresh')).status).toBe(303);
});

test('a form without its CSRF token does nothing', async () => {
  const { code } = await invite();
  const who = visitor();
  await who.get(PAGE);
  const typed = { csrf: 'wrong', code, username: 'forged', password: PASSWORD, again: PASSWORD };
  for (const path of [PAGE, `${PAGE}/accept`]) {
    expect((await who.post(path, typed)).status).toBe(403);
  }
  expect((await accept(who, code, 'not forged')).status).toBe(303);
});

test('codes of no use are slowed by network, and another network is not', async () => {
  const { code } = await invite();
  const who = visitor();
  const csrf = hiddenFields((await who.get(PAGE)).text).csrf!;
  const statuses: number[] = [];
  for (let tried = 0; tried < 31; tried++) {
    statuses.push((await who.post(PAGE, { csrf, code: `guess ${tried}` })).status);
  }
  expect(statuses.filter((status) => status === 404)).toHaveLength(30);
  const refused = await who.post(PAGE, { csrf, code });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await open(visitor(), code)).status).toBe(200);
});

test('who is signed in as another user is that no longer once an invitation is accepted', async () => {
  const [first, second] = [await invite(), await invite()];
  const who = visitor();
  await accept(who, first.code, 'one person');
  const cookie = `flowgate_session=${who.cookies.get('flowgate_session')}`;
  const form = await open(who, second.code);
  expect(form.text).toContain('<bdi>one person</bdi>');
  expect((await accept(who, second.code, 'another person')).status).toBe(303);
  const before = await call(world.server.url, `${BASE}/app/`, { headers: { Cookie: cookie } });
  expect(before.status).toBe(303);
  expect((await who.get(`${BASE}/app/`)).status).toBe(200);
});

test('only the account’s administrators invite, list and revoke; the code is stored nowhere', async () => {
  const { id, code } = await invite({ username: 'dora' });
  for (const [query, variables] of [
    [LIST, {}],
    [CREATE, { input: { days: 7 } }],
    [REVOKE, { id }],
  ] as const) {
    for (const token of [world.ours.reader, world.ours.ingester]) {
      const { errors } = await send(query, variables, token);
      expect(errors[0].extensions.code).toBe('FORBIDDEN');
    }
  }
  expect((await send(LIST, {}, world.theirs.admin)).data.invitations).toEqual([]);
  const foreign = await send(REVOKE, { id }, world.theirs.admin);
  expect(foreign.errors[0].extensions.code).toBe('NOT_FOUND');
  expect((await send(LIST)).data.invitations).toContainEqual(
    expect.objectContaining({ id, username: 'dora', role: 'VIEWER', invitedBy: 'ours ADMIN' }),
  );
  for (const [input, field] of [
    [{ username: 'a:b' }, 'username'],
    [{ days: 0 }, 'days'],
    [{ days: 31 }, 'days'],
  ] as const) {
    const { errors } = await send(CREATE, { input: { days: 7, ...input } });
    expect(errors[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: expect.stringMatching(field),
    });
  }
  await accept(visitor(), code, 'dora');
  const { rows } = await world.test.database.pool.query('SELECT * FROM invitation');
  expect(JSON.stringify(rows)).not.toContain(code);
  const events =
    '{ auditEvents(first: 50) { nodes { type actorName subjectType subjectName details } } }';
  const { nodes } = (await send(events)).data.auditEvents;
  expect(JSON.stringify(nodes)).not.toContain(code);
  expect(nodes).toContainEqual(
    expect.objectContaining({
      type: 'INVITATION_CREATED',
      subjectType: 'INVITATION',
      subjectName: 'dora',
    }),
  );
  const created = nodes.find(
    ({ type, subjectName }: any) => type === 'USER_CREATED' && subjectName === 'dora',
  );
  expect(JSON.parse(created.details)).toEqual({
    role: 'VIEWER',
    invitation: Number(id),
    invitedBy: 'ours ADMIN',
  });
  expect(nodes.map(({ type }: any) => type)).toContain('INVITATION_REVOKED');
});
