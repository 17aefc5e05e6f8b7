import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TotalizerVolumes } from '../../../src/domain/volumes/totalizer-volumes.js';
import { TotalizerStore } from '../../../src/storage/volumes/totalizer-store.js';
import { exactVolume, type Reading } from '../../helpers/exact-volume.js';
import {
  exactly,
  minus,
  over,
  plus,
  sign,
  times,
  toDouble,
  whole,
  ZERO,
  type Rational,
} from '../../helpers/rational.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const HOUR = 3_600_000;
const ORIGIN = Date.UTC(2026, 0, 1);
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 25);

interface Counted extends Reading {
  readonly totalizer?: number | undefined;
}

interface Change {
  readonly at: number;
  readonly factor: number;
}

/** Readings of a meter that counts, rolls over, is set back, and does not always tell its totalizer. */
const histories = fc
  .record({
    rollover: fc.option(fc.integer({ min: 10, max: 1_000_000 })),
    steps: fc.array(
      fc.record({
        gapMs: fc.integer({ min: 1, max: 5 * HOUR }),
        flowrate: fc.integer({ min: -8000, max: 160_000 }).map((eighths) => eighths / 8),
        growth: fc.double({ min: 0, max: 1, noNaN: true }),
        reset: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 6 }),
        isTold: fc.boolean(),
        quality: fc.constantFrom('GOOD', 'GOOD', 'GOOD', 'UNCERTAIN', 'BAD' as const),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  })
  .map(({ rollover, steps }) => {
    const size = rollover ?? 1_000_000;
    let at = ORIGIN;
    let shown = size * 0.6;
    const readings = steps.map(({ gapMs, flowrate, growth, reset, isTold, quality }): Counted => {
      at += gapMs;
      shown += growth * size * 0.4;
      if (rollover !== null) shown %= rollover;
      if (reset !== null) shown *= reset;
      return { at, flowrate, quality, totalizer: isTold ? shown : undefined };
    });
    return { rollover, readings };
  });

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry();
});
afterAll(() => telemetry.test.drop());

test('a totalizer’s volume is the exact sum of its steps with its rollovers and without its resets, beside the integral over the same time', async () => {
  const totalizers = new TotalizerVolumes(new TotalizerStore(telemetry.test.database));
  const { principal, pings, volumes } = telemetry;
  await fc.assert(
    fc.asyncProperty(
      histories,
      // at the instant of a reading, or a little after it
      fc.array(
        fc.record({
          place: fc.nat({ max: 39 }),
          afterMs: fc.constantFrom(0, 0, 7),
          factor: fc.double({ min: 0.5, max: 2, noNaN: true }),
        }),
        { maxLength: 2 },
      ),
      fc.array(fc.nat({ max: 200 * HOUR }), { minLength: 2, maxLength: 2 }),
      fc.constantFrom('LINEAR' as const, 'STEP' as const),
      async ({ rollover, readings }, placed, offsets, method) => {
        const sensor = await telemetry.newSensor();
        await telemetry.change(sensor, { totalizerRollover: rollover });
        await pings.record(
          principal,
          readings.map(({ at, ...each }) => ({
            ...{ ...each, sensorId: sensor, datetime: new Date(at) },
          })),
          { onConflict: 'REJECT' },
        );
        const changes: Change[] = [];
        for (const { place, afterMs, factor } of placed) {
          const at = readings[place % readings.length]!.at + afterMs;
          await telemetry.change(sensor, { meterFactor: factor }, new Date(at));
          // A change replaces all that was to be in force from its instant on.
          while (changes.length > 0 && changes.at(-1)!.at >= at) changes.pop();
          changes.push({ at, factor });
        }
        const [start, end] = offsets.sort((a, b) => a - b).map((offset) => ORIGIN + offset);
        const ranges = [
          { start: new Date(start!), end: new Date(end!) },
          { start: new Date(ORIGIN), end: new Date(ORIGIN + 200 * HOUR) },
        ];
        const found = await Promise.all(
          ranges.map(async (range) => {
            const all = await volumes.ofRange(principal, [sensor], range, method);
            return all.get(sensor)!;
          }),
        );
        const known = await totalizers.of(principal, found);
        ranges.forEach((range, index) => {
          const expected = exact(
            ...([readings, changes, rollover, method] as const),
            ...([range.start.getTime(), range.end.getTime()] as const),
          );
          const total = known[index]!;
          if (!expected) {
            expect(total).toBeNull();
            return;
          }
          expect(total).toMatchObject({
            start: new Date(expected.start),
            end: new Date(expected.end),
            resets: expected.resets,
          });
          const close = (figure: number, value: Rational, scale: number) =>
            expect(Math.abs(figure - toDouble(value))).toBeLessThanOrEqual(1e-12 * scale + 1e-9);
          close(total.volume, expected.volume, expected.turned);
          close(total.rateVolume, expected.rateVolume, expected.absolute * 1000);
          expect(total.difference).toBe(total.volume - total.rateVolume);
        });
      },
    ),
    { numRuns: RUNS },
  );
});

function exact(
  all: readonly Counted[],
  changes: readonly Change[],
  rollover: number | null,
  method: 'LINEAR' | 'STEP',
  from: number,
  to: number,
) {
  const told = all.filter(
    ({ at, totalizer, quality }) =>
      at >= from && at <= to && totalizer !== undefined && quality !== 'BAD',
  );
  const [first, last] = [told[0], told.at(-1)];
  if (told.length < 2 || from === to) return null;
  const factorAt = (at: number) => changes.findLast((change) => change.at <= at)?.factor ?? 1;
  let volume = ZERO;
  let turned = 0;
  let resets = 0;
  for (const [index, next] of told.slice(1).entries()) {
    const previous = told[index]!;
    const isChanged = changes.some(
      ({ at, factor }) => at > previous.at && at < next.at && factor !== factorAt(at - 1),
    );
    if (isChanged) return null;
    const [shown, before] = [exactly(next.totalizer!), exactly(previous.totalizer!)];
    let step = minus(shown, before);
    if (sign(step) < 0) {
      const limit = rollover === null ? undefined : exactly(rollover);
      const wrapped = limit && plus(step, limit);
      if (wrapped && sign(minus(wrapped, over(limit, whole(2)))) <= 0) {
        step = wrapped;
      } else {
        step = ZERO;
        resets += 1;
      }
    }
    volume = plus(volume, times(step, exactly(factorAt(previous.at))));
    turned += previous.totalizer! + next.totalizer! + (rollover ?? 0);
  }
  const instants = changes.map(({ at }) => at).filter((at) => at > first!.at && at < last!.at);
  const cuts = [first!.at, ...instants, last!.at];
  let rateVolume = ZERO;
  let absolute = 0;
  for (const [index, cut] of cuts.slice(1).entries()) {
    const part = exactVolume(all, cuts[index]!, cut, method, () => 3600);
    rateVolume = plus(rateVolume, times(part.volume, exactly(factorAt(cuts[index]!))));
    absolute += 2 * toDouble(part.absolute);
  }
  return { start: first!.at, end: last!.at, volume, resets, rateVolume, turned, absolute };
}
