import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import Long from 'long';
import { connectAsync } from 'mqtt';
import type { UMetric } from 'sparkplug-payload/lib/sparkplugbpayload.js';
import { TestBroker, until } from '../helpers/broker.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { EdgeNode } from '../helpers/edge-node.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { startServer, type TestServer } from '../helpers/server.js';

let database: TestDatabase;
let ours: Tenant;
let broker: TestBroker;
let server: TestServer;
let node: EdgeNode;
let group: string;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await createTenant(database, 'ours');
  broker = await TestBroker.listen();
  const subscribed = broker.subscribed();
  const mqtt = broker.config({ profile: 'sparkplug', topics: ['spBv1.0/#'] });
  server = await startServer(database, { mqtt });
  await subscribed;
});
afterAll(async () => {
  await server.close();
  await broker.close();
  await database.drop();
});
beforeEach(async () => {
  group = `Plant ${++count}`;
  node = await EdgeNode.connect(broker.port, group, 'Edge');
});
afterEach(() => node.close());

const START = Date.parse('2026-11-01T10:00:00Z');
const at = (minute: number) => START + minute * 60_000;

const newSensor = async (name: string): Promise<number> =>
  (await server.services.sensors.create(ours.principal, { name })).id;

/** Minute, flowrate and quality of each, once there are that many. */
async function readings(id: number, length: number) {
  const window = { from: 'first', take: 100, order: 'OLDEST_FIRST' } as const;
  return until(
    async () => {
      const windows = await server.services.pings.windows(ours.principal, [id], window);
      return windows
        .get(id)!
        .pings.of({ id })
        .map(({ datetime, flowrate, quality }) => {
          const minute = (datetime.getTime() - START) / 60_000;
          return quality === 'GOOD' ? [minute, flowrate] : [minute, flowrate, quality];
        });
    },
    (found) => found.length >= length,
  );
}

const refused = () =>
  server.log
    .map((line) => JSON.parse(line))
    .filter(({ source }) => source?.includes(`/${group}/`))
    .map(({ reason }) => reason);

const flow = (value: UMetric['value'], minute: number, more: Partial<UMetric> = {}): UMetric => ({
  ...{ name: 'Flow', alias: 7, type: 'Double', value, timestamp: at(minute) },
  ...more,
});
/** As data have it, after a birth. */
const aliased = (value: UMetric['value'], minute: number, more: Partial<UMetric> = {}) => {
  const { name: _, ...metric } = flow(value, minute, more);
  return metric as UMetric;
};

test('births say what aliases of data are, of each edge node and device by itself', async () => {
  const ids = [
    await newSensor(`${group}/Edge//Flow`),
    await newSensor(`${group}/Edge/Pump 1/Flow`),
    await newSensor(`${group}/Edge/Pump 2/Flow`),
    await newSensor(`${group}/Other/Pump 1/Flow`),
  ];
  const other = await EdgeNode.connect(broker.port, group, 'Other');
  await node.birth([flow(1, 0)]);
  await node.send(
    'DBIRTH',
    { metrics: [flow(2, 0), flow(8, 0, { name: 'Level', alias: 8 })] },
    'Pump 1',
  );
  await node.send('DBIRTH', { metrics: [flow(3, 0)] }, 'Pump 2');
  await other.birth([]);
  await other.send('DBIRTH', { metrics: [flow(4, 0)] }, 'Pump 1');
  await node.send('NDATA', { metrics: [aliased(10, 1)] });
  await node.send('DDATA', { metrics: [aliased(20, 1), aliased(99, 1, { alias: 8 })] }, 'Pump 1');
  await node.send('DDATA', { metrics: [aliased(30, 1)] }, 'Pump 2');
  await other.send('DDATA', { metrics: [aliased(40, 1)] }, 'Pump 1');
  for (const [index, id] of ids.entries()) {
    expect(await readings(id, 2)).toEqual([
      [0, index + 1],
      [1, 10 * (index + 1)],
    ]);
  }
  expect([node.commands, other.commands]).toEqual([[], []]);
  await other.close();
});

test('values have the type, unit and quality of their metric; late ones are stored, and null is none', async () => {
  const id = await newSensor('Set');
  await server.services.devices.set(ours.principal, {
    ...{ network: 'MQTT', device: `${group}/Edge`, field: 'Flow/Rate', sensorId: id },
  });
  const quality = (value: number) => ({ Quality: { type: 'Int32', value } }) as const;
  const metric = (value: UMetric['value'], minute: number, more: Partial<UMetric> = {}) =>
    flow(value, minute, { name: 'Flow/Rate', ...more });
  const big = Long.fromString('4294967297');
  await node.birth([
    metric(-3, 1, { type: 'Int64', properties: { engUnit: { type: 'String', value: 'bbl/d' } } }),
  ]);
  await node.send('NDATA', {
    metrics: [
      aliased(-2, 2, { type: 'Int8' }),
      aliased(Long.fromString('-4294967297'), 3, { type: 'Int64' }),
      aliased(big, 4, { type: 'UInt64', properties: quality(500) }),
      aliased(6, 5, { type: 'Float', properties: quality(0) }),
      aliased(7, 6, { properties: { ...quality(192), engUnit: { type: 'String', value: 'gpm' } } }),
      aliased(null, 7, { isNull: true }),
      aliased(8, -60, { isHistorical: true }),
      aliased(0, 8),
      aliased(0, 9, { type: 'UInt32' }),
      aliased(0, 10, { type: 'Float' }),
    ],
  });
  expect(await readings(id, 10)).toEqual([
    [-60, 8],
    [1, -3],
    [2, -2],
    [3, -4294967297],
    [4, 4294967297, 'UNCERTAIN'],
    [5, 6, 'BAD'],
    [6, 240],
    [8, 0],
    [9, 0],
    [10, 0],
  ]);
  expect(refused()).toEqual([]);
});

