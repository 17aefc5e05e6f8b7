import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { basic, call, createServerWorld, sendGraphQL, type World } from '../../helpers/server.js';

let world: World;
beforeAll(async () => {
  world = await createServerWorld();
});
afterAll(() => world.close());

const send = (query: string, variables: object = {}, key = world.ours.admin): Promise<any> =>
  sendGraphQL(world, key, query, variables);

async function ask(query: string, variables: object = {}, key = world.ours.admin): Promise<any> {
  const { data, errors } = await send(query, variables, key);
  expect(errors).toBeUndefined();
  return data;
}

const EVENTS = `query ($filter: AuditEventFilter, $first: Int, $after: String, $last: Int) {
  auditEvents(filter: $filter, first: $first, after: $after, last: $last) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { type actorType actorName address subjectType subjectId subjectName details } } }`;
const eventsOf = async (filter: object, page: object = {}, key = world.ours.admin) =>
  (await ask(EVENTS, { filter, ...page }, key)).auditEvents;
const byToken = { actorType: 'TOKEN', actorName: 'ours ADMIN', address: '127.0.0.1' };
const latest = async (filter: object) => (await eventsOf(filter, { first: 1 })).nodes[0];

test('what is done to a sensor and its pings is logged with who, from where, and its name, which outlives it', async () => {
  const { createFlowSensor } = await ask(
    'mutation { createFlowSensor(input: { name: "FT-101" }) { id } }',
  );
  const { id } = createFlowSensor;
  await ask(
    `mutation { updateFlowSensor(id: ${id}, input: { name: "FT-102", maxGap: 60 }) { id } }`,
  );
  await ask(`mutation { retireFlowSensor(id: ${id}, reason: "replaced") { id } }`);
  await ask(`mutation { restoreFlowSensor(id: ${id}) { id } }`);
  await ask(`mutation { deleteFlowSensor(id: ${id}) }`);
  const { nodes } = await eventsOf({ subjectType: 'SENSOR', subjectId: id });
  const subject = { ...byToken, subjectType: 'SENSOR', subjectId: id };
  expect(nodes.map(({ details, ...event }: any) => [event, JSON.parse(details)])).toEqual([
    [{ ...subject, type: 'SENSOR_DELETED', subjectName: 'FT-102' }, {}],
    [
      { ...subject, type: 'SENSOR_RESTORED', subjectName: 'FT-102' },
      { parameters: ['RETIRED_AT'], reason: null },
    ],
    [
      { ...subject, type: 'SENSOR_RETIRED', subjectName: 'FT-102' },
      { parameters: ['RETIRED_AT'], reason: 'replaced' },
    ],
    [
      { ...subject, type: 'SENSOR_CHANGED', subjectName: 'FT-101' },
      { parameters: ['NAME', 'MAX_GAP'], reason: null },
    ],
    [{ ...subject, type: 'SENSOR_CREATED', subjectName: 'FT-101' }, {}],
  ]);
});

test('corrections, deletions and imports of pings are logged; recording new ones is not', async () => {
  const { createFlowSensor } = await ask(
    'mutation { createFlowSensor(input: { name: "pings" }) { id } }',
  );
  const { id } = createFlowSensor;
  const RECORD = `mutation ($flowrate: Float!) { recordPings(input: { onConflict: OVERWRITE,
    pings: [{ sensorId: ${id}, flowrate: $flowrate, datetime: "2026-01-01" }] }) { recorded } }`;
  const count = async () => (await eventsOf({})).totalCount;
  const before = await count();
  await ask(RECORD, { flowrate: 1 });
  expect(await count()).toBe(before);
  await ask(RECORD, { flowrate: 2 });
  expect(await latest({})).toMatchObject({
    ...{ ...byToken, type: 'PINGS_CORRECTED', subjectId: id, subjectName: 'pings' },
    details: '{"count":1}',
  });
  await ask(`mutation { deletePings(sensorId: ${id}, start: "2026-01-01", end: "2026-01-02") }`);
  const deleted = await latest({});
  expect(deleted).toMatchObject({ ...byToken, type: 'PINGS_DELETED', subjectId: id });
  expect(JSON.parse(deleted.details)).toEqual({
    ...{ count: 1, start: '2026-01-01T00:00:00.000Z', end: '2026-01-02T00:00:00.000Z' },
  });
  expect(await count()).toBe(before + 2);
});

test('what is done to tokens and endpoints is logged without any secret', async () => {
  const created = (
    await ask(`mutation { createApiToken(input: { name: "plc", scopes: [INGEST] }) { id key } }`)
  ).createApiToken;
  await ask(`mutation { revokeApiToken(id: ${created.id}) }`);
  await ask(`mutation { revokeApiToken(id: ${created.id}) }`);
  const tokens = await eventsOf({ subjectType: 'TOKEN', subjectId: created.id });
  expect(tokens.nodes.map(({ type, subjectName }: any) => [type, subjectName])).toEqual([
    ['TOKEN_REVOKED', 'plc'],
    ['TOKEN_CREATED', 'plc'],
  ]);

  const url = 'http://127.0.0.1:9/hook/s3cret-path?key=s3cret-query';
  const endpoint = (
    await ask(
      `mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { id secret } }`,
      { url },
    )
  ).createWebhookEndpoint;
  const { id } = endpoint;
  expect(endpoint.secret).toMatch(/^whsec_/);
  await ask(`mutation { updateWebhookEndpoint(id: ${id}, input: { description: "x" }) { id } }`);
  await ask(`{ webhookEndpoint(id: ${id}) { url } }`);
  const shown = (await ask(`{ webhookEndpoint(id: ${id}) { secret } }`)).webhookEndpoint;
  const rotated = (await ask(`mutation { rotateWebhookSecret(id: ${id}) { id } }`))
    .rotateWebhookSecret;
  expect(rotated.id).toBe(id);
  await ask(`mutation { deleteWebhookEndpoint(id: ${id}) }`);
  const { nodes } = await eventsOf({ subjectType: 'WEBHOOK_ENDPOINT', subjectId: id });
  expect(nodes.map(({ type }: any) => type)).toEqual([
    ...['WEBHOOK_ENDPOINT_DELETED', 'WEBHOOK_SECRET_ROTATED', 'WEBHOOK_SECRET_REVEALED'],
    ...['WEBHOOK_ENDPOINT_CHANGED', 'WEBHOOK_SECRET_REVEALED', 'WEBHOOK_ENDPOINT_CREATED'],
  ]);
  const everything = JSON.stringify((await eventsOf({}, { first: 1000 })).nodes);
  for (const secret of [created.key, endpoint.secret, shown.secret, 's3cret']) {
    expect(everything).not.toContain(secret);
  }
  expect(nodes[0].subjectName).toBe('http://127.0.0.1:9');
});

