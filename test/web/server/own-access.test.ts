import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  type World,
} from '../../helpers/server.js';
import { Visitor } from '../../helpers/visitor.js';

const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };
const SESSIONS = '{ sessions { id address userAgent isCurrent createdAt lastUsedAt endsAt } }';
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) }';
const END = 'mutation ($id: ID!) { endSession(id: $id) }';

let world: World;

beforeAll(async () => {
  world = await createServerWorld();
  const { users } = world.server.services;
  await users.create(world.ours.principal, { username: 'ada', password: 'first' });
  await users.create(world.theirs.principal, { username: 'eve', password: 'first' });
});
afterAll(() => world.close());

async function signedIn(username = 'ada', password = 'first'): Promise<Visitor> {
  const visitor = new Visitor(world.server.url, BROWSER);
  expect((await visitor.signIn(username, password)).status).toBe(303);
  return visitor;
}

async function send(visitor: Visitor, query: string, variables: object = {}, csrf?: string) {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const token = csrf ?? (await visitor.csrfToken());
  const headers = { ...JSON_BODY, ...BROWSER, Cookie: cookie, 'X-CSRF-Token': token };
  const body = JSON.stringify({ query, variables });
  return (await call(world.server.url, '/graphql', { method: 'POST', headers, body })).body;
}

const ask = (token: string, query: string, variables: object = {}) =>
  sendGraphQL(world, token, query, variables);

test('users see their own sessions, end one of them, and end all others', async () => {
  const [here, there, third] = [await signedIn(), await signedIn(), await signedIn()];
  const eve = await signedIn('eve');
  const { sessions } = (await send(here, SESSIONS)).data;
  expect(sessions).toHaveLength(3);
  expect(sessions.filter(({ isCurrent }: any) => isCurrent)).toEqual([
    expect.objectContaining({ address: '127.0.0.1', userAgent: BROWSER['User-Agent'] }),
  ]);
  const current = async (visitor: Visitor) =>
    (await send(visitor, SESSIONS)).data.sessions.find(({ isCurrent }: any) => isCurrent).id;
  const id = await current(there);

  expect((await send(eve, END, { id })).errors[0].extensions.code).toBe('NOT_FOUND');
  expect((await send(here, END, { id }, 'wrong')).data).toBeUndefined();
  expect((await send(here, END, { id: 'x' })).errors[0].extensions.code).toBe('NOT_FOUND');
  expect((await send(there, SESSIONS)).data.sessions).toHaveLength(3);

  expect((await send(here, END, { id })).data).toEqual({ endSession: id });
  expect((await there.get('/app/')).status).toBe(303);
  expect((await send(here, END, { id })).errors[0].extensions.code).toBe('NOT_FOUND');
  expect((await send(here, 'mutation { endOtherSessions }')).data).toEqual({ endOtherSessions: 1 });
  expect((await third.get('/app/')).status).toBe(303);
  expect((await here.get('/app/')).status).toBe(200);
  expect((await eve.get('/app/')).status).toBe(200);
});

test('administrators see and end one session of a user of their own account; nobody else does', async () => {
  const [ada, other] = [await signedIn(), await signedIn()];
  const { id: sessionId } = (await send(ada, SESSIONS)).data.sessions.find(
    ({ isCurrent }: any) => isCurrent,
  );
  const { users } = (await ask(world.ours.admin, '{ users { id username } }')).data;
  const userId = users.find(({ username }: any) => username === 'ada').id;
  const list =
    'query ($userId: ID!) { userSessions(userId: $userId) { id address userAgent isCurrent } }';
  const end = 'mutation ($userId: ID!, $id: ID!) { endUserSession(userId: $userId, id: $id) }';
  const which = { userId, id: sessionId };
  for (const query of [list, end]) {
    const code = async (token: string) =>
      (await ask(token, query, which)).errors[0].extensions.code;
    expect(await code(world.ours.reader)).toBe('FORBIDDEN');
    expect(await code(world.theirs.admin)).toBe('NOT_FOUND');
  }
  const { users: theirs } = (await ask(world.theirs.admin, '{ users { id } }')).data;
  const foreign = await ask(world.theirs.admin, end, { userId: theirs[0].id, id: sessionId });
  expect(foreign.errors[0].extensions.code).toBe('NOT_FOUND');
  expect((await ada.get('/app/')).status).toBe(200);

  const { userSessions } = (await ask(world.ours.admin, list, which)).data;
  expect(userSessions).toContainEqual({
    ...{ id: sessionId, address: '127.0.0.1', userAgent: BROWSER['User-Agent'], isCurrent: false },
  });
  expect((await ask(world.ours.admin, end, which)).data).toEqual({ endUserSession: sessionId });
  expect((await ada.get('/app/')).status).toBe(303);
  expect((await other.get('/app/')).status).toBe(200);
  expect((await ask(world.ours.admin, end, which)).errors[0].extensions.code).toBe('NOT_FOUND');
  const { auditEvents } = (
    await ask(
      world.ours.admin,
      '{ auditEvents(first: 1, filter: { types: [SESSION_ENDED] }) { nodes { actorName subjectName } } }',
    )
  ).data;
  expect(auditEvents.nodes).toEqual([{ actorName: 'ours ADMIN', subjectName: 'ada' }]);
});

test('users change their password with the current one, which ends their other sessions', async () => {
  const [here, there] = [await signedIn(), await signedIn()];
  const change = (currentPassword: string, newPassword: string) =>
    send(here, CHANGE, { input: { currentPassword, newPassword } });
  for (const [input, field] of [
    [['wrong', 'second'], 'currentPassword'],
    [['first', ''], 'newPassword'],
  ] as const) {
    const { errors } = await change(input[0], input[1]);
    expect(errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  }
  expect((await there.get('/app/')).status).toBe(200);
  expect((await change('first', 'second')).data).toEqual({ changePassword: true });
  expect((await there.get('/app/')).status).toBe(303);
  expect((await here.get('/app/')).status).toBe(200);
  await signedIn('ada', 'second');
  const { data } = await sendGraphQL(
    world,
    world.ours.admin,
    '{ auditEvents(first: 20, filter: { actor: "ada" }) { nodes { type address subjectName } } }',
  );
  const types = data.auditEvents.nodes.map(({ type }: any) => type);
  expect(types.slice(0, 2)).toEqual(['SIGNED_IN', 'USER_PASSWORD_CHANGED']);
  expect(types).toEqual(expect.arrayContaining(['SESSION_ENDED', 'OTHER_SESSIONS_ENDED']));
  const changed = data.auditEvents.nodes[1];
  expect(changed).toMatchObject({ address: '127.0.0.1', subjectName: 'ada' });
});

test('a token has neither sessions nor a password', async () => {
  for (const [query, variables] of [
    [SESSIONS, {}],
    [END, { id: '1' }],
    ['mutation { endOtherSessions }', {}],
    [CHANGE, { input: { currentPassword: 'first', newPassword: 'x' } }],
  ] as const) {
    const { errors } = await sendGraphQL(world, world.ours.admin, query, variables);
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  }
});
