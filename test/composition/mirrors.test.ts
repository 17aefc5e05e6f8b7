import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../helpers/broker.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { call, JSON_BODY, startServer, token, type TestServer } from '../helpers/server.js';
import { TestUpstream } from '../helpers/upstream.js';

const START = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const SECRETS = { north: 'whsec_bm9ydGg=', south: 'whsec_c291dGg=' };

let database: TestDatabase;
let ours: Tenant;
let theirs: Tenant;
let north: TestUpstream;
let south: TestUpstream;
let server: TestServer;

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await createTenant(database, 'ours');
  theirs = await createTenant(database, 'theirs');
  [north, south] = [new TestUpstream(), new TestUpstream()];
  await Promise.all([north.listen(), south.listen()]);
  // Both have a sensor 41, of different names and readings.
  north.sensors.set(41, { name: 'North 41', pings: [{ at: START, flowrate: 1 }] });
  south.sensors.set(41, { name: 'South 41', pings: [{ at: START, flowrate: 2 }] });
  const account = 'ours';
  server = await startServer(database, {
    upstreams: [
      { ...settings(north), name: 'north', account, secret: SECRETS.north },
      { ...settings(south), name: 'south', account, secret: SECRETS.south },
      // The same server, for another account.
      { ...settings(south), name: 'their-south', account: 'theirs', secret: undefined },
    ],
  });
  await until(states, (all) => all.every(({ syncedAt }: any) => syncedAt !== null));
});
afterAll(async () => {
  await server.close();
  north.close();
  south.close();
  await database.drop();
});

const settings = (upstream: TestUpstream) => ({
  ...{ url: new URL(upstream.address), token: upstream.key, pollMs: 20 },
});

const get = async (path: string, tenant = ours) =>
  (await call(server.url, path, { headers: token(tenant.reader) })).body;

async function states(tenant = ours): Promise<any> {
  const query = '{ mirrors { name upstream syncedAt error differences { here } } }';
  const { body } = await call(server.url, '/graphql', {
    method: 'POST',
    headers: { ...token(tenant.reader), ...JSON_BODY },
    body: JSON.stringify({ query }),
  });
  return body.data.mirrors;
}

const originals = async (tenant = ours) => {
  const query =
    '{ flowSensors { nodes { name upstreamSensor { upstream upstreamId copiedTo } } } }';
  const { body } = await call(server.url, '/graphql', {
    method: 'POST',
    headers: { ...token(tenant.reader), ...JSON_BODY },
    body: JSON.stringify({ query }),
  });
  return body.data.flowSensors.nodes;
};

async function flowrates(name: string, tenant = ours): Promise<number[]> {
  const { results } = await get('/api/v1/flow_sensors/', tenant);
  const { id } = results.find((sensor: any) => sensor.name === name);
  const pings = await get(`/api/v1/flow_sensors/${id}/pings/`, tenant);
  return pings.results.map(({ flowrate }: any) => flowrate);
}

const hook = (secret: string, flowrate: number, minute: number) =>
  call(server.url, '/hooks/flowcommand/', {
    method: 'POST',
    headers: { ...JSON_BODY, 'FC-Signature': secret },
    body: JSON.stringify({
      type: 'ping_received',
      api_version: '1',
      data: {
        ...{ id: 9, sensor_id: 41, sensor_name: 'any', flowrate },
        datetime: new Date(START + minute * 60_000).toISOString(),
      },
    }),
  });

test('sensors of one id at two upstreams are two sensors, each with the readings of its own', async () => {
  expect(await flowrates('North 41')).toEqual([1]);
  expect(await flowrates('South 41')).toEqual([2]);
  expect(await flowrates('South 41', theirs)).toEqual([2]);
  const { count } = await get('/api/v1/flow_sensors/');
  expect(count).toBe(2);
  expect((await states()).map(({ name, differences }: any) => [name, differences])).toEqual([
    ['north', []],
    ['south', []],
  ]);
  expect((await states(theirs)).map(({ name }: any) => name)).toEqual(['their-south']);
});

test('a webhook’s signature says which upstream its reading is of', async () => {
  const held = [north.sensors.get(41)!, south.sensors.get(41)!] as const;
  expect((await hook(SECRETS.south, 22, 10)).body).toEqual({ recorded: 1, duplicates: 0 });
  expect((await hook(SECRETS.north, 11, 10)).body).toEqual({ recorded: 1, duplicates: 0 });
  for (const secret of ['', 'whsec_', SECRETS.north + SECRETS.south]) {
    expect((await hook(secret, 5, 11)).status).toBe(401);
  }
  expect(await flowrates('North 41')).toEqual([11, 1]);
  expect(await flowrates('South 41')).toEqual([22, 2]);
  held[0].pings.push({ at: START + 600_000, flowrate: 11 });
  held[1].pings.push({ at: START + 600_000, flowrate: 22 });
});

test('an upstream that is down is stale by itself, delays no other, and is copied when it comes back', async () => {
  expect((await get('/readyz')).mirror).toMatchObject({ status: 'current' });
  north.refusal = { status: 503, headers: { 'Retry-After': '0' } };
  const { mirror } = await until(
    () => get('/readyz'),
    (body) => body.mirror.status === 'failing',
  );
  expect(mirror).toEqual({
    ...mirror.upstreams.north,
    upstreams: {
      north: {
        status: 'failing',
        synced_at: expect.any(String),
        stale_seconds: expect.any(Number),
      },
      south: expect.objectContaining({ status: 'current' }),
      'their-south': expect.objectContaining({ status: 'current' }),
    },
  });
  const [failing, current] = await states();
  expect(failing).toMatchObject({ name: 'north', error: expect.stringMatching(/ 503 /) });
  expect(current).toMatchObject({ name: 'south', error: null });
  // The other one is copied meanwhile, and what was copied of this one is served.
  south.sensors.get(41)!.pings.push({ at: START + 1_200_000, flowrate: 222 });
  await until(
    () => flowrates('South 41'),
    ([newest]) => newest === 222,
  );
  expect(await flowrates('North 41')).toEqual([11, 1]);
  north.sensors.get(41)!.pings.push({ at: START + 1_200_000, flowrate: 111 });
  north.refusal = undefined;
  await until(
    () => flowrates('North 41'),
    ([newest]) => newest === 111,
  );
  await until(states, ([{ error }]: any) => error === null);
  const lines = server.log.filter((line) => line.includes('the upstream cannot be read'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(north.address);
  expect(server.log.join()).not.toContain(north.key);
});

test('a sensor says of which server’s sensor it is the copy, and others are none', async () => {
  await server.services.sensors.create(ours.principal, { name: 'Own' });
  const copyOf = ({ address: upstream }: TestUpstream) => ({
    ...{ upstream, upstreamId: '41' },
    copiedTo: expect.stringMatching(/Z$/),
  });
  const all = await originals();
  expect(all).toHaveLength(3);
  expect(all).toEqual(
    expect.arrayContaining([
      { name: 'North 41', upstreamSensor: copyOf(north) },
      { name: 'South 41', upstreamSensor: copyOf(south) },
      { name: 'Own', upstreamSensor: null },
    ]),
  );
  const [theirCopy] = await originals(theirs);
  expect(theirCopy).toEqual({ name: 'South 41', upstreamSensor: copyOf(south) });
});
