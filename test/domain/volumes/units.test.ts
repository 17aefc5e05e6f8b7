import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  FLOWRATE_UNITS,
  toBarrelsPerDay,
  type FlowrateUnit,
} from '../../../src/domain/volumes/units.js';

// By definition, as fractions of integers: cubic inches a second, and cubic inches a barrel and
// litres an inch.
const CUBIC_METRE = { n: 10n ** 12n, d: 158_987_294_928n };
const BARRELS_PER_DAY: Record<FlowrateUnit, { n: bigint; d: bigint }> = {
  'bbl/d': { n: 1n, d: 1n },
  'bbl/h': { n: 24n, d: 1n },
  'bbl/min': { n: 1440n, d: 1n },
  'm3/d': CUBIC_METRE,
  'm3/h': { n: 24n * CUBIC_METRE.n, d: CUBIC_METRE.d },
  'm3/s': { n: 86_400n * CUBIC_METRE.n, d: CUBIC_METRE.d },
  'l/min': { n: 1440n * CUBIC_METRE.n, d: 1000n * CUBIC_METRE.d },
  'l/s': { n: 86_400n * CUBIC_METRE.n, d: 1000n * CUBIC_METRE.d },
  gpm: { n: 1440n, d: 42n },
  MGD: { n: 1_000_000n, d: 42n },
  cfs: { n: 86_400n * 28_316_846_592n, d: CUBIC_METRE.d },
};

test.each(FLOWRATE_UNITS)(
  'a flowrate in %s becomes bbl/d within two roundings of its definition',
  (unit) => {
    const { n, d } = BARRELS_PER_DAY[unit];
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (flowrate) => {
        const scale = 10n ** 30n;
        const exact = Number((BigInt(flowrate) * n * scale) / d) / 1e30;
        const error = Math.abs(toBarrelsPerDay(flowrate, unit) - exact);
        expect(error).toBeLessThanOrEqual(Math.abs(exact) * 2 * Number.EPSILON);
      }),
    );
  },
);

test.each([
  ['m3/h', 1, 150.9554584904],
  ['gpm', 7, 240],
  ['cfs', 1, 15_388.4972],
  ['l/s', 1000, 543_439.6505653],
  ['bbl/h', 100, 2400],
  ['m3/d', 1, 6.2898107704],
  ['l/min', 1000, 9057.3275094],
  ['MGD', 1, 23_809.5238095],
] as const)('in %s, %d is %d bbl/d', (unit, flowrate, expected) => {
  expect(toBarrelsPerDay(flowrate, unit) / expected).toBeCloseTo(1, 8);
});
