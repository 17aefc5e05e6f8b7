import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FlowVolume, VolumeMethod } from '../../../src/domain/volumes/volumes.js';
import { exactVolume, type Reading } from '../../helpers/exact-volume.js';
import { edges, ORIGIN, readings } from '../../helpers/histories.js';
import { exactly, plus, times, toDouble, ZERO, type Rational } from '../../helpers/rational.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const HOUR = 3_600_000;
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 25);
const MAX_GAP = 3600;
const METHODS: readonly (VolumeMethod | undefined)[] = ['LINEAR', 'STEP', undefined];
const DAILY = { interval: 'DAY', timeZone: 'America/Chicago', dayStart: '07:00' } as const;

/** From an instant on, or ever since, in place of all that was to be in force from then on. */
interface Change<Value> {
  readonly from: number | null;
  readonly value: Value;
}

const from = fc.option(
  fc.integer({ min: 0, max: 80 * 24 * HOUR }).map((offset) => ORIGIN + offset),
);
const factors = fc.array(
  fc.record({
    from,
    value: fc.oneof(fc.constant(1), fc.double({ min: 0.5, max: 2, noNaN: true })),
  }),
  { minLength: 1, maxLength: 6 },
);
const methods = fc.array(
  fc.record({ from, value: fc.constantFrom('LINEAR' as const, 'STEP' as const) }),
  { maxLength: 2 },
);