test('who signed in, who failed to, and what was done to users is logged', async () => {
  const { users, sessions } = world.server.services;
  const { principal } = world.ours;
  await users.create(principal, { username: 'ada', password: 'right', role: 'ADMIN' });
  const { value } = await sessions.signIn('ada', 'right', { address: '192.0.2.1' });
  await sessions.signOut(value, { address: '192.0.2.3' });
  await sessions.signOut(value, { address: '192.0.2.3' });
  await expect(sessions.signIn('ada', 'wr0ng', { address: '192.0.2.2' })).rejects.toThrow();
  await expect(sessions.signIn('nobody-known', 'x', { address: '192.0.2.2' })).rejects.toThrow();
  await call(world.server.url, '/api/v1/flow_sensors/', { headers: basic('ada', 'wr0ng') });
  await users.disable(principal, 'ada');
  await users.delete(principal, 'ada');
  const { nodes } = await eventsOf({ subjectType: 'USER' });
  const byAda = { actorType: 'USER', actorName: 'ada' };
  const byOperator = { actorType: 'OPERATOR', actorName: 'operator', address: null };
  expect(nodes).toMatchObject([
    { ...byOperator, type: 'USER_DELETED', subjectName: 'ada' },
    { ...byOperator, type: 'USER_DISABLED', subjectName: 'ada' },
    { ...byAda, type: 'SIGN_IN_FAILED', address: '127.0.0.1' },
    { ...byAda, type: 'SIGN_IN_FAILED', address: '192.0.2.2' },
    { ...byAda, type: 'SIGNED_OUT', address: '192.0.2.3' },
    { ...byAda, type: 'SIGNED_IN', address: '192.0.2.1' },
    { ...byOperator, type: 'USER_CREATED', details: '{"role":"ADMIN"}' },
  ]);
  expect(JSON.stringify(nodes)).not.toContain('wr0ng');
});

test('a change that fails leaves no event', async () => {
  const count = async () => (await eventsOf({})).totalCount;
  const before = await count();
  const { errors } = await send('mutation { createFlowSensor(input: { name: "" }) { id } }');
  expect(errors).toHaveLength(1);
  const { users } = world.server.services;
  const input = { username: 'twice', password: 'x' };
  await users.create(world.ours.principal, input);
  await expect(users.create(world.ours.principal, input)).rejects.toThrow();
  expect(await count()).toBe(before + 1);
});

test('events are for admins of the own account, page by page, by actor, type and time', async () => {
  expect(
    (await send('{ auditEvents { totalCount } }', {}, world.ours.reader)).errors[0],
  ).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  const theirs = await eventsOf({}, {}, world.theirs.admin);
  expect(theirs.nodes.map(({ type, subjectName }: any) => [type, subjectName])).toEqual([
    ['TOKEN_CREATED', 'theirs ADMIN'],
    ['TOKEN_CREATED', 'theirs INGEST'],
    ['TOKEN_CREATED', 'theirs READ'],
    ['ACCOUNT_CREATED', 'theirs'],
  ]);
  const all = await eventsOf({ types: ['TOKEN_CREATED'], actor: 'operator' });
  expect(all.totalCount).toBe(3);
  const first = await eventsOf({ types: ['TOKEN_CREATED'], actor: 'operator' }, { first: 2 });
  expect(first.pageInfo.hasNextPage).toBe(true);
  const { endCursor: after } = first.pageInfo;
  const second = await eventsOf(
    { types: ['TOKEN_CREATED'], actor: 'operator' },
    { first: 2, after },
  );
  expect([...first.nodes, ...second.nodes]).toEqual(all.nodes);
  expect((await eventsOf({ end: '2020-01-01' })).totalCount).toBe(0);
  expect((await eventsOf({ start: '2020-01-01' })).totalCount).toBeGreaterThan(3);
});

test('the export is NDJSON, oldest first, of the own account', async () => {
  const { auditEvents } = world.server.services;
  let text = '';
  await auditEvents.export(world.theirs.principal, {}, async (part) => {
    text += part;
    await Promise.resolve();
  });
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type, subjectName }) => [type, subjectName])).toEqual([
    ['ACCOUNT_CREATED', 'theirs'],
    ['TOKEN_CREATED', 'theirs READ'],
    ['TOKEN_CREATED', 'theirs INGEST'],
    ['TOKEN_CREATED', 'theirs ADMIN'],
  ]);
  expect(lines[1]).toMatchObject({
    at: expect.stringMatching(/Z$/),
    details: { scopes: ['READ'] },
  });
});
