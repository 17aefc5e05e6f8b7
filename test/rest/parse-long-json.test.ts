import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/rest/parse-json.js';
import { parseLongJson } from '../../src/rest/parse-long-json.js';

async function outcome(parse: () => unknown): Promise<object> {
  try {
    return { value: await parse() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const ITEM = fc.oneof(
  fc.record({ flowrate: fc.double({ noNaN: true }), note: fc.string({ unit: 'grapheme' }) }),
  fc.array(fc.oneof(fc.integer(), fc.constantFrom(',', ']', '[', '"', '\\', '\\"'))),
  fc.constantFrom(null, true, 'a,b', ''),
);
const SPACES = fc.constantFrom(0, 2, '\t');

test('an array that is parsed in parts has the value that it has as a whole', async () => {
  const property = fc.asyncProperty(
    fc.array(ITEM),
    SPACES,
    fc.integer({ min: 1, max: 40 }),
    async (items, spaces, partBytes) => {
      const body = Buffer.from(`\n ${JSON.stringify(items, undefined, spaces)} `);
      expect(await parseLongJson(body, partBytes)).toEqual(parseJson(body));
    },
  );
  await fc.assert(property);
});

test('a text that is not JSON is refused in parts as it is as a whole', async () => {
  const property = fc.asyncProperty(
    fc.array(ITEM, { minLength: 2 }),
    SPACES,
    fc.nat(),
    fc.constantFrom(',', ' ', ']', '[', '}', '{', '"', 'NaN', '0', '\n', '\\', ''),
    fc.integer({ min: 1, max: 40 }),
    async (items, spaces, place, inserted, partBytes) => {
      const text = JSON.stringify(items, undefined, spaces);
      const at = place % text.length;
      const body = Buffer.from(text.slice(0, at) + inserted + text.slice(at + 1));
      const whole = await outcome(() => parseJson(body));
      const parts = await outcome(() => parseLongJson(body, partBytes));
      expect('value' in parts ? parts : 'refused').toEqual('value' in whole ? whole : 'refused');
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test.each([
  ['a missing item', '[{"a": 1}, {"a": 2},\n , {"a": 3}]'],
  ['a comma at the beginning', '[ , {"a": 1}, {"a": 2}]'],
  ['a comma at the end', '[{"a": 1}, {"a": 2}, \n]'],
  ['no value', '[{"a": 1}, {"a": 2}, {"a": }, {"a": 3}]'],
  ['no bracket at the end', '[{"a": 1}, {"a": 2}, {"a": 3}'],
  ['NaN, with the index of its ping', '[{"a": 1}, {"a": 2},\n{"é": "ü", "a": NaN}, {"a": 3}]'],
])('the place of %s is the same in parts and as a whole', async (_, text) => {
  const body = Buffer.from(text);
  const whole = await outcome(() => parseJson(body));
  expect(whole).toEqual({ error: expect.any(String) });
  for (const partBytes of [1, 10, 20, 30]) {
    expect(await outcome(() => parseLongJson(body, partBytes))).toEqual(whole);
  }
});

test('the event loop serves others while a long array is parsed', async () => {
  const body = Buffer.from(JSON.stringify(Array.from({ length: 100 }, (_, index) => index)));
  let turns = 0;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  await parseLongJson(body, 50);
  clearImmediate(counting);
  expect(turns).toBeGreaterThan(3);
});
