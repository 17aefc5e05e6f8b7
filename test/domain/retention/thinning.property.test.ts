import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { asDomainError, InvalidInputError } from '../../../src/domain/shared/errors.js';
import { at, HOURS, ORIGIN, range, RetentionWorld } from '../../helpers/retention.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 15);
const METHODS = ['LINEAR', 'STEP'] as const;
const EDITED = { reasonCode: 'METER_ERROR', comment: null };
const FILLED = { method: 'LINEAR_INTERPOLATION', value: null } as const;

const world = new RetentionWorld();

/** All that is known of a volume. */
async function figures(sensorId: number, start: number, end: number, method: 'LINEAR' | 'STEP') {
  const found = await world.volume(sensorId, start, end, method);
  const [details] = await world.domain.volumes.details(world.tenant.principal, [found]);
  const { volume: barrels, volumeMeasured, volumeInterpolated, durationGood } = found;
  const { durationInterpolated, durationMissing, pingCount, coverage } = found;
  const { minFlowrate, maxFlowrate, averageFlowrate } = found;
  return {
    barrels: { barrels, volumeMeasured, volumeInterpolated, averageFlowrate },
    exact: {
      ...{ durationGood, durationInterpolated, durationMissing, pingCount, coverage },
      ...{ minFlowrate, maxFlowrate, details },
    },
  };
}

/** @returns undefined where it is refused */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    expect(asDomainError(error)).toBeInstanceOf(InvalidInputError);
    return undefined;
  }
}

function expectSame(
  after: Awaited<ReturnType<typeof figures>>,
  before: Awaited<ReturnType<typeof figures>>,
): void {
  expect(after.exact).toEqual(before.exact);
  for (const [name, value] of Object.entries(before.barrels)) {
    const other = after.barrels[name as keyof typeof after.barrels];
    if (value === null) expect(other).toBeNull();
    else expect(Math.abs(other! - value)).toBeLessThanOrEqual(1e-6);
  }
}

const quality = fc.oneof(
  { weight: 30, arbitrary: fc.constant('GOOD' as const) },
  fc.constantFrom('UNCERTAIN' as const, 'BAD' as const),
);
const offset = fc.oneof(
  fc.integer({ min: 0, max: HOURS * HOUR - 1 }),
  // Crowded, and some on the hour.
  fc.integer({ min: 0, max: 5 * 60 }).map((minute) => minute * MINUTE),
  fc.integer({ min: 20 * 60, max: 23 * 60 }).map((minute) => minute * MINUTE),
);
const dense = fc.uniqueArray(fc.tuple(offset, fc.integer({ min: -50, max: 500 }), quality), {
  selector: ([instant]) => instant,
  minLength: 20,
  maxLength: 250,
});
const wholeHours = fc
  .uniqueArray(fc.integer({ min: -1, max: HOURS + 1 }), { minLength: 3, maxLength: 3 })
  .map((hours) => hours.sort((a, b) => a - b).map((hour) => hour * HOUR));
const anyRange = fc
  .uniqueArray(fc.integer({ min: 0, max: HOURS * HOUR }), { minLength: 2, maxLength: 2 })
  .map((ends) => ends.sort((a, b) => a - b));

