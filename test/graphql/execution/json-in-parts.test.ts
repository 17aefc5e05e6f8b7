import { expect, test } from '@jest/globals';
import { jsonInParts, jsonOf } from '../../../src/graphql/execution/json-in-parts.js';
import { WrittenJson } from '../../../src/graphql/execution/written-json.js';
import { turnsOf } from '../../../src/domain/shared/time-slices.js';

const list = (length: number, item: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => item(index));

test.each<[string, unknown]>([
  ['nothing', null],
  ['a plain value', 'a "quoted" é 流 value'],
  ['an empty object and an empty list', { object: {}, list: [] }],
  ['members that are undefined', { first: undefined, second: 1, third: undefined }],
  ['a long list of plain values', list(10_000, (index) => index / 3)],
  ['a long list of objects', { nodes: list(5000, (id) => ({ id, name: `ü ${id}`, none: null })) }],
  ['long lists in a list', list(5, (one) => ({ one, more: list(3000, (two) => ({ two })) }))],
  ['a long list among short items', [1, list(3000, String), 2, list(2500, String)]],
  ['a long object', Object.fromEntries(list(5000, (index) => [`"${index}`, { index }]) as [])],
  ['only long objects', { a: { b: { c: list(4000, () => []) } }, d: [[[list(4000, () => 1)]]] }],
])('%s is the same JSON as JSON.stringify writes', async (_, value) => {
  const parts = await jsonInParts(value, turnsOf(1));
  expect(Buffer.concat(parts).toString()).toBe(JSON.stringify(value));
  expect(Buffer.concat(jsonOf(value)).toString()).toBe(JSON.stringify(value));
});

test('what is JSON already is written as it is, among other values and in parts', async () => {
  const written = (...parts: string[]) => new WrittenJson(parts.map((part) => Buffer.from(part)));
  const value = {
    first: written('[', '{"a":"$& \\u0000"}', ']'),
    long: list(3000, (index) => (index % 1000 === 0 ? { it: written(`[${index}]`) } : index)),
    last: [written('"流"'), written('[]'), { none: undefined, of: written('null') }],
  };
  const expected = JSON.stringify({
    first: [{ a: '$& \u0000' }],
    long: list(3000, (index) => (index % 1000 === 0 ? { it: [index] } : index)),
    last: ['流', [], { of: null }],
  });
  const parts = await jsonInParts(value, turnsOf(1));
  expect(JSON.parse(Buffer.concat(parts).toString())).toEqual(JSON.parse(expected));
  expect(Buffer.concat(jsonOf(value))).toEqual(Buffer.concat(parts));
});
