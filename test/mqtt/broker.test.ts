import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { badMessages } from './bad-messages.js';
import { TestBroker, until } from '../helpers/broker.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { SensorHolder } from '../helpers/sensor-holder.js';
import {
  call,
  JSON_BODY,
  startServer,
  token,
  type ServerOptions,
  type TestServer,
} from '../helpers/server.js';

let database: TestDatabase;
let ours: Tenant;
let theirs: Tenant;
let broker: TestBroker;
let server: TestServer;

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await createTenant(database, 'ours');
  theirs = await createTenant(database, 'theirs');
  broker = await TestBroker.listen();
  server = await connected(broker, { mqtt: broker.config({}), hasMetrics: true });
});
afterAll(async () => {
  await server.close();
  await broker.close();
  await database.drop();
});

async function connected(to: TestBroker, options: ServerOptions): Promise<TestServer> {
  const subscribed = to.subscribed();
  const started = await startServer(database, options);
  await subscribed;
  return started;
}

async function newSensor(name: string): Promise<number> {
  return (await server.services.sensors.create(ours.principal, { name })).id;
}

const START = Date.parse('2026-11-01T10:00:00Z');
const at = (minute: number) => new Date(START + minute * 60_000);

const pingsOf = async (id: number): Promise<[string, number][]> => {
  const path = `/api/v1/flow_sensors/${id}/pings/`;
  const { body } = await call(server.url, path, { headers: token(ours.reader) });
  return body.results.map(({ datetime, flowrate }: any) => [datetime, flowrate]).reverse();
};

/** Those of a sensor, once there are more than so many. */
const pingsBeyond = (id: number, count: number) =>
  until(
    () => pingsOf(id),
    ({ length }) => length > count,
  );

const ask = async (key = ours.reader) => {
  const { body } = await call(server.url, '/graphql', {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify({
      query:
        '{ broker { url isConnected error lastMessageAt recorded refused lastRefused { topic reason } } }',
    }),
  });
  return body.data.broker;
};

const acknowledged = (payload: object) =>
  until(
    () => broker.acknowledged.includes(JSON.stringify(payload)),
    (isSent) => isSent,
  );

test('a message is acknowledged once its reading is stored, and is a duplicate when it comes again', async () => {
  const id = await newSensor('Pump 1');
  const message = { flowrate: 100.5, datetime: at(0).toISOString() };
  const holder = await SensorHolder.of(database.connection, id);
  await broker.publish('site/Pump 1/flow', message);
  await holder.awaited();
  expect(broker.acknowledged).toEqual([]);
  await holder.release();
  await acknowledged(message);
  expect(await pingsOf(id)).toEqual([['2026-11-01T10:00:00Z', 100.5]]);

  // Repeated by the device, and retained by the broker, which sends it with each subscription.
  await broker.publish('site/Pump 1/flow', message, { qos: 1, retain: true });
  const next = { flowrate: 2, unit: 'm³/h', datetime: at(1).getTime(), totalizer: '104233.5' };
  await broker.publish('site/Pump 1/flow', next);
  await acknowledged(next);
  const subscribed = broker.subscribed();
  broker.cut();
  await subscribed;
  const last = { flowrate: 3, datetime: at(2).getTime() / 1000 };
  await broker.publish('site/Pump 1/flow', last);
  await acknowledged(last);
  expect(await pingsOf(id)).toEqual([
    ['2026-11-01T10:00:00Z', 100.5],
    ['2026-11-01T10:01:00Z', expect.closeTo(301.9109, 3)],
    ['2026-11-01T10:02:00Z', 3],
  ]);
  const stored = await database.database.prisma.pingTotalizer.findMany();
  expect(stored).toMatchObject([{ sensorId: id, datetime: at(1), totalizer: 104233.5 }]);
  expect(await ask()).toEqual({
    url: broker.config({}).url.href,
    isConnected: true,
    error: null,
    lastMessageAt: expect.any(String),
    recorded: 3,
    refused: 0,
    lastRefused: [],
  });
  expect(await ask(theirs.reader)).toBeNull();
});

