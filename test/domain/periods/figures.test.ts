import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import {
  changedBy,
  changeOf,
  NO_FIGURES,
  type Figures,
} from '../../../src/domain/periods/figures.js';
import { roundVolume } from '../../../src/domain/volumes/round-volume.js';
import { roundedDifference } from '../../../src/web/client/rounding.js';

const volumes = fc.double({ min: -1e8, max: 1e8, noNaN: true });
const days = fc.array(volumes, { minLength: 2, maxLength: 6 });
const dayOf = (volume: number): Figures => ({ ...NO_FIGURES, volume });

/** A volume as it is written, in millionths of a barrel. */
const millionths = (volume: number) => BigInt(roundVolume(volume).toFixed(6).replace('.', ''));

test('an adjustment is the difference of the figures as they are written, to the last digit', () => {
  // Apart by 0.2 of the last digit, which is the whole digit as they are written.
  const apart = changeOf(dayOf(1.0000004), dayOf(1.0000006));
  expect(apart.volume).toBe(0.000001);
  fc.assert(
    fc.property(volumes, volumes, (before, after) => {
      const { volume } = changeOf(dayOf(before), dayOf(after));
      expect(millionths(volume)).toBe(millionths(after) - millionths(before));
    }),
  );
});

test('closed figures and their adjustments come to the figures after the last one, to the last digit', () => {
  fc.assert(
    fc.property(days, (figures) => {
      const changes = figures.slice(1).map((after, index) => {
        return changeOf(dayOf(figures[index]!), dayOf(after));
      });
      const { volume } = changedBy(dayOf(figures[0]!), changes);
      expect(millionths(volume)).toBe(millionths(figures.at(-1)!));
    }),
  );
});

test('a change that a page writes is that of the volumes which it writes, in whatever unit', () => {
  expect(roundedDifference(100.006, 100.004, 2)).toBe(0.01);
  fc.assert(
    fc.property(volumes, volumes, fc.constantFrom(0, 2, 6), (before, after, decimals) => {
      const written = (volume: number) => BigInt(Math.round(volume * 10 ** decimals));
      const change = roundedDifference(after, before, decimals);
      expect(written(change)).toBe(written(after) - written(before));
    }),
  );
});
