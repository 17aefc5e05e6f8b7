import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { totalVolume, type FlowVolume } from '../../../src/domain/volumes/volumes.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const HOUR = 3600;
const at = (hours: number) => new Date(Date.UTC(2024, 2, 1) + hours * HOUR * 1000);

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry();
});
afterAll(() => telemetry.test.drop());

/** @param readings hours after at(0) and bbl/d */
async function sensorWith(
  readings: readonly (readonly [number, number])[],
  maxGap = HOUR,
): Promise<number> {
  const sensorId = await telemetry.newSensor(maxGap);
  await telemetry.pings.record(
    telemetry.principal,
    readings.map(([hours, flowrate]) => ({ sensorId, datetime: at(hours), flowrate })),
    { onConflict: 'REJECT' },
  );
  return sensorId;
}

async function volume(
  sensor: number,
  start: number,
  end: number,
  method: 'LINEAR' | 'STEP' = 'LINEAR',
): Promise<FlowVolume> {
  const range = { start: at(start), end: at(end) };
  const found = await telemetry.volumes.ofRange(telemetry.principal, [sensor], range, method);
  return found.get(sensor)!;
}

test('a volume says what was measured, what was interpolated over an outage, and where nothing is known', async () => {
  const sensor = await sensorWith([
    [1, 2400],
    [2, 2400],
    [4, 1200],
    [5, 1200],
  ]);
  expect(await volume(sensor, 0, 10)).toMatchObject({
    volume: 300,
    volumeMeasured: 150,
    volumeInterpolated: 150,
    durationGood: 2 * HOUR,
    durationInterpolated: 2 * HOUR,
    durationMissing: 6 * HOUR,
    coverage: 0.2,
  });
  expect(await volume(sensor, 3, 4.5)).toMatchObject({
    volumeMeasured: 25,
    volumeInterpolated: 62.5,
    durationGood: HOUR / 2,
    durationInterpolated: HOUR,
    durationMissing: 0,
  });
  expect(await volume(sensor, 0, 10, 'STEP')).toMatchObject({
    volume: 350,
    volumeMeasured: 150,
    volumeInterpolated: 200,
  });
});

test('a segment as long as the max gap is measured, one a millisecond longer is an outage', async () => {
  const sensor = await sensorWith([
    [0, 24],
    [1, 24],
    [2 + 1 / 3_600_000, 24],
  ]);
  const found = await volume(sensor, 0, 3);
  expect(found).toMatchObject({ durationGood: HOUR, durationInterpolated: HOUR + 0.001 });
  expect(found.volumeMeasured).toBe(1);
});

test('another max gap changes at once what of the past is measured', async () => {
  const sensor = await sensorWith([
    [0, 24],
    [2, 24],
  ]);
  expect(await volume(sensor, 0, 2)).toMatchObject({ volumeMeasured: 0, volumeInterpolated: 2 });
  await telemetry.change(sensor, { maxGap: 2 * HOUR });
  expect(await volume(sensor, 0, 2)).toMatchObject({ volumeMeasured: 2, volumeInterpolated: 0 });
});

test('a range without any reading is missing, not measured as nothing', async () => {
  const [empty, valveClosed] = [
    await telemetry.newSensor(),
    await sensorWith([
      [0, 0],
      [1, 0],
    ]),
  ];
  const nothing = { volume: 0, volumeMeasured: 0, volumeInterpolated: 0, durationInterpolated: 0 };
  expect(await volume(empty, 0, 1)).toMatchObject({
    ...nothing,
    durationGood: 0,
    durationMissing: HOUR,
  });
  expect(await volume(valveClosed, 0, 1)).toMatchObject({
    ...nothing,
    durationGood: HOUR,
    durationMissing: 0,
  });
});

test('volumes and durations of several sensors add up to the total', async () => {
  const sensors = [
    await sensorWith([
      [0, 2400],
      [1, 2400],
      [3, 2400],
    ]),
    await sensorWith([
      [0.1, -1],
      [0.35, 1 / 3],
    ]),
    await telemetry.newSensor(),
  ];
  const each = await Promise.all(sensors.map((sensor) => volume(sensor, 0, 4)));
  const total = totalVolume(
    at(0),
    at(4),
    each.map((volume) => ({ volume, retiredAt: null, continuesFrom: null })),
  );
  expect(total.volume).toBe(each[0]!.volume + each[1]!.volume);
  expect(total).toMatchObject({
    volumeMeasured: 100 + each[1]!.volume,
    volumeInterpolated: 200,
    durationGood: 1.25 * HOUR,
    durationInterpolated: 2 * HOUR,
    durationMissing: (12 - 3.25) * HOUR,
  });
});