test('a reading without a datetime was taken when its message arrived first', async () => {
  const id = await newSensor('Untimed');
  const before = Date.now();
  broker.send(40_000, 'site/Untimed/flow', '7.25', false);
  const [[datetime]] = (await pingsBeyond(id, 0)) as [[string, number]];
  expect(Date.parse(datetime)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(datetime)).toBeLessThanOrEqual(Date.now());
  // The broker did not get the acknowledgement.
  broker.send(40_000, 'site/Untimed/flow', '7.25', true);
  // Another message has the same number, as the broker counts from 1 again.
  broker.send(40_000, 'site/Untimed/flow', '7.25', false);
  const pings = await pingsBeyond(id, 1);
  expect(pings).toEqual([
    [datetime, 7.25],
    [expect.any(String), 7.25],
  ]);
  // What is retained may be of any time.
  await broker.publish('site/Untimed/flow', '8.5', { qos: 1, retain: true });
  await pingsBeyond(id, 2);
  const subscribed = broker.subscribed();
  broker.cut();
  await subscribed;
  const { lastRefused } = await until(ask, ({ refused }) => refused === 1);
  expect(lastRefused).toEqual([
    {
      topic: 'site/Untimed/flow',
      reason: 'The message was retained by the broker, and has no datetime.',
    },
  ]);
  expect(await pingsOf(id)).toHaveLength(3);
  await broker.publish('site/Untimed/flow', '', { retain: true });
});

test('messages that cannot be recorded are reported, and stop no others', async () => {
  const id = await newSensor('Good');
  for (const name of ['Twin', 'Twin']) await newSensor(name);
  const { refused: before } = await ask();
  const datetime = at(0).toISOString();
  const bad = badMessages(datetime);
  for (const [topic, message] of bad) await broker.publish(topic, message);
  // Of several readings in a message the good ones are recorded.
  const mixed = [
    { sensor: 'Nowhere', flowrate: 1, datetime },
    { flowrate: 41, datetime },
    { flowrate: 42, datetime: at(1).toISOString() },
    { flowrate: 43, datetime },
    { sensor_id: 2 ** 40, flowrate: 1, datetime },
  ];
  await broker.publish('site/Good/flow', mixed);
  await acknowledged(mixed);
  expect(await pingsOf(id)).toEqual([
    ['2026-11-01T10:00:00Z', 41],
    ['2026-11-01T10:01:00Z', 42],
  ]);
  const { refused, lastRefused } = await ask();
  expect(refused - before).toBe(bad.length + 3);
  expect(lastRefused).toEqual(
    expect.arrayContaining(bad.map(([topic, , reason]) => ({ topic, reason }))),
  );
  const logged = server.log.filter((line) => line.includes('a message was refused'));
  expect(logged.map((line) => JSON.parse(line).source)).toEqual(
    expect.arrayContaining(['the topic site/Good/flow', 'the topic site/Nowhere/flow']),
  );
  const { text } = await new Promise<{ text: string }>((resolve) => {
    server.metrics!.handle(
      { url: '/metrics', method: 'GET' } as never,
      { writeHead: () => undefined, end: (body: string) => resolve({ text: body }) } as never,
    );
  });
  expect(text).toMatch(/^flowgate_pings_recorded_total\{via="mqtt"\} 8$/m);
  expect(text).toMatch(
    new RegExp(`^flowgate_messages_refused_total\\{via="mqtt"\\} ${refused}$`, 'm'),
  );
});

