import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PingStore } from '../../../src/storage/pings/ping-store.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const EVER = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59.999Z')] as const;

/** id, datetime, flowrate: oldest first, with what is hard to hold or to write exactly */
const PINGS = [
  ['1', '0001-01-01T00:00:00.001Z', 0],
  ['9007199254740993', '0099-12-31T23:59:59.999Z', -0.1],
  ['4294967295', '1969-12-31T23:59:59.999Z', 1e-30],
  ['4294967296', '1970-01-01T00:00:00.000Z', 0.1 + 0.2],
  ['2147483648', '1999-12-31T23:59:59.999Z', -1e15],
  ['7', '2000-01-01T00:00:00.000Z', 1 / 3],
  ['12', '2026-02-03T04:05:06.789Z', 999_999_999_999_999.9],
  ['9223372036854775807', '9999-12-31T23:59:59.998Z', 5e-324],
] as const;

let telemetry: Telemetry;
let store: PingStore;
let sensor: number;
let other: number;

beforeAll(async () => {
  telemetry = await createTelemetry();
  const { database } = telemetry.test;
  store = new PingStore(database);
  sensor = await telemetry.newSensor();
  other = await telemetry.newSensor();
  for (const [id, at, flowrate] of PINGS) await insert(sensor, id, at, flowrate);
  await insert(other, '5', '2001-01-01T00:00:00Z', 5);
});

afterAll(() => telemetry.test.drop());

async function insert(sensorId: number, id: string, at: string, flowrate: number): Promise<void> {
  await telemetry.test.database.pool.query(
    'INSERT INTO ping (sensor_id, id, datetime, flowrate) VALUES ($1, $2, $3, $4)',
    [sensorId, id, at, flowrate],
  );
}

test('Every id, instant and flowrate that can be stored is read as it is', async () => {
  const found = await store.window(telemetry.principal, [sensor], ...EVER, 'ASC', 100);
  const pings = found.get(sensor)?.of({ id: sensor }) ?? [];
  expect(pings.map(({ id, datetime, flowrate }) => [id, datetime.toISOString(), flowrate])).toEqual(
    PINGS,
  );
});

test('Each sensor’s pings come in the direction asked for, up to the number asked for', async () => {
  const found = await store.window(telemetry.principal, [sensor, other], ...EVER, 'DESC', 3);
  const idsOf = (id: number) =>
    found
      .get(id)
      ?.of({ id })
      .map((ping) => ping.id);
  expect(idsOf(sensor)).toEqual(['9223372036854775807', '12', '7']);
  expect(idsOf(other)).toEqual(['5']);
});
