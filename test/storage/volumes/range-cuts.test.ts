import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rangeCuts } from '../../../src/storage/volumes/range-cuts.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BLOCK = 32 * DAY;
const FIRST = Date.UTC(2000, 0, 1) - 1999 * 366 * DAY;
const LAST = Date.UTC(9999, 11, 31);

const cutsOf = (start: number, end: number) =>
  rangeCuts({ start: new Date(start), end: new Date(end) }).map((at) => at.getTime());

test('The cuts ascend from the range’s start to its end, and summaries lie whole between them', () => {
  const instant = fc.integer({ min: FIRST, max: LAST });
  const length = fc.oneof(
    fc.integer({ min: 0, max: 3 * HOUR }),
    fc.integer({ min: 0, max: 3 * DAY }),
    fc.integer({ min: 0, max: 4000 * DAY }),
  );
  fc.assert(
    fc.property(instant, length, fc.constantFrom(1, HOUR, DAY), (from, span, unit) => {
      const [start, end] = [from, from + span].map((at) => Math.floor(at / unit) * unit) as [
        number,
        number,
      ];
      const cuts = cutsOf(start, end);
      expect(cuts).toHaveLength(8);
      expect([cuts[0], cuts[7]]).toEqual([start, end]);
      expect(cuts).toEqual([...cuts].sort((a, b) => a - b));
      const widths = [undefined, HOUR, DAY, BLOCK, DAY, HOUR, undefined];
      widths.forEach((width, index) => {
        const [at, next] = [cuts[index]!, cuts[index + 1]!];
        if (width === undefined) expect(next - at).toBeLessThan(2 * HOUR);
        else if (next > at) expect([Math.abs(at % width), Math.abs(next % width)]).toEqual([0, 0]);
      });
      expect(cuts[2]! - cuts[1]!).toBeLessThan(2 * DAY);
      expect(cuts[3]! - cuts[2]!).toBeLessThan(2 * BLOCK);
    }),
  );
});

test('A range within an hour is all pings, and a whole block is one summary', () => {
  expect(cutsOf(1, 2)).toEqual([1, 2, 2, 2, 2, 2, 2, 2]);
  expect(cutsOf(0, BLOCK)).toEqual([0, 0, 0, 0, BLOCK, BLOCK, BLOCK, BLOCK]);
});
