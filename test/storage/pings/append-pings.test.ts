import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NO_OUTBOX } from '../../../src/storage/pings/ping-outbox.js';
import { PingWriter } from '../../../src/storage/pings/ping-writer.js';
import type { StoredPing } from '../../../src/storage/pings/stored-ping.js';
import { APPEND_PINGS_BODY } from '../../../src/storage/pings/sql/append-pings.js';
import { NODES_VARIABLE } from '../../helpers/database.js';
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

/** Of one request. */
async function append(...pings: ReturnType<typeof reading>[]): Promise<unknown> {
  const [appended] = (await writer.append([request(...pings)])) ?? [];
  return appended;
}

test('readings of several requests and sensors are appended with ids in the order in which they came', async () => {
  const [first, second] = [await telemetry.newSensor(), await telemetry.newSensor()];
  const appended = await writer.append([
    request(reading(second, 1)),
    request(reading(first, 1)),
    request(reading(second, 2), reading(second, 3)),
    request(reading(first, 65)),
  ]);
  const recordings = appended!.map((each) => (each as { inserted: StoredPing[] }).inserted);
  const [a, b, c, d, e] = recordings.flat().map(({ id }) => id);
  expect(await idsOf(second)).toEqual([a, c, d]);
  expect(await idsOf(first)).toEqual([b, e]);
  for (const { sensorId, recordedAt } of recordings.flat()) {
    const { rows } = await telemetry.test.database.pool.query<{ recorded_at: Date }>(
      'SELECT DISTINCT recorded_at FROM ping WHERE sensor_id = $1',
      [sensorId],
    );
    expect(rows).toEqual([{ recorded_at: recordedAt }]);
  }
});

test('readings of several sensors in one request are appended', async () => {
  const sensors = [];
  for (let n = 0; n < 4; n++) sensors.push(await telemetry.newSensor());
  for (const minute of [1, 2]) {
    expect(await append(...sensors.map((sensorId) => reading(sensorId, minute)))).toBeDefined();
  }
  for (const sensorId of sensors) expect(await idsOf(sensorId)).toHaveLength(2);
});

test('what one request lacks does not keep readings of other sensors out that are on another node', async () => {
  const nodes = new Map<unknown, number>();
  for (let n = 0; n < 40 && nodes.size < 2; n++) {
    const sensorId = await telemetry.newSensor();
    nodes.set(await nodeOf(sensorId), sensorId);
  }
  const [first, second] = [...nodes.values()];
  await set(first!, `retired_at = '2024-01-01'`);
  const requests = [first!, second ?? first!].map((id, n) => request(reading(id, n)));
  const appended = (await writer.append(requests))!.map((each) => each !== undefined);
  expect(appended).toEqual([false, nodes.size > 1]);
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
  expect(await append(reading(sensorId, 1), reading(other, 1))).toBeUndefined();
  expect(await append(reading(sensorId, 1))).toBeUndefined();
  expect(await idsOf(sensorId)).toEqual([]);
  expect(await idsOf(other)).toEqual([]);
});

test('nothing is appended while another transaction has locked one of the sensors', async () => {
  const sensorId = await telemetry.newSensor();
  const { options } = telemetry.test.database.pool;
  const holder = await SensorHolder.of({ ...options, password: options.password }, sensorId);
  try {
    expect(await append(reading(sensorId, 1))).toBeUndefined();
  } finally {
    await holder.release();
  }
  expect(await append(reading(sensorId, 1))).toBeDefined();
});

test('nothing is appended at or before the last instant of a sensor, be its reading a bad one', async () => {
  const sensorId = await telemetry.newSensor();
  await telemetry.pings.record(
    telemetry.principal,
    [reading(sensorId, 1), { ...reading(sensorId, 5), quality: 'BAD' as const }],
    { onConflict: 'REJECT' },
  );
  for (const minute of [0, 1, 3, 5]) {
    expect(await append(reading(sensorId, minute))).toBeUndefined();
  }
  expect(await append(reading(sensorId, 6))).toBeDefined();
});

test('nothing is appended where readings of a sensor do not ascend, or are of two days', async () => {
  const sensorId = await telemetry.newSensor();
  for (const minutes of [
    [2, 1],
    [1, 1],
    [1, 24 * 60],
  ]) {
    const requests = minutes.map((minute) => request(reading(sensorId, minute)));
    expect(await writer.append(requests)).toBeUndefined();
  }
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

/** Where a cluster has it; of a server alone always the same. */
async function nodeOf(sensorId: number): Promise<unknown> {
  if (process.env[NODES_VARIABLE] === undefined) return 'server';
  const { rows } = await telemetry.test.database.pool.query<{ groupid: number }>(
    `SELECT groupid FROM pg_dist_placement
     WHERE shardid = get_shard_id_for_distribution_column('flow_sensor', $1::int)`,
    [sensorId],
  );
  return rows[0]!.groupid;
}
