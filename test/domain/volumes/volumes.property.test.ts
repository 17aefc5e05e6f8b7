import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ConflictError } from '../../../src/domain/shared/errors.js';
import type { FlowVolume, VolumeMethod } from '../../../src/domain/volumes/volumes.js';
import { exactVolume, type Reading } from '../../helpers/exact-volume.js';
import { toDouble } from '../../helpers/rational.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const ORIGIN = Date.parse('2024-03-09T22:00:00Z');
const HOUR = 3_600_000;
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 25);
jest.setTimeout(300_000 + RUNS * 500);
const DURATIONS = ['durationGood', 'durationInterpolated', 'durationMissing'] as const;
const METHODS: VolumeMethod[] = ['LINEAR', 'STEP'];

/** Instants on all scales: within seconds of each other, on the hour, days and months apart. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 6 * HOUR }),
  fc.integer({ min: 0, max: 60 }).map((hours) => hours * HOUR),
  fc.integer({ min: 0, max: 80 * 24 }).map((hours) => hours * HOUR),
  fc.integer({ min: 0, max: 80 * 24 * HOUR }),
);
const flowrate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -3, max: 3 }),
  fc
    .double({ min: -5000, max: 5000, noNaN: true })
    .map((value) => (Math.abs(value) < 1e-30 ? 0 : value)),
  fc.double({ min: 1e14, max: 1e15, noNaN: true }),
  fc.double({ min: 1e-30, max: 1e-29, noNaN: true }),
);
const readings = fc.uniqueArray(
  fc.record({ at: instant, flowrate }).map(({ at, flowrate }) => ({ at: ORIGIN + at, flowrate })),
  { selector: ({ at }) => at, maxLength: 40 },
);
const history = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('post' as const), readings }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('correct' as const), readings }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('delete' as const), from: instant, to: instant }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('maxGap' as const),
        maxGap: fc.constantFrom(1, 60, 3600, 7200, 86_400, 10_000_000),
      }),
    },
  ),
  { minLength: 1, maxLength: 6 },
);
const histories = fc.array(history, { minLength: 1, maxLength: 4 });
const edges = fc
  .uniqueArray(instant, { minLength: 3, maxLength: 3 })
  .map((offsets) => offsets.sort((a, b) => a - b).map((offset) => ORIGIN + offset));

describe('flow volume, against exact arithmetic', () => {
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  afterAll(() => telemetry.test.drop());

  test('the volume is the integral over what is stored, after any history of posts, late posts, corrections, deletions and max gaps, by several writers at once', async () => {
    await fc.assert(
      fc.asyncProperty(histories, edges, async (writers, [a, b, c]) => {
        const sensor = await telemetry.newSensor();
        const written = await Promise.all(writers.map((each) => play(telemetry, sensor, each)));
        const { stored, maxGap } = await heldBy(telemetry, sensor);
        // Of a single writer it is also known what must be stored.
        if (written.length === 1) expect({ stored, maxGap }).toEqual(written[0]);
        for (const method of METHODS) {
          const [first, second, both] = [
            await volume(telemetry, sensor, a as number, b as number, method),
            await volume(telemetry, sensor, b as number, c as number, method),
            await volume(telemetry, sensor, a as number, c as number, method),
          ];
          expectExact(first, stored, method, maxGap);
          expectExact(second, stored, method, maxGap);
          expectExact(both, stored, method, maxGap);
          const scale = toDouble(
            exactVolume(stored, a as number, c as number, method, maxGap).absolute,
          );
          for (const figure of ['volume', 'volumeMeasured', 'volumeInterpolated'] as const) {
            expect(Math.abs(first[figure] + second[figure] - both[figure])).toBeLessThanOrEqual(
              1e-9 * scale,
            );
          }
          for (const figure of DURATIONS) {
            expect(first[figure] + second[figure]).toBeCloseTo(both[figure], 6);
          }
        }
        await expectHoursToAddUp(telemetry, sensor, a as number, c as number, stored);
        expect(await telemetry.summaries.check(sensor)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('the linear volume of 0, 1, 1, 0 at unit steps is 2 units', async () => {
    const sensor = await telemetry.newSensor();
    const day = 24 * HOUR;
    const pings = [0, 1, 1, 0].map((value, step) => ({ at: ORIGIN + step * day, flowrate: value }));
    await post(telemetry, sensor, pings, 'REJECT');
    expect((await volume(telemetry, sensor, ORIGIN, ORIGIN + 3 * day, 'LINEAR')).volume).toBe(2);
  });

  test('a time-weighted average is within the range of its inputs', async () => {
    await fc.assert(
      fc.asyncProperty(readings, edges, async (pings, [a, , b]) => {
        const sensor = await telemetry.newSensor();
        await post(telemetry, sensor, pings, 'REJECT');
        const rates = pings.map((ping) => ping.flowrate);
        for (const method of METHODS) {
          const { averageFlowrate } = await volume(
            telemetry,
            sensor,
            a as number,
            b as number,
            method,
          );
          if (averageFlowrate === null) continue;
          expect(averageFlowrate).toBeGreaterThanOrEqual(Math.min(...rates));
          expect(averageFlowrate).toBeLessThanOrEqual(Math.max(...rates));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

type Event = typeof history extends fc.Arbitrary<(infer One)[]> ? One : never;

async function play(
  telemetry: Telemetry,
  sensor: number,
  events: readonly Event[],
): Promise<{ stored: Reading[]; maxGap: number }> {
  const stored = new Map<number, number>();
  let maxGap = 3600;
  for (const event of events) {
    if (event.kind === 'post') {
      const fresh = event.readings.filter(({ at }) => !stored.has(at));
      const isRecorded = await post(telemetry, sensor, fresh, 'REJECT').then(
        () => true,
        (error: unknown) => {
          // Another writer was there before, and nothing is recorded.
          expect(error).toBeInstanceOf(ConflictError);
          return false;
        },
      );
      if (isRecorded) for (const { at, flowrate } of fresh) stored.set(at, flowrate);
    } else if (event.kind === 'correct') {
      await post(telemetry, sensor, event.readings, 'OVERWRITE');
      for (const { at, flowrate } of event.readings) stored.set(at, flowrate);
    } else if (event.kind === 'delete') {
      const start = ORIGIN + Math.min(event.from, event.to);
      const end = ORIGIN + Math.max(event.from, event.to);
      await telemetry.pings.delete(
        telemetry.principal,
        sensor,
        { start: new Date(start), end: new Date(end) },
        { dryRun: false },
      );
      for (const at of stored.keys()) if (at >= start && at < end) stored.delete(at);
    } else {
      maxGap = event.maxGap;
      await telemetry.change(sensor, { maxGap });
    }
  }
  const inTime = [...stored].sort(([a], [b]) => a - b);
  return { stored: inTime.map(([at, flowrate]) => ({ at, flowrate })), maxGap };
}

async function heldBy(
  { test: { database } }: Telemetry,
  sensor: number,
): Promise<{ stored: Reading[]; maxGap: number }> {
  const { rows } = await database.pool.query<Reading>(
    `SELECT round(date_part('epoch', datetime) * 1000) AS at, flowrate FROM ping
     WHERE sensor_id = $1 ORDER BY datetime`,
    [sensor],
  );
  const { maxGap } = await database.prisma.flowSensor.findUniqueOrThrow({ where: { id: sensor } });
  return { stored: rows, maxGap };
}

async function post(
  { pings, principal }: Telemetry,
  sensorId: number,
  readings: readonly Reading[],
  onConflict: 'REJECT' | 'OVERWRITE',
): Promise<void> {
  await pings.record(
    principal,
    readings.map(({ at, flowrate }) => ({ sensorId, datetime: new Date(at), flowrate })),
    { onConflict },
  );
}

async function volume(
  { volumes, principal }: Telemetry,
  sensor: number,
  start: number,
  end: number,
  method: VolumeMethod,
): Promise<FlowVolume> {
  const range = { start: new Date(start), end: new Date(end) };
  return (await volumes.ofRange(principal, [sensor], range, method)).get(sensor) as FlowVolume;
}

function expectExact(
  figure: FlowVolume,
  stored: readonly Reading[],
  method: VolumeMethod,
  maxGap: number,
): void {
  const [start, end] = [figure.start.getTime(), figure.end.getTime()];
  const exact = exactVolume(stored, start, end, method, maxGap);
  const scale = toDouble(exact.absolute);
  expect(Math.abs(figure.volume - toDouble(exact.volume))).toBeLessThanOrEqual(1e-9 * scale);
  for (const [part, partVolume] of [
    ['measured', figure.volumeMeasured],
    ['interpolated', figure.volumeInterpolated],
  ] as const) {
    expect(Math.abs(partVolume - toDouble(exact[part].volume))).toBeLessThanOrEqual(
      1e-9 * toDouble(exact[part].absolute),
    );
  }
  expect(figure.durationGood).toBe(exact.coveredMs / 1000);
  expect(figure.durationInterpolated).toBe((exact.spannedMs - exact.coveredMs) / 1000);
  expect(figure.durationMissing).toBe((end - start - exact.spannedMs) / 1000);
  expect(figure.coverage).toBe(end > start ? exact.coveredMs / (end - start) : 0);
  const inside = stored.filter(({ at }) => at >= start && at < end).map((each) => each.flowrate);
  expect(figure.pingCount).toBe(inside.length);
  expect(figure.minFlowrate).toBe(inside.length > 0 ? Math.min(...inside) : null);
  expect(figure.maxFlowrate).toBe(inside.length > 0 ? Math.max(...inside) : null);
  if (exact.spannedMs === 0) expect(figure.averageFlowrate).toBeNull();
  else {
    const average = toDouble(exact.volume) / (exact.spannedMs / 86_400_000);
    const most = (scale / (exact.spannedMs / 86_400_000)) * 1e-9;
    expect(Math.abs((figure.averageFlowrate as number) - average)).toBeLessThanOrEqual(most);
  }
}

async function expectHoursToAddUp(
  { volumes, principal }: Telemetry,
  sensor: number,
  start: number,
  end: number,
  stored: readonly Reading[],
): Promise<void> {
  const range = { start: new Date(start), end: new Date(end) };
  const hours = await volumes.ofCalendar(
    principal,
    [sensor],
    range,
    { interval: 'HOUR', timeZone: 'UTC', dayStart: '00:00' },
    'LINEAR',
  );
  const sum = (hours.get(sensor) as FlowVolume[]).reduce((total, each) => total + each.volume, 0);
  const exact = exactVolume(stored, start, end, 'LINEAR', 3600);
  expect(Math.abs(sum - toDouble(exact.volume))).toBeLessThanOrEqual(
    1e-9 * toDouble(exact.absolute),
  );
}
