import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Sensors } from '../../../src/domain/sensors/sensors.js';
import { SensorStore } from '../../../src/storage/sensors/sensor-store.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const AT = new Date('2024-05-01T00:00:00Z');
const NEXT = new Date('2024-05-01T00:00:01Z');

let telemetry: Telemetry;
let sensors: Sensors;
beforeAll(async () => {
  telemetry = await createTelemetry();
  sensors = new Sensors(new SensorStore(telemetry.test.database));
});
afterAll(() => telemetry.test.drop());

const record = (sensorId: number) =>
  telemetry.pings.record(telemetry.principal, [{ sensorId, datetime: AT, flowrate: 1 }], {
    onConflict: 'REJECT',
  });
const rowsOf = async (sensorId: number) =>
  (
    await telemetry.test.database.pool.query<{ pings: number; summaries: number; sensors: number }>(
      `SELECT (SELECT count(*)::int FROM ping WHERE sensor_id = $1) AS pings,
         (SELECT count(*)::int FROM ping_summary WHERE sensor_id = $1) AS summaries,
         (SELECT count(*)::int FROM flow_sensor WHERE id = $1) AS sensors`,
      [sensorId],
    )
  ).rows[0];

test('a sensor that never had a ping is deleted, and nothing of it is left', async () => {
  const id = await telemetry.newSensor();
  await sensors.delete(telemetry.principal, id);
  expect(await rowsOf(id)).toEqual({ pings: 0, summaries: 0, sensors: 0 });
  await expect(sensors.delete(telemetry.principal, id)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a sensor that has pings, or had some that were deleted, cannot be deleted', async () => {
  const id = await telemetry.newSensor();
  await record(id);
  const refused = { code: 'CONFLICT', message: expect.stringContaining(`Flow sensor ${id} has`) };
  await expect(sensors.delete(telemetry.principal, id)).rejects.toMatchObject(refused);
  await telemetry.pings.delete(
    telemetry.principal,
    id,
    { start: AT, end: NEXT },
    { dryRun: false },
  );
  await expect(sensors.delete(telemetry.principal, id)).rejects.toMatchObject(refused);
  expect(await rowsOf(id)).toEqual({ pings: 0, summaries: 1, sensors: 1 });
});

test('only the scope ADMIN may delete a sensor', async () => {
  const id = await telemetry.newSensor();
  const viewer = { ...telemetry.principal, scopes: new Set(['READ', 'INGEST'] as const) };
  await expect(sensors.delete(viewer, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('pings that arrive while their sensor is being deleted are either stored with it or refused', async () => {
  for (let round = 0; round < 20; round++) {
    const id = await telemetry.newSensor();
    const [deleted, recorded] = await Promise.allSettled([
      sensors.delete(telemetry.principal, id),
      record(id),
    ]);
    const expected =
      deleted.status === 'fulfilled'
        ? { recorded: 'rejected', pings: 0, sensors: 0 }
        : { recorded: 'fulfilled', pings: 1, sensors: 1 };
    expect({ recorded: recorded.status, ...(await rowsOf(id)) }).toMatchObject(expected);
    if (recorded.status === 'rejected') {
      expect(recorded.reason).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  }
});
