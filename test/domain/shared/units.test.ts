import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  enteredFlowrate,
  FLOWRATE_UNITS,
  fromBarrels,
  fromBarrelsPerDay,
  toBarrels,
  toBarrelsPerDay,
  VOLUME_UNITS,
  type VolumeUnit,
} from '../../../src/domain/shared/units.js';
import {
  exactly,
  magnitude,
  minus,
  over,
  sign,
  times,
  whole,
  type Rational,
} from '../../helpers/rational.js';

// In cubic micrometres times 100, from the definitions of the units in cubic inches and metres.
const INCH = 254_000n; // tenths of a micrometre
const CUBIC_INCH = INCH ** 3n;
const CUBIC_METRE = 10_000_000n ** 3n;
const CUBIC_FOOT = 1728n * CUBIC_INCH;
const SIZES: Record<VolumeUnit, bigint> = {
  bbl: 42n * 231n * CUBIC_INCH,
  m3: CUBIC_METRE,
  gal: 231n * CUBIC_INCH,
  ft3: CUBIC_FOOT,
  l: CUBIC_METRE / 1000n,
  'acre-ft': 43_560n * CUBIC_FOOT,
};
const TIMES = { d: 1n, h: 24n, min: 1440n, s: 86_400n };
const NAMES: Record<string, Rational> = {
  gpm: over(whole(1440n), whole(42n)),
  MGD: over(whole(1_000_000n), whole(42n)),
  cfs: over(whole(86_400n * CUBIC_FOOT), whole(SIZES.bbl)),
};

function barrelsPerDay(unit: string): Rational {
  const [volume, time] = unit.split('/') as [VolumeUnit, keyof typeof TIMES];
  return NAMES[unit] ?? over(whole(SIZES[volume] * TIMES[time]), whole(SIZES.bbl));
}

const flowrate = fc
  .double({ min: -1e15, max: 1e15, noNaN: true })
  .filter((value) => value === 0 || Math.abs(value) >= 1e-30);

/** That no other double is nearer. */
function expectNearest(double: number, exact: Rational): void {
  const error = magnitude(minus(exactly(double), exact));
  const ulp = Math.max(Math.abs(double) * Number.EPSILON, Number.MIN_VALUE);
  const neighbours = [double - ulp / 2, double + ulp / 2, double - ulp, double + ulp];
  for (const neighbour of neighbours) {
    const other = magnitude(minus(exactly(neighbour), exact));
    expect(sign(minus(other, error))).not.toBe(-1);
  }
}

test.each(FLOWRATE_UNITS)('no double is nearer to a flowrate of %s in bbl/d, and back', (unit) => {
  const factor = barrelsPerDay(unit);
  fc.assert(
    fc.property(flowrate, (value) => {
      expectNearest(toBarrelsPerDay(value, unit), times(exactly(value), factor));
      expectNearest(fromBarrelsPerDay(value, unit), over(exactly(value), factor));
    }),
    { numRuns: 60 },
  );
});

test.each(VOLUME_UNITS)(
  'volumes in %s go to barrels and back, and add up as they do in barrels',
  (unit) => {
    const factor = over(whole(SIZES[unit]), whole(SIZES.bbl));
    fc.assert(
      fc.property(flowrate, flowrate, (one, other) => {
        expectNearest(toBarrels(one, unit), times(exactly(one), factor));
        const back = toBarrels(fromBarrels(one, unit), unit);
        expect(Math.abs(back - one)).toBeLessThanOrEqual(Math.abs(one) * Number.EPSILON);
        const sum = fromBarrels(one, unit) + fromBarrels(other, unit);
        const scale = Math.abs(fromBarrels(one, unit)) + Math.abs(fromBarrels(other, unit));
        expect(Math.abs(sum - fromBarrels(one + other, unit))).toBeLessThanOrEqual(
          2 * scale * Number.EPSILON,
        );
      }),
      { numRuns: 60 },
    );
  },
);

test('a reading of up to 15 significant digits is reproduced exactly from its bbl/d', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FLOWRATE_UNITS),
      fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
      fc.integer({ min: -25, max: 3 }),
      (unit, digits, exponent) => {
        const reading = Number(`${digits}e${exponent}`);
        expect(enteredFlowrate(toBarrelsPerDay(reading, unit), unit)).toBe(reading);
      },
    ),
    { numRuns: 1000 },
  );
});

test.each([
  ['m3/h', 1, 150.9554584904],
  ['gpm', 7, 240],
  ['gal/min', 7, 240],
  ['cfs', 1, 15_388.4972],
  ['l/s', 1000, 543_439.6505653],
  ['bbl/h', 100, 2400],
  ['m3/d', 1, 6.2898107704],
  ['l/min', 1000, 9057.3275094],
  ['MGD', 1, 23_809.5238095],
  ['acre-ft/d', 1, 7758.3673469],
] as const)('in %s, %d is %d bbl/d', (unit, value, expected) => {
  expect(toBarrelsPerDay(value, unit) / expected).toBeCloseTo(1, 8);
});
