import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const PINGS = 5;
// In the order of ids; by name they are in another one, with two of one name.
const NAMES = ['delta', 'alpha', 'charlie', 'alpha', '100%_Bravo\\x'];

let world: GraphQLWorld;
let ids: string[];

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  ids = [];
  for (const name of NAMES) {
    const { id } = await sensors.create(world.ours.principal, { name });
    ids.push(String(id));
    await sensors.create(world.theirs.principal, { name });
  }
  await pings.record(
    world.ours.principal,
    Array.from({ length: PINGS }, (_, index) => ({
      sensorId: Number(ids[0]),
      datetime: new Date(START + index * HOUR_MS),
      flowrate: index,
    })),
    { onConflict: 'REJECT' },
  );
});
afterAll(() => world.close());

const CONNECTION =
  'edges { cursor node { id } } nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

interface List {
  readonly title: string;
  readonly read: (args: string) => Promise<any>;
  /** all of the list's ids, in its order */
  readonly all: () => Promise<string[]>;
}

const ask = (query: string) => world.instance.ask(world.ours.reader, query);
const sensorList = (title: string, order: string, expected: () => string[]): List => ({
  title,
  read: async (args) =>
    (await ask(`{ flowSensors(${args}, orderBy: ${order}) { ${CONNECTION} } }`)).flowSensors,
  all: () => Promise.resolve(expected()),
});
const pingList = (order: string): List => ({
  title: `pings ${order}`,
  read: async (args) =>
    (
      await ask(
        `{ flowSensor(id: ${ids[0]}) { pings(${args}, order: ${order}) { ${CONNECTION} } } }`,
      )
    ).flowSensor.pings,
  all: async () => {
    const { rows } = await world.test.database.pool.query(
      `SELECT id::text FROM ping p WHERE sensor_id = ${ids[0]} ORDER BY datetime ${order === 'NEWEST_FIRST' ? 'DESC' : ''}`,
    );
    return rows.map(({ id }: { id: string }) => id);
  },
});
const at = (...indexes: number[]) => indexes.map((index) => ids[index]!);

const LISTS: List[] = [
  sensorList('sensors by id', '{}', () => ids),
  sensorList('sensors by id, descending', '{ direction: DESC }', () => [...ids].reverse()),
  sensorList('sensors by name', '{ field: NAME }', () => at(4, 1, 3, 2, 0)),
  sensorList('sensors by name, descending', '{ field: NAME, direction: DESC }', () =>
    at(0, 2, 3, 1, 4),
  ),
  pingList('NEWEST_FIRST'),
  pingList('OLDEST_FIRST'),
];

