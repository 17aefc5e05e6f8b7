import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createTenant,
  createWorld,
  startGraphQL,
  type GraphQLWorld,
} from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let tenants = 0;
/** Instances on one database share the costs of a credential: each test needs ones of its own. */
const newTenant = () => createTenant(world.test, `tenant ${tenants++}`);

const YEAR = 'start: "2025-01-01", end: "2026-01-02"';
const DAY = 'start: "2026-01-01", end: "2026-01-02"';
const ALL = 'start end volume coverage pingCount minFlowrate maxFlowrate averageFlowrate';
const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('Queries that frontends make pass, with their cost', () => {
  test.each([
    [
      '1000 sensors × 24 hours',
      `{ flowSensors(first: 1000) { totalCount pageInfo { endCursor } nodes { id name lastPing { flowrate datetime } silentSince flowVolumes(${DAY}, interval: HOUR) { ${ALL} } } } }`,
    ],
    [
      '1000 sensors × one volume',
      `{ flowSensors(first: 1000) { edges { node { flowVolume(${DAY}) { ${ALL} } } } } }`,
    ],
    [
      '50 sensors × 20 pings',
      '{ flowSensors(first: 50) { edges { cursor node { pings(first: 20) { edges { cursor node { id datetime flowrate sensor { name } } } } } } } }',
    ],
    [
      '20 sensors × 366 days',
      `{ flowSensors(first: 20) { nodes { flowVolumes(${YEAR}, interval: DAY) { ${ALL} } } } }`,
    ],
    [
      '1000 pings',
      '{ flowSensor(id: 1) { pings(first: 1000) { nodes { id datetime flowrate } } } }',
    ],
    [
      '10 000 volumes',
      '{ flowSensor(id: 1) { flowVolumes(start: "2025-01-01", end: "2026-02-21", interval: HOUR) { volume } } }',
    ],
    [
      'a plot of 5000 points',
      `{ flowSensor(id: 1) { series(${YEAR}, maxPoints: 5000) { datetime min max average } } }`,
    ],
    [
      'plots of 20 sensors',
      `{ flowSensors(first: 20) { nodes { series(${YEAR}) { datetime average } outages(${YEAR}) { start end } } } }`,
    ],
    [
      'sensors of pings of sensors of pings of sensors',
      `{ flowSensors(first: 10) { edges { node { ${'pings(first: 2) { edges { node { sensor { '.repeat(4)} name ${'} } } }'.repeat(4)} } } } }`,
    ],
    [
      '50 aliases',
      `{ ${repeat(50, (index) => `s${index}: flowSensor(id: ${index}) { lastPing { flowrate } flowVolume(${DAY}) { volume } }`)} }`,
    ],
  ])('a query that frontends make is accepted, with its cost: %s', async (_, query) => {
    const { errors, extensions } = await world.instance.query(world.ours.reader, query);
    expect(errors).toEqual([]);
    expect(extensions.cost).toBeGreaterThan(0);
  });

  test('a query for more objects costs more', async () => {
    const cost = async (first: number) =>
      (
        await world.instance.query(
          world.ours.reader,
          `{ flowSensors(first: ${first}) { nodes { lastPing { id } } } }`,
        )
      ).extensions.cost;
    expect([await cost(10), await cost(100)]).toEqual([22, 211]);
  });
});

