import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readNumber } from '../../../src/domain/transfer/import/numbers.js';

test('a number of a file is the double that is nearest to it, however many digits it has', () => {
  const digits = fc.stringMatching(/^\d{0,18}$/);
  const numbers = fc
    .tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.'), digits)
    .filter(([, whole, , fraction]) => whole + fraction !== '')
    .map(([sign, whole, point, fraction]) => `${sign}${whole}${point}${fraction}`);
  fc.assert(
    fc.property(numbers, (text) => {
      expect(readNumber(text)).toBe(Number(text));
      expect(readNumber(` ${text} `)).toBe(Number(text));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '',
  '-',
  '.',
  '-.',
  '1.2.3',
  '--1',
  '1-',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '1e',
  '１',
])('%j is no number', (text) => {
  expect(readNumber(text)).toBeUndefined();
});