describe.each(LISTS)(
  'The connection of $title follows the Relay specification',
  ({ title, read, all }) => {
    test.each([1, 2, 3, 5, 6])(`${title} are complete forwards in pages of %i`, async (size) => {
      const expected = await all();
      const seen: string[] = [];
      let after = '';
      for (let page = 0; ; page++) {
        const list = await read(`first: ${size} ${after}`);
        expect(list.totalCount).toBe(expected.length);
        expect(list.nodes).toEqual(list.edges.map(({ node }: any) => node));
        expect(list.pageInfo.startCursor).toBe(list.edges[0].cursor);
        expect(list.pageInfo.endCursor).toBe(list.edges.at(-1).cursor);
        expect(list.pageInfo.hasPreviousPage).toBe(page > 0);
        seen.push(...list.nodes.map(({ id }: any) => id));
        expect(list.pageInfo.hasNextPage).toBe(seen.length < expected.length);
        if (!list.pageInfo.hasNextPage) break;
        after = `after: "${list.pageInfo.endCursor}"`;
      }
      expect(seen).toEqual(expected);
    });

    test.each([1, 2, 3, 5, 6])(`${title} are complete backwards in pages of %i`, async (size) => {
      const expected = await all();
      const seen: string[] = [];
      let before = '';
      for (let page = 0; ; page++) {
        const list = await read(`last: ${size} ${before}`);
        expect(list.pageInfo.hasNextPage).toBe(page > 0);
        seen.unshift(...list.nodes.map(({ id }: any) => id));
        expect(list.pageInfo.hasPreviousPage).toBe(seen.length < expected.length);
        if (!list.pageInfo.hasPreviousPage) break;
        before = `before: "${list.pageInfo.startCursor}"`;
      }
      expect(seen).toEqual(expected);
    });

    test(`${title} can be read between two cursors, from either end`, async () => {
      const expected = await all();
      const { edges } = await read('first: 1000');
      const [first, , , fourth] = edges;
      const between = `after: "${first.cursor}", before: "${fourth.cursor}"`;
      const both = await read(between);
      expect(both.nodes.map(({ id }: any) => id)).toEqual(expected.slice(1, 3));
      expect(both.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
      expect((await read(`${between}, first: 1`)).nodes[0].id).toBe(expected[1]);
      expect((await read(`${between}, last: 1`)).nodes[0].id).toBe(expected[2]);
    });

    test(`first and last together select the last of the first ${title}`, async () => {
      const expected = await all();
      const list = await read('first: 4, last: 2');
      expect(list.nodes.map(({ id }: any) => id)).toEqual(expected.slice(2, 4));
      expect(list.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
      expect(list.pageInfo.startCursor).toBe(list.edges[0].cursor);
      expect((await read('first: 5, last: 5')).pageInfo).toMatchObject({ hasPreviousPage: false });
    });

    test(`a page of 0 ${title} is empty, and says what lies beyond it`, async () => {
      expect(await read('first: 0')).toMatchObject({
        edges: [],
        nodes: [],
        totalCount: 5,
        pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
      });
      expect(await read('last: 0')).toMatchObject({
        edges: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: true },
      });
    });
  },
);

test('cursors are stable while pings arrive and go', async () => {
  const { sensors, pings } = world.instance.services;
  const { principal, reader } = world.theirs;
  const { id } = await sensors.create(principal, { name: 'busy' });
  const at = (hour: number) => new Date(START + hour * HOUR_MS);
  const record = (...hours: number[]) =>
    pings.record(
      principal,
      hours.map((hour) => ({ sensorId: id, datetime: at(hour), flowrate: hour })),
      { onConflict: 'REJECT' },
    );
  const page = async (args: string) =>
    (
      await world.instance.ask(
        reader,
        `{ flowSensor(id: ${id}) { pings(first: 2 ${args}) { nodes { flowrate } pageInfo { endCursor } } } }`,
      )
    ).flowSensor.pings;
  await record(1, 2, 3, 4);
  const first = await page('');
  expect(first.nodes).toEqual([{ flowrate: 4 }, { flowrate: 3 }]);
  await record(5, 6, 7);
  await pings.delete(principal, id, { start: at(3), end: at(4) }, { dryRun: false });
  const second = await page(`, after: "${first.pageInfo.endCursor}"`);
  expect(second.nodes).toEqual([{ flowrate: 2 }, { flowrate: 1 }]);
});

describe('Arguments that fit no list are errors', () => {
  const cursorOf = async (args: string) =>
    (await ask(`{ flowSensors(first: 1, ${args}) { pageInfo { endCursor } } }`)).flowSensors
      .pageInfo.endCursor as string;

  test.each([
    ['first: 1001', 'first'],
    ['first: -1', 'first'],
    ['last: 1001', 'last'],
    ['last: -1', 'last'],
    ['after: "x"', 'after'],
    ['after: ""', 'after'],
    ['before: "eyJ4IjoxfQ"', 'before'],
    ['before: "W10"', 'before'],
    ['before: "bnVsbA"', 'before'],
  ])('a list with %s is bad input', async (args, field) => {
    for (const query of [
      `{ flowSensors(${args}) { totalCount } }`,
      `{ flowSensor(id: ${ids[0]}) { pings(${args}) { totalCount } } }`,
    ]) {
      const { errors } = await world.instance.query(world.ours.reader, query);
      expect(errors).toHaveLength(1);
      expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    }
  });

  test('a cursor of another list or order is bad input', async () => {
    const byId = await cursorOf('orderBy: {}');
    const byName = await cursorOf('orderBy: { field: NAME }');
    for (const query of [
      `{ flowSensors(after: "${byName}") { totalCount } }`,
      `{ flowSensors(after: "${byId}", orderBy: { field: NAME }) { totalCount } }`,
      `{ flowSensor(id: ${ids[0]}) { pings(after: "${byId}") { totalCount } } }`,
    ]) {
      const { errors } = await world.instance.query(world.ours.reader, query);
      expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
    }
  });
});

describe('Filters', () => {
  const named = async (filter: string) =>
    (await ask(`{ flowSensors(filter: ${filter}) { totalCount nodes { name } } }`)).flowSensors;

  test.each([
    ['{ search: "ALPHA" }', ['alpha', 'alpha']],
    ['{ search: "l" }', ['delta', 'alpha', 'charlie', 'alpha']],
    ['{ search: "%" }', ['100%_Bravo\\x']],
    ['{ search: "_" }', ['100%_Bravo\\x']],
    ['{ search: "0%_b" }', ['100%_Bravo\\x']],
    ['{ search: "\\\\" }', ['100%_Bravo\\x']],
    ['{ search: "\'" }', []],
    ['{ search: "" }', NAMES],
    ['{ search: null, ids: null }', NAMES],
    ['{ ids: [] }', []],
    ['{ ids: ["x", "-1", "99999999999"] }', []],
  ])('the filter %s finds the sensors that match it, and no others', async (filter, expected) => {
    const { totalCount, nodes } = await named(filter);
    expect(nodes.map(({ name }: any) => name)).toEqual(expected);
    expect(totalCount).toBe(expected.length);
  });

  test('a filter with ids and search finds the sensors that match both', async () => {
    const { nodes } = await named(`{ ids: [${ids[0]}, ${ids[1]}, "x"], search: "alpha" }`);
    expect(nodes).toEqual([{ name: 'alpha' }]);
  });

  test('NUL in a search is bad input', async () => {
    const { errors } = await world.instance.query(
      world.ours.reader,
      'query ($search: String) { flowSensors(filter: { search: $search }) { totalCount } }',
      { search: 'a\0' },
    );
    expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'filter.search' });
  });
});

