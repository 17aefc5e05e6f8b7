import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMirrors } from '../../src/composition/mirrors.js';
import { createLog } from '../../src/http/log.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { call, JSON_BODY, startServer, token, type TestServer } from '../helpers/server.js';
import { TestUpstream } from '../helpers/upstream.js';

const SECRET = 'whsec_c2VjcmV0';
const MINUTE = 60_000;
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 3_600_000;

let database: TestDatabase;
let ours: Tenant;
let theirs: Tenant;
let upstream: TestUpstream;
let server: TestServer;

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await createTenant(database, 'ours');
  theirs = await createTenant(database, 'theirs');
  upstream = new TestUpstream(7);
  await upstream.listen();
  const url = new URL(upstream.address);
  upstream.sensors.set(41, {
    name: 'Upstream 41',
    pings: Array.from({ length: 20 }, (_, index) => ({
      at: START + index * MINUTE,
      flowrate: 100 + index,
    })),
  });
  server = await startServer(database, {
    upstreams: [
      { name: 'north', url, token: upstream.key, account: 'ours', secret: SECRET, pollMs: 20 },
    ],
  });
});
afterAll(async () => {
  await server.close();
  upstream.close();
  await database.drop();
});

const get = async (path: string) =>
  (await call(server.url, path, { headers: token(ours.reader) })).body;
const ask = async (query: string, key = ours.reader) => {
  const { body } = await call(server.url, '/graphql', {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify({ query }),
  });
  return body.data;
};
const flowrates = async (): Promise<number[]> => {
  const [sensor] = (await get('/api/v1/flow_sensors/')).results;
  const found = sensor && (await get(`/api/v1/flow_sensors/${sensor.id}/pings/`));
  return found ? found.results.map(({ flowrate }: any) => flowrate) : [];
};

/** Asks again until what is read meets the condition; the limit of the test ends what never does. */
async function until<T>(read: () => Promise<T>, isMet: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isMet(value)) return value;
  }
}

const hook = (data: object, headers: Record<string, string> = { 'FC-Signature': SECRET }) =>
  call(server.url, '/hooks/flowcommand/', {
    method: 'POST',
    headers: { ...JSON_BODY, ...headers },
    body: JSON.stringify({ type: 'ping_received', api_version: '1', data }),
  });
const MIRROR = '{ mirror { upstream syncedAt error differences { sensorId here upstream } } }';

test('the upstream’s sensors and pings are copied, one request at a time, and volumes compared', async () => {
  const { mirror } = await until(
    () => ask(MIRROR),
    ({ mirror: { syncedAt } }) => syncedAt !== null,
  );
  expect(mirror).toEqual({
    upstream: expect.stringContaining('127.0.0.1'),
    syncedAt: expect.any(String),
    error: null,
    differences: [],
  });
  expect(await flowrates()).toEqual(Array.from({ length: 20 }, (_, index) => 119 - index));
  expect(upstream.requested.some((url) => url.includes('/flow_volume/'))).toBe(true);
  expect((await ask('{ mirror { upstream } }', theirs.reader)).mirror).toBeNull();
  expect(await get('/readyz')).toEqual({
    status: 'ready',
    mirror: { status: 'current', synced_at: expect.any(String), stale_seconds: expect.any(Number) },
  });
});