describe('Abusive queries are QUERY_TOO_COMPLEX', () => {
  test.each([
    [
      '1000 × 1000 pings',
      '{ flowSensors(first: 1000) { nodes { pings(first: 1000) { nodes { id } } } } }',
    ],
    [
      'by variables',
      'query ($n: Int = 1000) { flowSensors(first: $n) { nodes { pings(last: $n) { edges { cursor } } } } }',
    ],
    [
      'nested lists',
      '{ flowSensors { nodes { pings { nodes { sensor { pings { nodes { sensor { pings { nodes { id } } } } } } } } } } }',
    ],
    [
      'many volumes of many sensors',
      `{ flowSensors(first: 1000) { nodes { ${repeat(100, (index) => `v${index}: flowVolume(start: "2026-01-01", end: "2026-01-0${(index % 9) + 1}") { volume }`)} } } }`,
    ],
    [
      'plots of many sensors, their number of points not said',
      `{ flowSensors(first: 1000) { nodes { series(${YEAR}, maxPoints: null) { average } } } }`,
    ],
    [
      'aliases',
      `{ ${repeat(1000, (index) => `a${index}: __typename`)} ${repeat(201, (index) => `v${index}: viewer { account }`)} }`,
    ],
    [
      'depth',
      `{ flowSensor(id: 1) { ${'lastPing { sensor { '.repeat(15)} id ${'} }'.repeat(15)} } }`,
    ],
    [
      'depth in fragments',
      `{ flowSensor(id: 1) { ...f0 } } ${repeat(10, (index) => `fragment f${index} on FlowSensor { lastPing { sensor { id ${index < 9 ? `...f${index + 1}` : ''} } } }`)}`,
    ],
    [
      'directives',
      `{ viewer { account ${'@include(if: true) '.repeat(1)} ${repeat(60, () => '... @include(if: true) { account }')} } }`,
    ],
    ['operations', repeat(201, (index) => `query Q${index} { viewer { account } }`)],
    ['tokens', `{ ${'__typename '.repeat(10_001)} }`],
    ['one field over and over', `{ viewer { ${'account '.repeat(9000)} } }`],
    [
      'fragments that multiply',
      `{ viewer { ...f0 } } ${repeat(14, (index) => `fragment f${index} on Viewer { ${index < 13 ? `...f${index + 1} ...f${index + 1}` : 'account'} }`)}`,
    ],
  ])('a query that asks for too much is QUERY_TOO_COMPLEX: %s', async (_, query) => {
    const answer = await world.instance.query(world.ours.reader, query);
    expect(answer.errors[0]!.extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(answer.data ?? null).toBeNull();
  });

  test('of a hundred thousand wrong values the first 50 are reported, and no time is spent on the others', async () => {
    const wrong = Array.from({ length: 100_000 }, () => ({ flowrate: 'x' }));
    const record =
      'mutation ($pings: [PingInput!]!) { recordPings(input: { pings: $pings }) { recorded } }';
    const find = 'query ($ids: [ID!]) { flowSensors(filter: { ids: $ids }) { totalCount } }';
    for (const [query, variables] of [
      [record, { pings: wrong }],
      [find, { ids: [] }],
      // By now it is compiled.
      [find, { ids: wrong.slice(0, 9000) }],
    ] as const) {
      const { errors } = await world.instance.query(world.ours.admin, query, variables);
      // The last one says that there are more.
      expect(errors).toHaveLength('ids' in variables && variables.ids.length === 0 ? 0 : 51);
    }
  });

  test('totals of a list are charged by the sensors that it covers, not by its page', async () => {
    const total = (index: number) =>
      `v${index}: flowVolume(start: "2026-01-01", end: "2026-01-0${(index % 9) + 1}") { volume }`;
    const cost = async (filter: string) => {
      const query = `{ flowSensors(first: 0${filter}) { ${total(1)} } }`;
      const answer = await world.instance.query(world.ours.reader, query);
      return answer.extensions.cost as number;
    };
    const { sensors } = world.instance.services;
    expect(await cost('')).toBeLessThan(20);
    for (let index = 0; index < 100; index++) {
      await sensors.create(world.theirs.principal, { name: `sensor ${index}` });
    }
    const ids = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(await cost(`, filter: { ids: [${ids.join()}] }`)).toBeGreaterThan(1000);
    const many = `{ flowSensors(first: 0) { ${repeat(190, total)} } }`;
    const { extensions } = await world.instance.query(world.theirs.reader, many);
    expect(extensions.cost).toBeGreaterThan(190 * 100);
    const theirs = `{ flowSensors(first: 0, filter: { ids: [${ids.join()}] }) { ${repeat(190, total)} } }`;
    const refused = await world.instance.query(world.theirs.reader, theirs);
    expect(refused.errors[0]!.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('counts over long lists are charged even for an empty page', async () => {
    const query = `{ flowSensors(first: 1000) { nodes { ${repeat(30, (index) => `p${index}: pings(first: 0, start: "2026-01-0${(index % 9) + 1}") { totalCount }`)} } } }`;
    const { errors } = await world.instance.query(world.ours.reader, query);
    expect(errors[0]!.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('plots and outages cost the time for which pings are read, too', async () => {
    const query = `{ flowSensor(id: 1) { ${repeat(180, (index) => `s${index}: series(start: "2025-01-0${(index % 9) + 1}", end: "2026-01-01") { average }`)} } }`;
    const { errors } = await world.instance.query(world.ours.reader, query);
    expect(errors[0]!.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('repeated introspection in one query is refused, and a single one is accepted', async () => {
    const types = (index: number) =>
      `s${index}: __schema { types { fields { args { type { name } } } } }`;
    const once = await world.instance.query(world.ours.reader, `{ ${types(0)} }`);
    expect(once.errors).toEqual([]);
    const often = await world.instance.query(world.ours.reader, `{ ${repeat(180, types)} }`);
    expect(often.errors[0]!.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('operations beyond the cost limit of a credential are RATE_LIMITED with Retry-After, those of others go on', async () => {
    const limited = await startGraphQL(world.test, { costLimit: 100 });
    try {
      const query = '{ flowSensors(first: 100) { nodes { lastPing { flowrate } } } }';
      expect((await limited.query(world.ours.reader, query)).errors).toEqual([]);
      const answer = await limited.query(world.ours.reader, query);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(answer.errors[0]!.extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfter: expect.any(Number),
      });
      expect((await limited.query(world.theirs.reader, query)).errors).toEqual([]);
    } finally {
      await limited.close();
    }
  });

  test.each([
    ['a document that is not GraphQL', (index: number) => `{ ${'x'.repeat(2495)} ${index}`],
    ['a document that is not valid', (index: number) => `{ x${index} ${'y'.repeat(2495)} }`],
    [
      'a long document that is not valid',
      (index: number) => `{ ${repeat(1300, (x) => `a${index}b${x}`)} }`,
    ],
    [
      'an operation that is too complex',
      (index: number) =>
        `{ a${index}: flowSensors(first: 1000) { nodes { pings(first: 1000) { nodes { id } } } } }`,
    ],
    [
      'a wrong value of a variable',
      (index: number) =>
        `query($size: Int) { a${index}: flowSensors(first: $size) { totalCount } }`,
    ],
  ])('%s counts against the cost limit of its sender', async (_, query) => {
    const limited = await startGraphQL(world.test, { costLimit: 900 });
    const [ours, theirs] = [await newTenant(), await newTenant()];
    try {
      const codes = [];
      for (const index of [10, 11, 12]) {
        const { errors } = await limited.query(ours.reader, query(index), { size: 'x' });
        codes.push(errors[0]!.extensions.code);
      }
      expect(codes[0]).not.toBe('RATE_LIMITED');
      expect(codes.at(-1)).toBe('RATE_LIMITED');
      const { errors } = await limited.query(theirs.reader, query(10), { size: 'x' });
      expect(errors[0]!.extensions.code).toBe(codes[0]);
    } finally {
      await limited.close();
    }
  });

  test('a document that was refused before is refused again without being validated', async () => {
    const limited = await startGraphQL(world.test, { costLimit: 900 });
    try {
      const query = `{ ${'x'.repeat(4000)} }`;
      const { reader } = await newTenant();
      const send = () => limited.query(reader, query);
      const [first, ...others] = [await send(), await send(), await send(), await send()];
      expect(first.errors[0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      for (const { errors } of others) expect(errors).toEqual(first.errors);
    } finally {
      await limited.close();
    }
  });

  test('the answer has the cost of its query', async () => {
    const { extensions } = await world.instance.query(
      world.ours.reader,
      '{ flowSensors(first: 1000) { nodes { pings(first: 1000) { nodes { id } } } } }',
    );
    expect(extensions.cost).toBeGreaterThan(1_000_000);
  });
});
