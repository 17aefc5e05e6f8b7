import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GraphQLID, GraphQLList, GraphQLObjectType, GraphQLSchema, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { CompiledQueries } from '../../../src/graphql/execution/compiled-queries.js';
import { jsonOf } from '../../../src/graphql/execution/json-in-parts.js';
import { WrittenJson } from '../../../src/graphql/execution/written-json.js';
import { addWrittenLists } from '../../../src/graphql/execution/written-lists.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

const RANGE = 'start: "2026-01-01", end: "2026-01-03T06:30:00.123Z"';

// Of each query the variables that it comes with, one after the other.
const QUERIES: Record<string, [query: string, ...variables: object[]]> = {
  'everything of a page of sensors': [
    `query ($first: Int, $last: Int, $after: String, $search: String, $method: VolumeMethod = STEP) {
      viewer { username tokenName account role scopes }
      flowSensors(first: $first, last: $last, after: $after, filter: { search: $search }) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        flowVolume(${RANGE}, method: $method) { start end volume coverage pingCount minFlowrate maxFlowrate averageFlowrate }
        edges { cursor node {
          __typename id name latitude longitude pipeDiameter activatedAt maxGap silentSince
          lastPing { id datetime flowrate sensor { id } }
          volume: flowVolume(${RANGE}) { volume }
          flowVolumes(${RANGE}, interval: DAY, timeZone: "America/Chicago") { start end volume }
          series(${RANGE}, maxPoints: 5) { datetime min max average }
          outages(${RANGE}) { start end }
          pingRevisions(first: 3) { totalCount nodes { id } }
          pings(last: 2) { totalCount pageInfo { startCursor hasPreviousPage } nodes { id datetime flowrate sensor { name } } }
        } } } }`,
    {},
    { first: 1, method: 'LINEAR' },
    { last: 1, search: 'B' },
    { first: 0 },
    // errors
    { first: -1 },
    { first: 1, last: 1 },
    { first: 'x' },
    { first: 1.5 },
    { after: 'no cursor' },
    { method: 'CUBIC' },
  ],
  'what is there only where it is wanted': [
    `query ($wanted: Boolean!, $id: ID!) { flowSensor(id: $id) { ...named id @skip(if: $wanted)
      ... on FlowSensor @include(if: $wanted) { lastPing { ...reading } } } }
    fragment named on FlowSensor { id name @include(if: $wanted) }
    fragment reading on Ping { flowrate sensor { ...named } }`,
    { wanted: true, id: '1' },
    { wanted: false, id: '2' },
    { wanted: true, id: '99' },
    { id: '1' },
    { wanted: 'yes', id: '1' },
  ],
  'a datetime that goes without saying': [
    `query ($start: DateTime!, $end: DateTime = "2026-01-02") { flowSensor(id: 1) {
      flowVolume(start: $start, end: $end) { start end volume } } }`,
    { start: '2026-01-01' },
    { start: '2026-01-01', end: '2026-01-03' },
    { start: '2026-01-03' },
  ],
  'what a variable fits by its default': [
    `query ($filter: FlowSensorFilter, $field: FlowSensorOrderField = NAME, $wanted: Boolean = true) {
      flowSensors(filter: $filter, orderBy: { field: $field }) { totalCount @include(if: $wanted) nodes { name } } }`,
    { wanted: false },
    { wanted: null },
    { field: null },
    { filter: { ids: '1' } },
    { filter: null },
    { filter: [] },
  ],
  'ranges that may be no ranges': [
    `query ($start: DateTime!, $end: DateTime!, $zone: String, $points: Int) { flowSensor(id: 1) {
      flowVolume(start: $start, end: $end) { volume }
      flowVolumes(start: $start, end: $end, interval: MONTH, timeZone: $zone) { volume }
      series(start: $start, end: $end, maxPoints: $points) { average } } }`,
    { start: '2026-01-01', end: '2026-02-01' },
    { start: '2026-02-01', end: '2026-01-01' },
    { start: '2026-01-01', end: 'tomorrow' },
    { start: '2026-01-01' },
    { start: '2026-01-01', end: '2026-02-01', zone: 'Mars/Olympus' },
    { start: '2026-01-01', end: '2026-02-01', zone: null, points: 0 },
  ],
  'lists that are written as JSON': [
    `query ($first: Int, $interval: VolumeInterval!, $unit: FlowrateUnit) {
      flowSensors(first: $first) { list: edges { place: cursor node { id called: name latitude __typename } } nodes { name } }
      flowSensor(id: 2) {
        pings(first: $first) { edges { cursor node { id datetime flowrate quality sensor { id name maxGap entryUnit } __typename } } }
        other: pings(last: 3, order: OLDEST_FIRST) { nodes { at: datetime flowrate sensor { id } } nodes { flowrate id } }
        inUnits: pings(first: $first) { nodes { flowrate(unit: $unit) } nodes { flowrate } }
        none: pings(first: 0) { nodes { id } edges { node { flowrate } } }
        flowVolumes(${RANGE}, interval: $interval) { start end volume __typename }
        more: flowVolumes(${RANGE}, interval: $interval) { end pingCount minFlowrate coverage }
        series(${RANGE}, maxPoints: 5) { datetime min max average }
        outages(${RANGE}) { start end } } }`,
    { interval: 'HOUR' },
    { interval: 'DAY', first: 2, unit: 'M3_PER_HOUR' },
    { interval: 'MONTH', first: 0, unit: null },
    // errors
    { interval: 'DAY', first: -1 },
    { interval: 'YEAR' },
  ],
  'lists that fragments select too': [
    `query ($wanted: Boolean = false) { flowSensor(id: 1) {
      pings(last: 2) { ...page edges { cursor } nodes { id @include(if: $wanted) flowrate } }
      flowVolumes(${RANGE}, interval: DAY) { ...figures volume }
      ... on FlowSensor { flowVolumes(${RANGE}, interval: DAY) { pingCount } } } }
    fragment page on PingConnection { edges { node { id } } }
    fragment figures on FlowVolume { end }`,
    {},
    { wanted: true },
  ],
  'what only admins see': [`{ apiTokens { name scopes } viewer { account } }`, {}],
  'the schema': [`{ __schema { queryType { name } types { name kind fields { name } } } }`, {}],
};

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  const { principal } = world.ours;
  for (const name of ['A', 'B']) {
    const { id } = await sensors.create(principal, { name, latitude: 31.5 });
    const readings = [0, 1, 5, 40].map((hour) => ({
      sensorId: id,
      datetime: new Date(Date.UTC(2026, 0, 1, hour, 0, 0, hour * 7)),
      flowrate: -id * 10 + hour * 0.7,
    }));
    await pings.record(principal, readings, { onConflict: 'REJECT' });
  }
});
afterAll(() => world.close());