describe('the meter factor, against exact arithmetic', () => {
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  afterAll(() => telemetry.test.drop());

  test('a volume is the integral of the flowrate times the factor in force at each instant, adds up over any split, and is the same by every way of asking', async () => {
    await fc.assert(
      fc.asyncProperty(readings, factors, methods, edges, async (all, scaled, own, instants) => {
        const [a, b, c] = instants as [number, number, number];
        const sensor = await telemetry.newSensor(MAX_GAP);
        const { principal, pings, volumes } = telemetry;
        await pings.record(
          principal,
          all.map(({ at, ...each }) => ({ ...each, sensorId: sensor, datetime: new Date(at) })),
          { onConflict: 'REJECT' },
        );
        for (const { from: since, value } of own) {
          await telemetry.change(sensor, { method: value }, instantOf(since));
        }
        for (const { from: since, value } of scaled) {
          await telemetry.change(sensor, { meterFactor: value }, instantOf(since));
        }
        for (const method of METHODS) {
          const exact = (start: number, end: number) =>
            exactOf(all, start, end, (at) => method ?? inForce(own, at, 'LINEAR'), scaled, own);
          const [first, second, both] = [
            await volumeOf(telemetry, sensor, a, b, method),
            await volumeOf(telemetry, sensor, b, c, method),
            await volumeOf(telemetry, sensor, a, c, method),
          ];
          expectExact(first, exact(a, b));
          expectExact(second, exact(b, c));
          expectExact(both, exact(a, c));
          const scale = 1e-9 * exact(a, c).absolute;
          const close = (found: number, expected: number) =>
            expect(Math.abs(found - expected)).toBeLessThanOrEqual(scale + 2e-6);
          for (const figure of ['volume', 'volumeMeasured', 'volumeInterpolated'] as const) {
            expect(Math.abs(first[figure] + second[figure] - both[figure])).toBeLessThanOrEqual(
              scale,
            );
          }
          const range = { start: new Date(a), end: new Date(c) };
          const { volume } = await volumes.ofSensor(principal, sensor, range, method);
          close(volume, both.volume);
          const page = await volumes.hourPage(principal, sensor, range, 1, method);
          for (const { start, end, volume: hour } of page.hours.slice(0, 3)) {
            close(hour, toDouble(exact(start.getTime(), end.getTime()).volume));
          }
          if (!method) continue;
          const bare = await volumes.bare.ofRange(principal, [sensor], range, method);
          close(bare.get(sensor)!.volume, both.volume);
          for (const days of [
            await volumes.ofCalendar(principal, [sensor], range, DAILY, method),
            await volumes.bare.ofCalendar(principal, [sensor], range, DAILY, method),
          ]) {
            const sum = days.get(sensor)!.reduce((total, day) => total + day.volume, 0);
            close(sum, both.volume);
          }
        }
        expect(await telemetry.summaries.check(sensor)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('the factor changes no flowrate of readings, and the average as the volume', async () => {
    const sensor = await telemetry.newSensor();
    const hour = (index: number) => new Date(ORIGIN + index * HOUR);
    const { principal, pings } = telemetry;
    await pings.record(
      principal,
      [0, 1, 2].map((index) => ({ sensorId: sensor, datetime: hour(index), flowrate: 2400 })),
      { onConflict: 'REJECT' },
    );
    await telemetry.change(sensor, { meterFactor: 1.25 }, hour(1));
    const found = await volumeOf(telemetry, sensor, ORIGIN, ORIGIN + 2 * HOUR, 'LINEAR');
    expect(found).toMatchObject({
      ...{ volume: 225, volumeMeasured: 225, minFlowrate: 2400, maxFlowrate: 2400, pingCount: 2 },
      averageFlowrate: 2700,
    });
    const { volumes } = telemetry;
    const [detail] = await volumes.details(principal, [found]);
    expect(detail).toMatchObject({ startBound: 2400, endBound: 2400 });
  });

  test('the factor of one account’s sensor is of that sensor alone', async () => {
    const other = await telemetry.newAccount('others');
    const [own, neighbour] = [await telemetry.newSensor(), await telemetry.newSensor()];
    const foreign = await telemetry.newSensor(3600, other);
    for (const [principal, sensorId] of [
      [telemetry.principal, own],
      [telemetry.principal, neighbour],
      [other, foreign],
    ] as const) {
      await telemetry.pings.record(
        principal,
        [0, HOUR].map((at) => ({ sensorId, datetime: new Date(ORIGIN + at), flowrate: 2400 })),
        { onConflict: 'REJECT' },
      );
    }
    await telemetry.change(own, { meterFactor: 1.5 });
    await expect(telemetry.change(foreign, { meterFactor: 1.5 })).rejects.toThrow();
    const range = { start: new Date(ORIGIN), end: new Date(ORIGIN + HOUR) };
    for (const asOf of [undefined, new Date()]) {
      const found = await telemetry.volumes.bare.ofRange(
        ...([telemetry.principal, [own, neighbour, foreign], range, 'LINEAR', asOf] as const),
      );
      expect(new Map([...found].map(([id, { volume }]) => [id, volume]))).toEqual(
        new Map([
          [own, 150],
          [neighbour, 100],
        ]),
      );
    }
    expect((await telemetry.volumes.ofSensor(other, foreign, range)).volume).toBe(100);
  });
});

function instantOf(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}

/** Each change replaces all that was to be in force from its instant on. */
function inForce<Value>(changes: readonly Change<Value>[], at: number, initial: Value): Value {
  return changes.findLast(({ from: since }) => since === null || since <= at)?.value ?? initial;
}

async function volumeOf(
  { volumes, sensors, principal }: Telemetry,
  sensorId: number,
  start: number,
  end: number,
  method: VolumeMethod | undefined,
): Promise<FlowVolume> {
  const range = { start: new Date(start), end: new Date(end) };
  const found = method
    ? await volumes.ofRange(principal, [sensorId], range, method)
    : await volumes.ofRangeByOwnMethod(principal, await sensors.find(principal, [sensorId]), range);
  return found.get(sensorId)!;
}

interface Exact {
  readonly volume: Rational;
  readonly measured: Rational;
  readonly interpolated: Rational;
  /** ∫|f| times the factor */
  readonly absolute: number;
}

function exactOf(
  all: readonly Reading[],
  start: number,
  end: number,
  methodAt: (at: number) => VolumeMethod,
  scaled: readonly Change<number>[],
  own: readonly Change<unknown>[],
): Exact {
  const changes = [...scaled, ...own].flatMap(({ from: since }) => since ?? []);
  const cuts = [start, ...changes.filter((at) => at > start && at < end), end].sort(
    (p, q) => p - q,
  );
  const parts = cuts.slice(1).map((to, index) => {
    const at = cuts[index]!;
    const part = exactVolume(all, at, to, methodAt(at), () => MAX_GAP);
    const factor = exactly(inForce(scaled, at, 1));
    return {
      volume: times(part.volume, factor),
      measured: times(part.measured.volume, factor),
      interpolated: times(part.interpolated.volume, factor),
      absolute: times(part.absolute, factor),
    };
  });
  const sum = (figure: keyof (typeof parts)[number]) =>
    parts.reduce((total, part) => plus(total, part[figure]), ZERO);
  return {
    ...{ volume: sum('volume'), measured: sum('measured'), interpolated: sum('interpolated') },
    absolute: toDouble(sum('absolute')),
  };
}

function expectExact(found: FlowVolume, exact: Exact): void {
  const tolerance = 1e-9 * exact.absolute;
  const pairs = [
    [found.volume, exact.volume],
    [found.volumeMeasured, exact.measured],
    [found.volumeInterpolated, exact.interpolated],
  ] as const;
  for (const [figure, expected] of pairs) {
    expect(Math.abs(figure - toDouble(expected))).toBeLessThanOrEqual(tolerance);
  }
}