test('data without a birth ask for one, once, and are recorded when it comes', async () => {
  const id = await newSensor(`${group}/Edge/Pump/Flow`);
  const commanded = node.commanded();
  await node.send('DDATA', { metrics: [aliased(1, 1)] }, 'Pump');
  await node.send('DDATA', { metrics: [flow(2, 2)] }, 'Pump');
  expect(await readings(id, 1)).toEqual([[2, 2]]);
  await commanded;
  await node.birth([]);
  await node.send('DBIRTH', { metrics: [flow(3, 3)] }, 'Pump');
  expect(await readings(id, 3)).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(node.commands).toEqual(['Node Control/Rebirth']);
});

test('after a message was lost, aliases wait for the births, and one that has changed is refused', async () => {
  const ids = [
    await newSensor(`${group}/Edge//Flow`),
    await newSensor(`${group}/Edge//New`),
    await newSensor(`${group}/Edge//Same`),
  ];
  const same = { name: 'Same', alias: 0 };
  await node.birth([flow(1, 0), flow(5, 0, same)]);
  await node.send('NDATA', { metrics: [aliased(0, 1, same)] });
  node.skip();
  const commanded = node.commanded();
  await node.send('NDATA', { metrics: [aliased(2, 2), aliased(6, 2, same)] });
  await commanded;
  await node.birth([flow(3, 3, { name: 'New' }), flow(7, 3, same)]);
  expect(await readings(ids[2]!, 4)).toEqual([
    [0, 5],
    [1, 0],
    [2, 6],
    [3, 7],
  ]);
  expect(await readings(ids[1]!, 1)).toEqual([[3, 3]]);
  expect(await readings(ids[0]!, 1)).toEqual([[0, 1]]);
  expect(refused()).toEqual([
    'The alias 7 was of "Flow" and is of "New" now; a message was lost, so its value may be of either.',
  ]);
});

test('a death ends what its birth began, and none that is of an earlier one', async () => {
  const id = await newSensor(`${group}/Edge//Flow`);
  await node.birth([flow(1, 0)], 5);
  await node.death(4);
  await node.send('NDATA', { metrics: [aliased(2, 1)] });
  expect(await readings(id, 2)).toHaveLength(2);
  expect(node.commands).toEqual([]);

  const commanded = node.commanded();
  await node.death(5);
  await node.send('NDATA', { metrics: [aliased(3, 2)] });
  await commanded;
  // Of which birth the alias was, nobody knows any more.
  await node.death(6);
  await node.birth([flow(4, 3)], 7);
  expect(await readings(id, 3)).toEqual([
    [0, 1],
    [1, 2],
    [3, 4],
  ]);
  expect(refused()).toEqual(['No birth of the edge node came that says what its 1 values are.']);
});

test('a device that died is asked for its birth; what cannot be read is refused', async () => {
  const id = await newSensor(`${group}/Edge/Pump/Flow`);
  await node.birth([flow(0, 0, { name: 'Level' })]);
  await node.send(
    'DBIRTH',
    { metrics: [flow(1, 0), flow('x', 0, { name: 'State', type: 'String' })] },
    'Pump',
  );
  await node.send('DDEATH', {}, 'Pump');
  const commanded = node.commanded();
  await node.send('DDATA', { metrics: [aliased(2, 1)] }, 'Pump');
  await commanded;
  await broker.publish(`spBv1.0/${group}/NDATA/Edge`, 'text', { qos: 0 });
  await node.birth([]);
  await node.send('DBIRTH', { metrics: [flow('12 gpm', 2, { type: 'String' })] }, 'Pump');
  await until(refused, ({ length }) => length === 3);
  expect(refused()).toEqual([
    `No metric of "${group}/Edge" is of a sensor: no sensor has the name of one, such as "${group}/Edge//Level", and none is set with "flowgate device set" or setDeviceField.`,
    'The message is not a payload of Sparkplug B.',
    `${group}/Edge/Pump Flow: must be a number; got "12 gpm".`,
  ]);
  expect(await readings(id, 2)).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

test('edge nodes are told whether the host application is there', async () => {
  const own = await createTestDatabase();
  const hosts = await TestBroker.listen();
  const states: unknown[] = [];
  hosts.aedes.on('publish', ({ topic, payload }) => {
    if (topic === 'spBv1.0/STATE/flowgate') states.push(JSON.parse(payload.toString()));
  });
  const mqtt = hosts.config({ profile: 'sparkplug', topics: ['spBv1.0/#'], hostId: 'flowgate' });
  // Of the instances of a database one is connected.
  const host = await startServer(own, { mqtt });
  const told = (online: boolean, length: number) =>
    until(
      () => states,
      (all) => all.length >= length && (all.at(-1) as { online: boolean }).online === online,
    );
  await told(true, 1);
  hosts.cut();
  await told(true, 3);
  await host.close();
  await told(false, 4);
  const late = await connectAsync(`mqtt://127.0.0.1:${hosts.port}`);
  const retained = new Promise((resolve) => {
    late.once('message', (...message) => resolve(message));
  });
  await late.subscribeAsync('spBv1.0/STATE/flowgate');
  expect(await retained).toMatchObject([{}, {}, { retain: true }]);
  await late.endAsync(true);
  const [first, will] = states as { online: boolean; timestamp: number }[];
  expect([first, will]).toEqual([
    { online: true, timestamp: expect.any(Number) },
    { online: false, timestamp: first!.timestamp },
  ]);
  await hosts.close();
  await own.drop();
});
