import { beforeAll, expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { buildSchema, type GraphQLFieldResolver, type GraphQLObjectType, parse } from 'graphql';
import { jsonOf } from '../../../src/graphql/execution/json-in-parts.js';
import { CompiledQueries } from '../../../src/graphql/execution/compiled-queries.js';
import { Parts } from '../../../src/graphql/execution/parts.js';
import { WrittenJson } from '../../../src/graphql/execution/written-json.js';
import { addWrittenLists } from '../../../src/graphql/execution/written-lists.js';
import { turnsOf } from '../../../src/domain/shared/time-slices.js';

type Resolver = GraphQLFieldResolver<{ n: number }, unknown, Record<string, unknown>>;

const schema = buildSchema(`
  type Query { items(count: Int!): [Item!]! }
  type Item { n: Int! self: Item! times(by: Int = 2): Int! later: Item odd: Item parts(count: Int!): [Item!] fails: Int }
`);

let calls: string[] = [];
const resolvers: Record<string, Resolver> = {
  times: ({ n }, { by }) => n * (by as number),
  later: async ({ n }, _args, _context, { path }) => {
    calls.push(String(path.key));
    return Promise.resolve({ n: n + 100 });
  },
  odd: ({ n }) => (n % 2 === 1 ? { n } : null),
  parts: ({ n }, { count }) =>
    Array.from({ length: count as number }, (_, k) => ({ n: n * 1000 + k })),
  fails: ({ n }) => {
    if (n === 2) throw new Error('It fails.');
    return n === 1 ? Promise.reject(new Error('It fails later.')) : n;
  },
};

beforeAll(() => {
  const item = (schema.getType('Item') as GraphQLObjectType).getFields();
  for (const [name, resolve] of Object.entries(resolvers)) item[name]!.resolve = resolve;
  item.self!.resolve = (root: unknown) => root;
  const items: Resolver = (_root, { count }) =>
    Array.from({ length: count as number }, (_, n) => ({ n }));
  schema.getQueryType()!.getFields().items!.resolve = items;
  addWrittenLists(schema);
});

/** What a query results in when it is executed as it is, and when it is compiled. */
async function both(text: string, parts?: Parts) {
  const queries = new CompiledQueries(schema);
  const document = parse(text);
  const execute = (execution: object) => queries.execute({ document, contextValue: { execution } });
  const plain = await execute({});
  calls = [];
  const compiled = await execute({ parts });
  return { plain, compiled };
}

const textOf = (data: unknown) => Buffer.concat(jsonOf(data)).toString();

test.each([
  ['arguments and defaults', '{ items(count: 5) { times other: times(by: 7) n } }'],
  [
    'objects that come later, and their fields',
    '{ items(count: 5) { later { n times later { n } } } }',
  ],
  ['objects that are null', '{ items(count: 5) { odd { n times later { times } } } }'],
  [
    'lists within a list',
    '{ items(count: 3) { n parts(count: 4) { n later { times(by: 3) } parts(count: 2) { n } } } }',
  ],
  ['no items', '{ items(count: 0) { later { n } } }'],
])('a list with %s is written as it would be executed', async (_, text) => {
  const { plain, compiled } = await both(text);
  expect(compiled.data!.items).toBeInstanceOf(WrittenJson);
  expect(textOf(compiled.data)).toBe(textOf(plain.data));
});

test('a long list of a large operation is written in parts, and has each item once', async () => {
  const text = '{ items(count: 1700) { n later { n } parts(count: 2) { n } } }';
  const { plain, compiled } = await both(text, new Parts(turnsOf(1)));
  expect(textOf(compiled.data)).toBe(textOf(plain.data));
});

test('a field is resolved for all items before the field of what it results in', async () => {
  await both('{ items(count: 3) { first: later { second: later { n } } } }');
  expect(calls).toEqual(['first', 'first', 'first', 'second', 'second', 'second']);
});

test('where an item fails while later ones are not begun yet, the result is that of the operation as it is', async () => {
  const pausing = { isOver: true, isAlone: true, next: () => setImmediate() };
  const text = '{ items(count: 1700) { n fails } }';
  const { plain, compiled } = await both(text, new Parts(pausing));
  expect(compiled).toEqual(plain);
  expect(compiled.errors).toHaveLength(2);
});

test('where an item fails the result is that of the operation as it is', async () => {
  const { plain, compiled } = await both('{ items(count: 3) { n fails } }');
  expect(compiled).toEqual(plain);
  const paths = compiled.errors!.map(({ path }) => path);
  expect(paths).toEqual([
    ['items', 2, 'fails'],
    ['items', 1, 'fails'],
  ]);
});
