import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '../../src/storage/postgres/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { usePrimary, type Primary, type TestReplica } from '../helpers/replica.js';
import { call, JSON_BODY, startServer, token, type TestServer } from '../helpers/server.js';

const DAY = '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z';
const MINUTE_MS = 60_000;

const startPrimary = usePrimary();
let primary: Primary;
let replica: TestReplica;
let databases: Database[];
/** Two instances on one database and its replica. */
let servers: TestServer[];
let ours: Tenant;
let sensorId: number;
beforeAll(async () => {
  primary = await startPrimary();
  replica = await primary.replicate();
  const opened = [1, 2].map(() => openDatabase());
  databases = await Promise.all(opened.map(({ database, used }) => used.then(() => database)));
  servers = await Promise.all(
    databases.map((database) => startServer(testOf(database), { hasMetrics: true })),
  );
  ours = await createTenant(testOf(databases[0]!), 'ours');
  const { sensors } = servers[0]!.services;
  sensorId = (await sensors.create(ours.principal, { name: 'One' })).id;
});
afterAll(async () => {
  for (const server of servers) await server.close();
  for (const database of databases) await database.close();
  await primary.close();
});

function openDatabase(): { database: Database; used: Promise<void> } {
  let onUsed: () => void = () => undefined;
  const used = new Promise<void>((resolve) => (onUsed = resolve));
  const replicas = {
    maxLagMs: MINUTE_MS,
    sources: [{ place: 'replica', connect: () => Promise.resolve(replica.connection) }],
    onEvent: () => onUsed(),
  };
  return { database: new Database(primary.connection, { replicas }), used };
}

function testOf(database: Database): TestDatabase {
  return { database, connection: primary.connection, url: '', drop: () => database.close() };
}

async function post(server: TestServer, minute: number): Promise<void> {
  const { status } = await call(server.url, `/api/v1/flow_sensors/${sensorId}/pings/`, {
    method: 'POST',
    headers: { ...token(ours.ingester), ...JSON_BODY },
    body: JSON.stringify({
      flowrate: minute,
      datetime: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
    }),
  });
  expect(status).toBe(201);
}

function get(server: TestServer, path: string) {
  return call(server.url, path, { headers: token(ours.reader) });
}

async function ask(server: TestServer, query: string): Promise<any> {
  const { body } = await call(server.url, '/graphql', {
    method: 'POST',
    headers: { ...token(ours.admin), ...JSON_BODY },
    body: JSON.stringify({ query }),
  });
  return body;
}

const figures = ([, reading]: Database[] = databases) => reading!.replicas!.figures[0]!;

test('what one instance has acknowledged is in every answer of another, by REST, GraphQL and as CSV, from the replica', async () => {
  const [writing, reading] = servers as [TestServer, TestServer];
  const before = figures().answered;
  for (let minute = 0; minute < 60; minute++) {
    await post(writing, minute);
    const path = `/api/v1/flow_sensors/${sensorId}`;
    const [page, sensor, csv, data] = await Promise.all([
      get(reading, `${path}/pings/`),
      get(reading, `${path}/`),
      get(reading, `/app/sensors/${sensorId}/pings.csv`),
      ask(reading, `{ flowSensor(id: ${sensorId}) { lastPing { flowrate } } }`),
    ]);
    expect(page.body.count).toBe(minute + 1);
    expect(sensor.body.last_ping_flowrate).toBe(minute);
    expect(csv.text.trim().split('\n')).toHaveLength(minute + 2);
    expect(data.data.flowSensor.lastPing.flowrate).toBe(minute);
  }
  expect(figures().answered).toBeGreaterThan(before + 4 * 60 - 1);
  expect(figures().passedOn).toBe(0);
});

test('a replica can answer every kind of read', async () => {
  const [, server] = servers as [TestServer, TestServer];
  const path = `/api/v1/flow_sensors/${sensorId}`;
  for (const each of [
    '/api/v1/flow_sensors/',
    `${path}/pings/?start=2026-01-01T00:00:00Z&end=2026-01-01T01:00:00Z`,
    `${path}/flow_volume/${DAY}/`,
    `${path}/flow_volume_hours/${DAY}/`,
  ]) {
    expect([each, (await get(server, each)).status]).toEqual([each, 200]);
  }
  const range = 'start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z"';
  const { errors } = await ask(
    server,
    `{ flowSensors(first: 5) { totalCount nodes { name lastPing { id } pings(first: 5) { totalCount nodes { id } }
         flowVolume(${range}) { volume coverage volumeMeasured }
         flowVolumes(${range}, interval: DAY, timeZone: "Europe/Berlin") { volume }
         series(${range}) { average } outages(${range}) { start } } }
       sensorGroups(first: 5) { totalCount }
       webhookEndpoints(first: 5) { nodes { id deliveries(first: 5) { nodes { id } } } }
       calendars { name } auditEvents(first: 5) { totalCount nodes { id } } }`,
  );
  expect(errors).toBeUndefined();
  expect(figures().passedOn).toBe(0);
});

test('a mutation asks the primary, also for what it answers', async () => {
  const [, server] = servers as [TestServer, TestServer];
  const { answered, passedOn } = figures();
  const { data } = await ask(
    server,
    `mutation { createFlowSensor(input: { name: "Two" }) { name lastPing { id } } }`,
  );
  expect(data.createFlowSensor).toEqual({ name: 'Two', lastPing: null });
  expect(figures()).toMatchObject({ answered, passedOn });
});

test('metrics, readyz and system tell how many replicas are used', async () => {
  const [, server] = servers as [TestServer, TestServer];
  expect(await get(server, '/readyz')).toMatchObject({ body: { status: 'ready' } });
  const { body } = await call(server.url, '/readyz', { headers: token(ours.admin) });
  expect(body).toMatchObject({ replicas: 1, usedReplicas: 1 });
  const names = (await server.metrics!.ofProcess()).filter(({ name }) =>
    name.startsWith('flowgate_replica_'),
  );
  expect(names.map(({ name, values }) => [name, values.map(({ labels }) => labels)])).toEqual([
    ['flowgate_replica_up', [{ replica: 'replica' }]],
    ['flowgate_replica_lag_seconds', [{ replica: 'replica' }]],
    [
      'flowgate_replica_reads_total',
      [
        { replica: 'replica', answered_by: 'replica' },
        { replica: 'replica', answered_by: 'primary' },
      ],
    ],
  ]);
});
