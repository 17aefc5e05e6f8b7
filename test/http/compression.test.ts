import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, createServerWorld, token, type Call, type World } from '../helpers/server.js';
import { eventsOf, PING_RECEIVED, take } from '../helpers/subscriptions.js';

const DECODE = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync };

let world: World;
let sensorId: number;
beforeAll(async () => {
  world = await createServerWorld();
  const { principal } = world.ours;
  const { sensors, pings } = world.server.services;
  sensorId = (await sensors.create(principal, { name: 'Sensor' })).id;
  const readings = Array.from({ length: 200 }, (_, minute) => ({
    sensorId,
    flowrate: minute / 7,
    datetime: new Date(Date.UTC(2020, 0, 1, 0, minute)),
  }));
  await pings.record(principal, readings, { onConflict: 'REJECT' });
});
afterAll(() => world.close());

const ask = (path: string, encoding: string | undefined, options: Call = {}) =>
  call(world.server.url, path, {
    ...options,
    headers: {
      ...token(world.ours.admin),
      ...(encoding !== undefined && { 'Accept-Encoding': encoding }),
      ...options.headers,
    },
  });

const graphql = (query: string, encoding: string | undefined) =>
  ask('/graphql', encoding, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  });

const pingsPath = () => `/api/v1/flow_sensors/${sensorId}/pings/`;
const LARGE = {
  REST: (encoding?: string) => ask(pingsPath(), encoding),
  GraphQL: (encoding?: string) =>
    graphql(
      `{ flowSensor(id: ${sensorId}) { pings(first: 200) { nodes { id datetime flowrate } } } }`,
      encoding,
    ),
};

describe.each(['REST', 'GraphQL'] as const)('A large response of %s', (api) => {
  const large = LARGE[api];

  test.each(['br', 'gzip', 'deflate'] as const)(
    'a large response is compressed for a client that accepts %s',
    async (name) => {
      const plain = await large();
      const reply = await large(name);
      expect(reply).toMatchObject({ status: 200, headers: { 'content-encoding': name } });
      expect(reply.headers['content-length']).toBeUndefined();
      expect(reply.headers.vary).toContain('Accept-Encoding');
      expect(reply.headers['content-type']).toBe(plain.headers['content-type']);
      expect(DECODE[name](reply.bytes).toString()).toBe(plain.text);
      expect(reply.bytes.length).toBeLessThan(plain.bytes.length / 2);
    },
  );

  test('a large response is not compressed for a client without Accept-Encoding', async () => {
    const { headers, bytes, body } = await large();
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers.vary).toBe('Origin');
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(body).toBeDefined();
  });

  test.each(['identity', 'gzip;q=0', '*;q=0', 'zz'])(
    'a large response is not compressed for Accept-Encoding: %s',
    async (name) => {
      const { headers, text } = await large(name);
      expect(headers).not.toHaveProperty('content-encoding');
      expect(text).toBe((await large()).text);
    },
  );
});

test.each([
  ['a small response', () => `/api/v1/flow_sensors/${sensorId}/`, 200],
  ['an error', () => `${pingsPath()}?page=9`, 404],
  ['a redirect', () => '/api/v1/flow_sensors', 301],
])('%s is not compressed', async (_, path, status) => {
  const [plain, reply] = [await ask(path(), undefined), await ask(path(), 'gzip')];
  expect([plain.status, reply.status]).toEqual([status, status]);
  expect(reply.headers).not.toHaveProperty('content-encoding');
  expect(reply.headers['content-length']).toBe(plain.headers['content-length']);
  expect(reply.text).toBe(plain.text);
});

test('HEAD has the Content-Length of the response that it does not send', async () => {
  const { status, headers, text } = await ask(pingsPath(), 'gzip', { method: 'HEAD' });
  expect([status, text]).toEqual([200, '']);
  expect(headers).not.toHaveProperty('content-encoding');
  expect(headers['content-length']).toBe((await LARGE.REST()).headers['content-length']);
});

test('a connection serves compressed responses one after the other', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => LARGE.REST('gzip')));
  const texts = answers.map(({ bytes }) => gunzipSync(bytes).toString());
  expect(new Set(texts)).toEqual(new Set([(await LARGE.REST()).text]));
});

test('server-sent events are not delayed by compression', async () => {
  const { url, services } = world.server;
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Encoding': 'gzip', ...headers },
      body,
    });
  const events = await eventsOf({ post }, world.ours.admin, PING_RECEIVED);
  const ping = { sensorId, flowrate: 5, datetime: new Date('2021-01-01T00:00:00Z') };
  await services.pings.record(world.ours.principal, [ping], { onConflict: 'REJECT' });
  const [{ data }] = await take(events, 1);
  expect(data.pingReceived.flowrate).toBe(5);
  await events.return(undefined);
});

test('a page that contains secrets is never compressed', async () => {
  const { webhooks } = world.server.services;
  const url = 'https://example.com/';
  const { id } = await webhooks.create(world.ours.principal, { url });
  const aliases = Array.from(
    { length: 60 },
    (_, index) => `a${index}: webhookEndpoint(id: "${id}") { id url }`,
  );
  const without = await graphql(`{ ${aliases.join(' ')} }`, 'gzip');
  const secret = await graphql(`{ ${aliases.join(' ').replaceAll('url', 'secret')} }`, 'gzip');
  expect(secret.text).toContain('whsec_');
  expect(secret.headers).not.toHaveProperty('content-encoding');
  expect(secret.headers['cache-control']).toBe('no-store, no-transform');
  expect(without.headers['cache-control']).toBe('no-store');
});
