import { describe, expect, test } from '@jest/globals';
import type { GraphQLObjectType } from 'graphql';
import { buildSchema, Kind, parse } from 'graphql';
import { listWriter, type ListWriter } from '../../../src/graphql/execution/json-writer.js';
import { JsonBytes } from '../../../src/http/json-bytes.js';

const schema = buildSchema(`
  enum Kind { ONE }
  type Item {
    id: ID! name: String number: Float! count: Int isTrue: Boolean kind: Kind
    item: Item list: [Item] computed: String argued(one: Int): String
  }
  type Query { item: Item! }
`);
const item = schema.getType('Item') as GraphQLObjectType;
item.getFields().computed!.resolve = () => 'computed';

function writerOf(selection: string) {
  const [query] = parse(`{ item ${selection} }`).definitions;
  const [field] = query?.kind === Kind.OPERATION_DEFINITION ? query.selectionSet.selections : [];
  return listWriter(
    schema.getQueryType()!.getFields().item!.type,
    field?.kind === Kind.FIELD ? field.selectionSet : undefined,
  );
}

function written(
  { write }: ListWriter,
  items: readonly unknown[],
  values: unknown[][] = [],
): string {
  const out = new JsonBytes();
  write(out, items, values, 0, items.length);
  return Buffer.concat(out.end()).toString();
}

describe('The writer of a list', () => {
  test.each([
    ['{ id name }', { id: 7, name: 'a "quoted"\n流' }, '{"id":"7","name":"a \\"quoted\\"\\n流"}'],
    ['{ id }', { id: '12345678901234567890' }, '{"id":"12345678901234567890"}'],
    ['{ id }', { id: 'a"b' }, '{"id":"a\\"b"}'],
    ['{ it: number }', { number: -0 }, '{"it":0}'],
    ['{ number }', { number: 1e-7 }, '{"number":1e-7}'],
    ['{ number }', { number: 2500.125 }, '{"number":2500.125}'],
    [
      '{ count isTrue kind }',
      { count: 3, isTrue: false, kind: 'ONE' },
      '{"count":3,"isTrue":false,"kind":"ONE"}',
    ],
    ['{ name item { id } }', { item: null }, '{"name":null,"item":null}'],
    ['{ item { id __typename } }', { item: { id: 1 } }, '{"item":{"id":"1","__typename":"Item"}}'],
  ])('writes %s of %j as %s', (selection, value, json) => {
    expect(written(writerOf(selection)!, [value])).toBe(json);
  });

  test('writes each object by itself, also where two in a row have the same one', () => {
    const writer = writerOf('{ id item { name } }')!;
    const [one, other] = [{ name: 'one' }, { name: 'other' }];
    const items = [
      { id: 1, item: one },
      { id: 2, item: one },
      { id: 3, item: other },
    ];
    expect(JSON.parse(`[${written(writer, items)}]`)).toEqual([
      { id: '1', item: { name: 'one' } },
      { id: '2', item: { name: 'one' } },
      { id: '3', item: { name: 'other' } },
    ]);
  });

  test.each([
    ['a required value is missing', '{ id }', {}],
    ['a number is not finite', '{ number }', { number: Infinity }],
    ['an object is a promise', '{ item { name } }', { item: Promise.resolve({}) }],
    ['a value is not of its enum', '{ kind }', { kind: 'TWO' }],
  ])('throws where %s', (_, selection, value) => {
    const writer = writerOf(selection)!;
    expect(() => written(writer, [value])).toThrow();
  });

  test.each([
    ['a directive', '{ id @skip(if: false) }'],
    ['a fragment', '{ ... on Item { id } }'],
    ['two fields of the same key', '{ item { id } item { name } }'],
    ['a list within an object', '{ list { id } }'],
  ])('is not made where the selection has %s', (_, selection) => {
    expect(writerOf(selection)).toBeUndefined();
  });
});