test('what the upstream’s webhook reports is stored when it is answered, if its signature is right', async () => {
  const at = new Date(START + 30 * MINUTE).toISOString();
  const ping = { id: 9, sensor_id: 41, sensor_name: 'Upstream 41', flowrate: 777, datetime: at };
  for (const headers of [{}, { 'FC-Signature': SECRET.slice(0, -1) }, { 'FC-Signature': '' }]) {
    expect(await hook(ping, headers as Record<string, string>)).toMatchObject({
      status: 401,
      body: { detail: 'Invalid FC-Signature.' },
    });
  }
  expect((await flowrates()).includes(777)).toBe(false);
  // The upstream's flowrates are in bbl/d, whatever unit is set for readings that come otherwise.
  const [{ id }] = (await get('/api/v1/flow_sensors/')).results;
  const changed = `updateFlowSensor(id: ${id}, input: { entryUnit: M3_PER_HOUR }) { entryUnit }`;
  expect(await ask(`mutation { ${changed} }`, ours.admin)).toEqual({
    updateFlowSensor: { entryUnit: 'M3_PER_HOUR' },
  });
  expect(await hook(ping)).toMatchObject({ status: 200, body: { recorded: 1, duplicates: 0 } });
  expect((await flowrates())[0]).toBe(777);
  expect((await hook(ping)).body).toEqual({ recorded: 0, duplicates: 1 });
  expect(await hook({ ...ping, flowrate: 'much' })).toMatchObject({
    status: 400,
    body: { 'data.flowrate': [expect.any(String)] },
  });
  // The webhook was wrong: polling copies what the upstream has.
  upstream.sensors.get(41)!.pings.push({ at: Date.parse(at), flowrate: 778 });
  await until(flowrates, ([newest]) => newest === 778);
  // A sensor that is new at the upstream.
  upstream.sensors.set(42, { name: 'Upstream 42', pings: [{ at: START, flowrate: 5 }] });
  expect((await hook({ ...ping, sensor_id: 42, flowrate: 5 })).status).toBeLessThan(300);
  await until(
    () => get('/api/v1/flow_sensors/'),
    ({ count }) => count === 2,
  );
});

test('while the upstream is down what was copied is served, and it is said how stale that is', async () => {
  upstream.refusal = { status: 503, headers: { 'Retry-After': '0' } };
  const { mirror } = await until(
    () => get('/readyz'),
    ({ mirror: { status } }) => status === 'failing',
  );
  expect(mirror).toEqual({
    status: 'failing',
    synced_at: expect.any(String),
    stale_seconds: expect.any(Number),
  });
  expect((await flowrates())[0]).toBe(778);
  expect((await ask(MIRROR)).mirror.error).toMatch(/ responded with 503 /);
  upstream.sensors.get(41)!.pings.push({ at: START + 40 * MINUTE, flowrate: 900 });
  upstream.refusal = undefined;
  await until(flowrates, ([newest]) => newest === 900);
  const logged = server.log.filter((line) => line.includes('the upstream cannot be read'));
  expect(logged).toHaveLength(1);
  expect(server.log.join()).not.toContain(upstream.key);
  expect(upstream.mostInFlight).toBe(1);
});

test('a restart goes on where the last one stopped, finds corrections, and reports volumes that differ', async () => {
  await server.close();
  upstream.sensors.get(41)!.pings[3]!.flowrate = -1;
  upstream.volumeError = 0.5;
  const url = new URL(upstream.address);
  server = await startServer(database, {
    upstreams: [
      { name: 'north', url, token: upstream.key, account: 'ours', secret: undefined, pollMs: 20 },
    ],
  });
  const { mirror } = await until(
    () => ask(MIRROR),
    ({ mirror: { syncedAt } }) => syncedAt !== null,
  );
  const [difference] = mirror.differences;
  expect(difference.upstream - difference.here).toBeCloseTo(0.5, 5);
  expect((await flowrates()).at(-4)).toBe(-1);
  expect(server.log.some((line) => line.includes('differs from the upstream'))).toBe(true);
  // Without the webhook's secret there is no webhook.
  expect((await hook({})).status).toBe(404);
});

test('a process that does not copy reports how up to date the one is that does, and asks it to copy a new sensor', async () => {
  const requested: string[] = [];
  const [url, token] = [new URL(upstream.address), upstream.key];
  const followers = createMirrors(
    [
      { name: 'north', url, token, account: 'ours', secret: SECRET, pollMs: 20 },
      { name: 'south', url, token, account: 'theirs', secret: undefined, pollMs: 20 },
    ],
    {
      database: database.database,
      log: createLog('silent'),
      services: server.services,
      peers: { mirrored: () => undefined, requestCopy: (name) => requested.push(name) },
    },
  );
  const [before, other] = followers.states;
  expect(before!.syncedAt).toBeUndefined();
  const state = { ...before!, syncedAt: new Date() };
  followers.follow(state);
  expect(followers.states).toEqual([state, other]);
  const [receiver, ...others] = followers.receivers;
  expect(others).toEqual([]);
  const ping = { datetime: new Date(START), flowrate: 1 };
  expect(await receiver!.receive({ sensorId: 999, ...ping })).toBeUndefined();
  expect(requested).toEqual(['north']);
  await followers.close();
});
