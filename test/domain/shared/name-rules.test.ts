import { expect, test } from '@jest/globals';
import { nameError } from '../../../src/domain/shared/name-rules.js';

test.each([
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  ...[0x200e, 0x200f, 0x061c, 0x00, 0x1b, 0x7f, 0x85, 0x2028, 0x2029],
])('a name with the control character %i is refused', (code) => {
  const name = `a${String.fromCodePoint(code)}b`;
  expect(nameError(name, 255)).toBe('Must not contain control characters.');
});

test.each([0xad, 0x180e, 0x200b, 0x2060, 0x2064, 0xfeff, 0x3164, 0xffa0])(
  'a name with the invisible character %i is refused',
  (code) => {
    const name = `a${String.fromCodePoint(code)}b`;
    expect(nameError(name, 255)).toBe('Must not contain invisible characters.');
  },
);

test.each(['\u200d', 'a \u200db', '\u200ca', 'a\u200d', 'a\u200c\u200cb', '5\u200c6'])(
  'a joiner that joins nothing, as in %j, is refused',
  (name) => {
    expect(nameError(name, 255)).toBe('Must not contain invisible characters.');
  },
);

test.each([
  ...['Ventil № 5 – 北', 'محطة ٥', 'צינור #511', 'می‌خواهم', 'क्‍ष', '👩‍🔧', '👩🏽‍🔧', 'A\u00a0B', 'é'],
  ...['=SUM(A1)', 'PL_0042_MIDLAND', '🛢️ 7'],
])('the name %s, as people write it, is taken', (name) => {
  expect(nameError(name, 255)).toBeUndefined();
});
