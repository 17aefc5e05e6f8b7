import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const at = (hour: number) => new Date(Date.UTC(2024, 2, 1, hour));
const RANGE = { start: at(0), end: at(2) };

let telemetry: Telemetry;
let sensor: number;
beforeAll(async () => {
  telemetry = await createTelemetry();
  sensor = await telemetry.newSensor();
  const readings = [
    [0, 2400],
    [1, 0],
    [2, 0],
  ] as const;
  await telemetry.pings.record(
    telemetry.principal,
    readings.map(([hour, flowrate]) => ({ sensorId: sensor, datetime: at(hour), flowrate })),
    { onConflict: 'REJECT' },
  );
});
afterAll(() => telemetry.test.drop());

const volumeOf = async (method?: 'LINEAR' | 'STEP') =>
  (await telemetry.volumes.ofSensor(telemetry.principal, sensor, RANGE, method)).volume;
const hoursOf = async (method?: 'LINEAR' | 'STEP') => {
  const { hours } = await telemetry.volumes.hourPage(telemetry.principal, sensor, RANGE, 1, method);
  return hours.map(({ volume }) => volume);
};

test('a volume is computed by the sensor’s own method, LINEAR unless set, or by the one asked for', async () => {
  expect([await volumeOf(), await volumeOf('LINEAR'), await volumeOf('STEP')]).toEqual([
    50, 50, 100,
  ]);
  expect([await hoursOf(), await hoursOf('LINEAR'), await hoursOf('STEP')]).toEqual([
    [0, 50],
    [0, 50],
    [0, 100],
  ]);
  expect(await telemetry.change(sensor, { method: 'STEP' })).toMatchObject({ method: 'STEP' });
  expect([await volumeOf(), await volumeOf('LINEAR'), await volumeOf('STEP')]).toEqual([
    100, 50, 100,
  ]);
  expect([await hoursOf(), await hoursOf('LINEAR')]).toEqual([
    [0, 100],
    [0, 50],
  ]);
});
