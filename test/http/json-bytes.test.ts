import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { numberText } from '../../src/domain/shared/number-text.js';
import { FIRST_INSTANT, formatTime, LAST_INSTANT } from '../../src/domain/shared/time.js';
import { asciiBytes, JsonBytes } from '../../src/http/json-bytes.js';

function written(write: (out: JsonBytes) => void): string {
  const out = new JsonBytes();
  write(out);
  return Buffer.concat(out.end()).toString();
}

describe('JSON that is written as bytes', () => {
  test.each([0, -0, 1, -1, 2500.1, -0.000001, 999999.999999, 1e9, 1e-7, 1e21, -1e300, 5e-324])(
    'has the number %d as text has it',
    (value) => {
      expect(written((out) => out.number(value))).toBe(numberText(value + 0));
    },
  );

  test('has any number as text has it, which reads back as the same', () => {
    const numbers = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer().map((millionths) => millionths / 1e6),
      fc.integer(),
    );
    fc.assert(
      fc.property(numbers, (value) => {
        const text = written((out) => out.number(value));
        expect(text).toBe(numberText(value + 0));
        expect(JSON.parse(text)).toBe(value + 0);
      }),
    );
  });

  test('has any instant of the calendar as text has it', () => {
    const [min, max] = [FIRST_INSTANT.getTime(), LAST_INSTANT.getTime()];
    const instants = fc.oneof(
      fc.integer({ min, max }),
      fc
        .integer({ min: Math.ceil(min / 86_400_000), max: Math.floor(max / 86_400_000) })
        .map((day) => day * 86_400_000),
      fc.constantFrom(
        min,
        max,
        0,
        -1,
        Date.UTC(2000, 1, 29),
        Date.UTC(1900, 1, 28, 23, 59, 59, 999),
      ),
    );
    fc.assert(
      fc.property(instants, (time) => {
        expect(written((out) => out.instant(time))).toBe(`"${formatTime(time)}"`);
      }),
      { numRuns: 2000 },
    );
  });

  test('has any string as JSON.stringify writes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        expect(written((out) => out.string(value))).toBe(JSON.stringify(value));
        expect(written((out) => out.json(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  test('is in one piece however it grows, and whatever comes from elsewhere', () => {
    const long = 'ü'.repeat(5000);
    const other = Buffer.from('x'.repeat(100_000));
    const literal = asciiBytes('literal');
    const text = written((out) => {
      for (let index = 0; index < 5000; index++) {
        out.literal(literal);
        out.number(index);
        if (index % 1000 === 0) out.append([Buffer.from('short'), other]);
      }
      out.string(long);
      const { at } = out;
      out.ascii('again');
      out.repeat(out.bytes, at, out.at);
    });
    const items = Array.from(
      { length: 5000 },
      (_, index) => `literal${index}${index % 1000 === 0 ? `short${String(other)}` : ''}`,
    );
    expect(text).toBe(`${items.join('')}${JSON.stringify(long)}againagain`);
  });
});