test('tags of Kepware and devices of ThingsBoard are recorded as the sensors that are set for them, in their units', async () => {
  const kepware = await TestBroker.listen();
  const tag = await newSensor('By tag');
  const named = await newSensor('Channel1.Device1.Flow2');
  const { devices } = server.services;
  const set = (device: string, field: string, sensorId: number) =>
    devices.set(ours.principal, { network: 'MQTT', device, field, sensorId, unit: 'gpm' });
  await set('Channel1.Device1.Flow1', 'flowrate', tag);
  const ofKepware = await connected(kepware, {
    mqtt: kepware.config({ profile: 'kepware', topics: ['iotgateway'] }),
  });
  const t = at(0).getTime();
  await kepware.publish('iotgateway', {
    timestamp: t,
    values: [
      { id: 'Channel1.Device1.Flow1', v: 7, q: true, t },
      { id: 'Channel1.Device1.Flow2', v: 12.5, q: true },
      { id: 'Channel1.Device1.Flow2', v: null, q: false, t: t + 1000 },
      { id: 'Channel1.Device1.Flow2', v: 13, q: false, t: t + 2000 },
    ],
  });
  for (const id of [tag, named]) {
    await pingsBeyond(id, 0);
  }
  expect([await pingsOf(tag), await pingsOf(named)]).toEqual([
    [['2026-11-01T10:00:00Z', 240]],
    [['2026-11-01T10:00:00Z', 12.5]],
  ]);
  // The lists of REST leave bad readings out.
  const window = { from: 'last', take: 1, order: 'OLDEST_FIRST' } as const;
  const all = await server.services.pings.windows(ours.principal, [named], window);
  const [bad] = all.get(named)!.pings.of({ id: named });
  expect([bad!.flowrate, bad!.quality]).toEqual([13, 'BAD']);
  await ofKepware.close();
  await kepware.close();

  const thingsboard = await TestBroker.listen();
  const flow = await newSensor('By field');
  await set('Meter 7', 'flow', flow);
  const ofThingsboard = await connected(thingsboard, {
    mqtt: thingsboard.config({ profile: 'thingsboard', topics: ['v1/gateway/telemetry'] }),
  });
  await thingsboard.publish('v1/gateway/telemetry', {
    'Meter 7': [{ ts: t, values: { flow: '3.5', battery: 'low' } }],
    'By field': [
      { ts: t + 60_000, values: { flowrate: 9, temperature: 20.5 } },
      { ts: t + 120_000, flowrate: 10 },
    ],
  });
  expect(await pingsBeyond(flow, 2)).toEqual([
    ['2026-11-01T10:00:00Z', 120],
    ['2026-11-01T10:01:00Z', 9],
    ['2026-11-01T10:02:00Z', 10],
  ]);
  await ofThingsboard.close();
  await thingsboard.close();
});

test('what comes while nothing can be recorded stays with the broker, also across its restart and that of the server', async () => {
  let other = await TestBroker.listen();
  const { port } = other;
  const mqtt = other.config({ account: 'later', topics: ['later/{sensor}'] });
  const early = await connected(other, { mqtt });
  const message = { flowrate: 5, datetime: at(0).toISOString() };
  await other.publish('later/Late meter', message);
  await until(
    () => early.log,
    (lines) => lines.some((line) => line.includes('There is no account named')),
  );
  await early.close();
  const later = await createTenant(database, 'later');
  const { id } = await server.services.sensors.create(later.principal, { name: 'Late meter' });
  const subscribed = other.subscribed();
  const late = await startServer(database, { mqtt });
  await subscribed;
  await until(
    () => other.acknowledged,
    ({ length }) => length > 0,
  );
  const count = async () => (await server.services.pings.counts(later.principal, [id], {})).get(id);
  expect(await count()).toBe(1);

  await other.close();
  await until(
    () => late.log,
    (lines) => lines.some((line) => line.includes('the broker has a problem')),
  );
  other = await TestBroker.listen({}, port);
  await other.subscribed();
  await other.publish('later/Late meter', { ...message, datetime: at(1).toISOString() });
  await until(
    () => other.acknowledged,
    ({ length }) => length > 0,
  );
  expect(await count()).toBe(2);
  await late.close();
  await other.close();
});
