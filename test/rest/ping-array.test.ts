import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pingArray } from '../../src/rest/ping-array.js';

const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

const magnitude = fc.oneof(
  fc.constant(0),
  fc.double({ min: 1e-30, max: 1e15, noNaN: true }),
  // as meters give them: few decimals
  fc
    .tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 12 }))
    .map(([digits, decimals]) => digits / 10 ** decimals),
  fc.integer({ min: -30, max: 15 }).map((exponent) => Number(`1e${exponent}`)),
);
const ping = fc.record({
  id: fc.oneof(
    fc.integer({ min: 1, max: 2 ** 32 }).map(String),
    fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
  ),
  at: fc.oneof(
    fc.integer({ min: FIRST, max: LAST }),
    fc.integer({ min: FIRST / 1000, max: Math.floor(LAST / 1000) }).map((second) => second * 1000),
  ),
  flowrate: fc
    .tuple(magnitude, fc.boolean())
    .map(([value, isReverse]) => (isReverse ? -value : value)),
});

describe('The documented JSON of pings', () => {
  test('the JSON of a ping reads back as what was recorded, with its keys in the documented order', () => {
    fc.assert(
      fc.property(
        fc.array(ping),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.string({ unit: 'grapheme' }),
        (pings, sensorId, sensorName) => {
          const rows = pings.map((each) => ({ ...each, sensor_id: sensorId }));
          const page = { count: 1, page: 1, pages: 1, sensorId, sensorName, pings: rows };
          const text = pingArray(page);
          // toStrictEqual distinguishes -0 from 0.
          expect(JSON.parse(text)).toStrictEqual(
            pings.map(({ id, flowrate, at }) => ({
              id: Number(id),
              sensor_id: sensorId,
              sensor_name: sensorName,
              flowrate,
              datetime: new Date(at).toISOString().replace('.000Z', 'Z'),
            })),
          );
          const name = JSON.stringify(sensorName);
          // Ids beyond the safe integers are written whole.
          for (const { id } of pings) {
            expect(text).toContain(
              `{"id":${id},"sensor_id":${sensorId},"sensor_name":${name},"flowrate":`,
            );
          }
        },
      ),
    );
  });
});
