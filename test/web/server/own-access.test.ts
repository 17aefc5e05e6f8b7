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
