import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { roundVolume } from '../../../src/domain/volumes/round-volume.js';
import { roundedVolume } from '../../../src/storage/volumes/sql/rounded-volume.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const START = Date.UTC(2024, 2, 1);
// A thousandth of a day.
const STEP_MS = 86_400;

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry();
});
afterAll(() => telemetry.test.drop());

/** 0.0005 bbl/d for as many thousandths of a day. */
async function sensorFlowing(steps: number): Promise<number> {
  const sensorId = await telemetry.newSensor();
  const readings = Array.from({ length: steps + 1 }, (_, index) => ({
    sensorId,
    datetime: new Date(START + index * STEP_MS),
    flowrate: 0.0005,
  }));
  await telemetry.pings.record(telemetry.principal, readings, { onConflict: 'REJECT' });
  return sensorId;
}

test('a volume of exactly half a millionth rounds away from zero, however many parts it is the sum of', async () => {
  for (const steps of [1, 3, 7, 11, 19]) {
    const sensor = await sensorFlowing(steps);
    const range = { start: new Date(START), end: new Date(START + steps * STEP_MS) };
    const { volume } = await telemetry.volumes.ofSensor(telemetry.principal, sensor, range);
    const { hours } = await telemetry.volumes.hourPage(telemetry.principal, sensor, range, 1);
    expect({ steps, volume, hour: hours[0]!.volume }).toEqual({
      steps,
      volume: (steps + 1) / 2e6,
      hour: (steps + 1) / 2e6,
    });
  }
});

test('the server rounds as the database does, close to halves and far from them, small and large', async () => {
  const volumes = Array.from({ length: 4000 }, (_, index) => {
    const near = [0.5, 0.5004, 0.4996, 0.50051, 0.4994, 0.499_999_9, 0.123, 0][index % 8]!;
    return ((-1) ** index * (Math.floor(1.009 ** index) + near)) / 1e6;
  });
  const { rows } = await telemetry.test.database.pool.query<{ rounded: number }>(
    `SELECT ${roundedVolume('v')} AS rounded FROM unnest($1::float8[]) WITH ORDINALITY AS u (v, place) ORDER BY place`,
    [volumes],
  );
  expect(volumes.map((volume) => roundVolume(volume) + 0)).toEqual(
    rows.map(({ rounded }) => rounded + 0),
  );
});

test('the server rounds as the database does', () => {
  expect(
    [0.4999999999999998e-6, -5.208437499999999, 1.0000004, -7.5e-7, 0, 12_345_678.123_456_5].map(
      roundVolume,
    ),
  ).toEqual([1e-6, -5.208438, 1, -1e-6, 0, 12_345_678.123_457]);
});