describe('after older readings are thinned', () => {
  test('every figure of whole hours and every outage is as before, and a part of a thinned hour is refused, never wrong', async () => {
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(
        dense,
        wholeHours,
        anyRange,
        fc.constantFrom(60, 900, 3600, 7200),
        async (readings, [a, b, c], [from, to], maxGap) => {
          const sensor = await world.newSensor(maxGap);
          await world.record(sensor, readings);
          const ranges = [
            [a!, b!],
            [b!, c!],
            [a!, c!],
          ] as const;
          const ask = async () => {
            const answers = [];
            for (const method of METHODS) {
              for (const [start, end] of ranges) {
                answers.push(await figures(sensor, start, end, method));
              }
            }
            return answers;
          };
          const outages = async () => [
            ...(await world.domain.volumes.outages(
              world.tenant.principal,
              [sensor],
              range(from!, to!),
            )),
          ];
          const part = () => unlessRefused(figures(sensor, from!, to!, 'LINEAR'));
          const before = { figures: await ask(), outages: await outages(), part: await part() };
          removed += await world.thin();
          const answers = await ask();
          answers.forEach((answer, index) => expectSame(answer, before.figures[index]!));
          expect(await outages()).toEqual(before.outages);
          const partly = await part();
          if (partly) expectSame(partly, before.part!);
          expect(await world.domain.rollups.check(sensor)).toEqual([]);
          await world.domain.rollups.rebuild(sensor);
          const rebuilt = await ask();
          rebuilt.forEach((answer, index) => expectSame(answer, before.figures[index]!));
        },
      ),
      { numRuns: RUNS },
    );
    expect(removed).toBeGreaterThan(0);
  });

  test('an hour keeps its first and last reading, readings that are not good, and all of them where an outage or a substitute lies in it', async () => {
    const sensor = await world.newSensor(600);
    await world.recordMinutes(sensor, 2);
    // The third hour has an outage of 20 minutes, the fourth a reading of another quality, the fifth a gap that is filled.
    const third = Array.from({ length: 60 }, (_, minute) => minute).filter(
      (minute) => minute < 20 || minute >= 40,
    );
    await world.record(
      sensor,
      third.map((minute) => [2 * HOUR + minute * MINUTE, minute]),
    );
    await world.record(
      sensor,
      Array.from({ length: 60 }, (_, minute) => [
        3 * HOUR + minute * MINUTE,
        minute,
        minute === 30 ? 'UNCERTAIN' : 'GOOD',
      ]),
    );
    await world.record(
      sensor,
      Array.from({ length: 120 }, (_, minute) => [4 * HOUR + minute * MINUTE, minute]),
    );
    const gap = { sensorId: sensor, ...range(4.5 * HOUR, 4.6 * HOUR) };
    await world.domain.substitutions.make(world.tenant.principal, { ...gap, ...FILLED }, EDITED);
    const before = await figures(sensor, 0, 6 * HOUR, 'LINEAR');
    await world.thin();
    const { rows } = await world.db.database.pool.query<{ hour: number; count: number }>(
      `SELECT floor((date_part('epoch', datetime) - $2) / 3600)::int AS hour, count(*)::int AS count
       FROM ping WHERE sensor_id = $1 GROUP BY 1 ORDER BY 1`,
      [sensor, ORIGIN / 1000],
    );
    const counts = Object.fromEntries(rows.map(({ hour, count }) => [hour, count]));
    expect(counts).toMatchObject({ 0: 2, 1: 2, 2: 40, 3: 3, 5: 2 });
    expect(counts[4]).toBeGreaterThan(50);
    expectSame(await figures(sensor, 0, 6 * HOUR, 'LINEAR'), before);
  });

  test('a sensor whose method changed within an hour has the same volumes by its own method, beside sensors that never changed', async () => {
    const [one, other] = [await world.newSensor(), await world.newSensor()];
    for (const sensor of [one, other]) await world.recordMinutes(sensor, 30);
    const effectiveFrom = at(10.4 * HOUR);
    await world.domain.sensors.update(
      world.tenant.principal,
      one,
      { method: 'STEP' },
      { effectiveFrom },
    );
    const sensors = [
      ...(await world.domain.sensors.find(world.tenant.principal, [one, other])).values(),
    ];
    const ask = async () => {
      const of = range(2 * HOUR, 20 * HOUR);
      const found = await world.domain.volumes.ofRangeByOwnMethod(
        world.tenant.principal,
        sensors,
        of,
      );
      return [one, other].map((id) => found.get(id)!.volume);
    };
    const before = await ask();
    expect(await world.thin()).toBeGreaterThan(2 * 28 * 57);
    const after = await ask();
    after.forEach((barrels, index) => expect(barrels).toBeCloseTo(before[index]!, 6));
    // A later change cannot cut what is thinned.
    await expect(
      world.domain.sensors.update(
        world.tenant.principal,
        one,
        { maxGap: 60 },
        { effectiveFrom: at(HOUR) },
      ),
    ).rejects.toThrow('Pings are thinned until 2024-03-12T00:00:00.000Z');
  });
});
