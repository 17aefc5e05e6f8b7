import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NO_OUTBOX } from '../../../src/storage/pings/ping-outbox.js';
import { PingWriter } from '../../../src/storage/pings/ping-writer.js';
import { APPEND_PINGS_BODY } from '../../../src/storage/pings/sql/append-pings.js';
import { SensorHolder } from '../../helpers/sensor-holder.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const NOON = Date.parse('2024-05-01T12:00:00Z');
const MINUTE = 60_000;

let telemetry: Telemetry;
let writer: PingWriter;
beforeAll(async () => {
  telemetry = await createTelemetry();
  writer = new PingWriter(telemetry.test.database, NO_OUTBOX);
});
afterAll(() => telemetry.test.drop());

const reading = (sensorId: number, minute: number) => ({
  sensorId,
  datetime: new Date(NOON + minute * MINUTE),
  flowrate: minute,
});

function request(...pings: ReturnType<typeof reading>[]) {
  return { accountId: telemetry.principal.accountId, pings, traceparent: undefined };
}

async function idsOf(sensorId: number): Promise<string[]> {
  const { rows } = await telemetry.test.database.pool.query<{ id: string }>(
    'SELECT id FROM ping WHERE sensor_id = $1 ORDER BY datetime',
    [sensorId],
  );
  return rows.map(({ id }) => id);
}

test('the function in the database is what its source makes of the statements that it consists of', async () => {
  const { rows } = await telemetry.test.database.pool.query<{ prosrc: string }>(
    `SELECT prosrc FROM pg_proc WHERE oid = 'append_pings'::regproc`,
  );
  // Where this fails, a migration has to replace the function.
  expect(rows).toEqual([{ prosrc: APPEND_PINGS_BODY }]);
});

test('readings of several requests and sensors are appended with ids in the order in which they came', async () => {
  const [first, second] = [await telemetry.newSensor(), await telemetry.newSensor()];
  const appended = await writer.append([
    request(reading(second, 1), reading(first, 1)),
    request(reading(second, 2)),
    request(reading(first, 65)),
  ]);
  const [a, b, c, d] = appended!.pingIds;
  expect(await idsOf(second)).toEqual([a, c]);
  expect(await idsOf(first)).toEqual([b, d]);
  const { rows } = await telemetry.test.database.pool.query<{ recorded_at: Date }>(
    'SELECT DISTINCT recorded_at FROM ping WHERE sensor_id IN ($1, $2)',
    [first, second],
  );
  expect(rows).toEqual([{ recorded_at: appended!.recordedAt }]);
});

test.each<[string, (sensorId: number) => Promise<unknown>]>([
  ['retired', (id) => set(id, `retired_at = '2025-01-01'`)],
  ['of another unit', (id) => set(id, `entry_unit = 'm3/h'`)],
  ['checked', (id) => set(id, `checks = '{}'`)],
  ['closed until later', (id) => set(id, `closed_until = '2024-05-02'`)],
  ['thinned until later', (id) => set(id, `thinned_until = '2024-05-02'`)],
  ['of another account', (id) => ofAnotherAccount(id)],
  ['removed', (id) => query('DELETE FROM flow_sensor WHERE id = $1', [id])],
])('nothing is appended where one of the sensors is %s', async (_, change) => {
  const [sensorId, other] = [await telemetry.newSensor(), await telemetry.newSensor()];
  await change(sensorId);
  expect(await writer.append([request(reading(sensorId, 1), reading(other, 1))])).toBeUndefined();
  expect(await idsOf(other)).toEqual([]);
});

test('nothing is appended while another transaction has locked one of the sensors', async () => {
  const sensorId = await telemetry.newSensor();
  const { options } = telemetry.test.database.pool;
  const holder = await SensorHolder.of({ ...options, password: options.password }, sensorId);
  try {
    expect(await writer.append([request(reading(sensorId, 1))])).toBeUndefined();
  } finally {
    await holder.release();
  }
  expect(await writer.append([request(reading(sensorId, 1))])).toBeDefined();
});

test('nothing is appended at or before the last instant of a sensor, be its reading a bad one', async () => {
  const sensorId = await telemetry.newSensor();
  await telemetry.pings.record(
    telemetry.principal,
    [reading(sensorId, 1), { ...reading(sensorId, 5), quality: 'BAD' as const }],
    { onConflict: 'REJECT' },
  );
  for (const minute of [0, 1, 3, 5]) {
    expect(await writer.append([request(reading(sensorId, minute))])).toBeUndefined();
  }
  expect(await writer.append([request(reading(sensorId, 6))])).toBeDefined();
});

test('nothing is appended where readings of a sensor do not ascend, or are of two days', async () => {
  const sensorId = await telemetry.newSensor();
  const append = (...minutes: number[]) =>
    writer.append(minutes.map((minute) => request(reading(sensorId, minute))));
  expect(await append(2, 1)).toBeUndefined();
  expect(await append(1, 1)).toBeUndefined();
  expect(await append(1, 24 * 60)).toBeUndefined();
  expect(await idsOf(sensorId)).toEqual([]);
});

function set(sensorId: number, assignment: string): Promise<unknown> {
  return query(`UPDATE flow_sensor SET ${assignment} WHERE id = $1`, [sensorId]);
}

async function ofAnotherAccount(sensorId: number): Promise<void> {
  const { accountId } = await telemetry.newAccount('another');
  await set(sensorId, `account_id = ${accountId}`);
}

function query(sql: string, values: readonly unknown[]): Promise<unknown> {
  return telemetry.test.database.pool.query(sql, [...values]);
}