describe.each(
  Object.entries(QUERIES).map(([what, [query, ...variables]]) => ({ what, query, variables })),
)('A query for $what', ({ what, query, variables }) => {
  test(`a query for ${what} can be compiled`, async () => {
    expect(isCompiledQuery(compileQuery(await createSchema(), parse(query)))).toBe(true);
  });

  test.each(variables.map((given) => ({ json: JSON.stringify(given), given })))(
    `a query for ${what} with $json is answered as before when it comes again`,
    async ({ given }) => {
      const ask = async (text: string) => {
        const answer = await world.instance.query(world.ours.reader, text, given);
        const { status, data, errors, extensions } = answer;
        // As text: the order of fields counts.
        return JSON.stringify({ status, data, errors, extensions }, null, 2);
      };
      const fresh = `${query} # ${JSON.stringify(given)}`;
      const first = await ask(fresh);
      for (let time = 2; time <= 4; time++) expect(await ask(fresh)).toBe(first);
      expect(world.instance.failures).toEqual([]);
    },
  );
});

test('no document selects the JSON of a list', async () => {
  const query = '{ flowSensors { nodes$json } }';
  const { errors } = await world.instance.query(world.ours.reader, query);
  expect(errors).toEqual([
    expect.objectContaining({ message: 'Syntax Error: Expected Name, found "$".' }),
  ]);
});

test('a mutation is executed each time that the same document comes', async () => {
  const { instance, ours } = world;
  const record = `mutation ($pings: [PingInput!]!) { recordPings(input: { pings: $pings }) { recorded duplicates } }`;
  for (const hour of [50, 51, 52, 53]) {
    const datetime = new Date(Date.UTC(2026, 0, 1, hour));
    const pings = [{ sensorId: '1', flowrate: hour, datetime }];
    const answer = await instance.ask(ours.ingester, record, { pings });
    expect(answer).toEqual({ recordPings: { recorded: 1, duplicates: 0 } });
  }
});

describe('A query that comes again', () => {
  const item = new GraphQLObjectType({ name: 'Item', fields: { id: { type: GraphQLID } } });
  const query: GraphQLObjectType = new GraphQLObjectType({
    name: 'Query',
    fields: () => ({
      items: { type: new GraphQLList(item), resolve: () => [{ id: '1' }] },
      self: { type: query, resolve: () => ({}) },
    }),
  });
  const schema = new GraphQLSchema({ query });
  addWrittenLists(schema);
  const lists = (count: number) =>
    Array.from({ length: count }, (_, n) => `a${n}: items { id }`).join(' ');

  test.each([
    ['few fields', `{ items { id } ${lists(99)} }`, true],
    ['very many fields', `{ items { id } ${lists(100)} }`, false],
    [
      'very many fields by a fragment that is spread often',
      `{ items { id } a: self { ...some } b: self { ...some } } fragment some on Query { ${lists(60)} }`,
      false,
    ],
  ])(
    'with %s has the same result again; that it is compiled is %j',
    async (_, text, isCompiled) => {
      const queries = new CompiledQueries(schema);
      const execution = { document: parse(text), contextValue: { execution: {} } };
      const first = await queries.execute(execution);
      const again = await queries.execute(execution);
      expect(again.data!['items'] instanceof WrittenJson).toBe(isCompiled);
      expect(Buffer.concat(jsonOf(again.data))).toEqual(Buffer.concat(jsonOf(first.data)));
    },
  );
});