describe('Pings between start and end', () => {
  const between = async (args: string) =>
    (
      await ask(
        `{ flowSensor(id: ${ids[0]}) { pings(${args}) { totalCount nodes { flowrate } pageInfo { hasNextPage hasPreviousPage } } } }`,
      )
    ).flowSensor.pings;

  test.each([
    ['start: "2026-01-01T01:00:00Z", end: "2026-01-01T03:00:00Z"', [3, 2, 1]],
    ['start: "2026-01-01T01:00:00.001Z"', [4, 3, 2]],
    ['end: "2026-01-01T00:59:59.999Z"', [0]],
    ['start: "2026-01-01T03:00:00Z", end: "2026-01-01T01:00:00Z"', []],
  ])('a range of pings includes both its ends: %s', async (args, flowrates) => {
    const { totalCount, nodes, pageInfo } = await between(args);
    expect(nodes.map(({ flowrate }: any) => flowrate)).toEqual(flowrates);
    expect(totalCount).toBe(flowrates.length);
    expect(pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: false });
  });
});

describe('Totals over every sensor that the filter meets', () => {
  test('the volume and ping count of a list cover all its sensors, not just the page', async () => {
    const { flowSensors } = await ask(
      `{ flowSensors(first: 0) { flowVolume(start: "2026-01-01", end: "2026-01-02") { volume pingCount coverage } } }`,
    );
    expect(flowSensors.flowVolume.volume).toBeCloseTo(8 / 24, 9);
    expect(flowSensors.flowVolume).toMatchObject({
      pingCount: 5,
      coverage: expect.closeTo(4 / 24 / 5),
    });
  });

  test('the total of no sensors is a volume of 0 without flowrates', async () => {
    const { flowSensors } = await ask(
      `{ flowSensors(filter: { ids: [] }) { flowVolume(start: "2026-01-01", end: "2026-01-02") { volume coverage minFlowrate averageFlowrate } } }`,
    );
    expect(flowSensors.flowVolume).toEqual({
      volume: 0,
      coverage: 0,
      minFlowrate: null,
      averageFlowrate: null,
    });
  });
});
