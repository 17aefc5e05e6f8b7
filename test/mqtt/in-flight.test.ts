import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestBroker, until } from '../helpers/broker.js';
import { createServerWorld, type World } from '../helpers/server.js';
import { SensorHolder } from '../helpers/sensor-holder.js';

let broker: TestBroker;
let world: World;

beforeAll(async () => {
  broker = await TestBroker.listen();
  const subscribed = broker.subscribed();
  world = await createServerWorld({ mqtt: broker.config({}) });
  await subscribed;
});
afterAll(async () => {
  await world.close();
  await broker.close();
});

const START = Date.parse('2026-11-01T10:00:00Z');
const newSensor = async (name: string) =>
  (await world.server.services.sensors.create(world.ours.principal, { name })).id;
const stored = async (id: number) =>
  (await world.server.services.pings.counts(world.ours.principal, [id], {})).get(id);
const readings = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    flowrate: index,
    datetime: new Date(START + index * 60_000).toISOString(),
  }));

test('a message that waits keeps no other from being stored, and all are acknowledged in their order', async () => {
  const [held, free] = [await newSensor('Held'), await newSensor('Free')];
  const holder = await SensorHolder.of(world.test.connection, held);
  const [first] = readings(1);
  await broker.publish('site/Held/flow', first!);
  await holder.awaited();
  const rest = readings(40);
  for (const reading of rest) await broker.publish('site/Free/flow', reading);
  await until(
    () => stored(free),
    (count) => count === rest.length,
  );
  expect(broker.acknowledged).toEqual([]);
  await holder.release();
  await until(
    () => broker.acknowledged,
    ({ length }) => length > rest.length,
  );
  expect(broker.acknowledged).toEqual([first, ...rest].map((reading) => JSON.stringify(reading)));
  expect(await stored(held)).toBe(1);
});

test('of two messages with one instant of a sensor the first is stored', async () => {
  const id = await newSensor('Twice');
  const holder = await SensorHolder.of(world.test.connection, id);
  const datetime = new Date(START).toISOString();
  for (const flowrate of [1, 2, 3]) {
    await broker.publish('site/Twice/flow', { flowrate, datetime });
  }
  await holder.awaited();
  const before = broker.acknowledged.length;
  await holder.release();
  await until(
    () => broker.acknowledged,
    ({ length }) => length === before + 3,
  );
  const { rows } = await world.test.database.pool.query(
    'SELECT flowrate FROM ping WHERE sensor_id = $1',
    [id],
  );
  expect(rows).toEqual([{ flowrate: 1 }]);
});

test('more messages than are recorded at the same time are all stored and acknowledged', async () => {
  const id = await newSensor('Many');
  const before = broker.acknowledged.length;
  const all = readings(700);
  await Promise.all(all.map((reading) => broker.publish('site/Many/flow', reading)));
  await until(
    () => broker.acknowledged,
    ({ length }) => length === before + all.length,
  );
  expect(await stored(id)).toBe(all.length);
});
