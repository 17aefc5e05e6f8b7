import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { checksumsOf, type Json } from '../../../src/domain/statements/canonical.js';

const sum = (text: string) => crc32(text).toString(16).padStart(8, '0');

test('checksums are the CRC-32 of the name and the JSON of each value, in the order of their names', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const names = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
  fc.assert(
    fc.property(fc.dictionary(names, scalar, { noNullPrototype: true }), (value) => {
      const fields = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
      const expected = fields.map((name) => sum(`${name}:${JSON.stringify(value[name])}`)).join('');
      expect(checksumsOf(value as Json)).toBe(expected);
    }),
  );
  expect(checksumsOf({ rows: [{ b: -0, a: 1e21 }], name: 'é' })).toEqual({
    name: sum('name:"é"'),
    rows: [sum('a:1e+21') + sum('b:0')],
  });
});
