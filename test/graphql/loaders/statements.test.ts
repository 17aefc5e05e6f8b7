import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { writeCursor } from '../../../src/graphql/pagination/cursor.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

const RANGE = 'start: "2026-01-01", end: "2026-01-03"';
// A ping's place is its instant.
const BEYOND = writeCursor('ping', Date.UTC(2026, 0, 9));
const SHAPES = {
  'everything of each sensor': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }, orderBy: { field: NAME }) {
    totalCount pageInfo { hasNextPage hasPreviousPage }
    flowVolume(${RANGE}) { volume }
    edges { node {
      id lastPing { flowrate } silentSince
      flowVolume(${RANGE}) { volume coverage }
      flowVolumes(${RANGE}, interval: DAY) { volume }
      series(${RANGE}, maxPoints: 5) { average }
      outages(${RANGE}) { start }
      pingRevisions(first: 3) { totalCount nodes { id } }
      pings(first: 2) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id sensor { id lastPing { id } } } }
    } } } }`,
  'aliases with other arguments': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }) { nodes {
    linear: flowVolume(${RANGE}) { volume }
    step: flowVolume(${RANGE}, method: STEP) { volume }
    again: flowVolume(${RANGE}) { coverage }
  } } }`,
  'a volume in several units': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }) { nodes {
    flowVolume(${RANGE}) { volume m3: volume(unit: M3) gal: volume(unit: GAL) }
    again: flowVolume(${RANGE}) { volume(unit: L) averageFlowrate(unit: GPM) }
  } } }`,
  'what is beside volumes': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }) {
    flowVolume(${RANGE}) { startBound }
    nodes { flowVolumes(${RANGE}, interval: DAY) { partial startBound endBound revisions } } } }`,
  'what lies beyond pages that end differently': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }) { nodes {
    newest: pings(last: 2, after: "${BEYOND}") { pageInfo { hasNextPage hasPreviousPage } }
    oldest: pings(first: 2, before: "${BEYOND}", order: OLDEST_FIRST) { pageInfo { hasNextPage hasPreviousPage } }
  } } }`,
  'histories of replaced meters': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }) { nodes {
    continuesSensor { name }
    history { parts { sensor { name } } pings(first: 2) { totalCount nodes { id } } flowVolume(${RANGE}) { volume } }
  } } }`,
  'sensors of pings of sensors': `query ($ids: [ID!]) { flowSensors(first: 1000, filter: { ids: $ids }) { nodes {
    pings(first: 3) { nodes { sensor { pings(last: 1) { nodes { sensor { name } } } } } } } } }`,
};

let world: GraphQLWorld;
let ids: string[];

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  const { principal } = world.ours;
  ids = [];
  for (let index = 0; index < 200; index++) {
    ids.push(String((await sensors.create(principal, { name: `sensor ${index}` })).id));
  }
  // One has fewer pings than a page, so that not all pages end alike.
  const readings = ids.flatMap((id, index) =>
    (index === 5 ? [0] : [0, 1, 2, 30]).map((hour) => ({
      sensorId: Number(id),
      datetime: new Date(Date.UTC(2026, 0, 1, hour)),
      flowrate: hour,
    })),
  );
  await pings.record(principal, readings, { onConflict: 'REJECT' });
  for (const [later, earlier] of [
    [0, 199],
    [2, 198],
    [199, 1],
  ] as const) {
    const continuesSensor = Number(ids[earlier]);
    const continuesFrom = new Date(Date.UTC(2026, 0, 1, 3) - later);
    await sensors.update(principal, Number(ids[later]), { continuesSensor, continuesFrom });
  }
});
afterAll(() => world.close());

/** What a server sends now and then, independently of its requests. */
const BACKGROUND = [
  // the settings of a connection that is opened
  /^SELECT set_config\('TimeZone'/,
  // credentials, and when they were last used
  /^(SELECT|UPDATE) .*"public"\."(account|api_token|session|app_user)"/s,
  // which instances and webhook workers live, and what they tell each other
  /pg_(try_)?advisory_(un)?lock|\bpg_locks\b/,
  /\bpg_notify\b|^(UN)?LISTEN\b/,
  /\bwebhook_(worker|delivery|endpoint)/,
];

/** What `work` sends to PostgreSQL through any connection. */
async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const texts = spy.mock.calls.map(([query]: unknown[]) =>
      typeof query === 'string' ? query : (query as { text: string }).text,
    );
    return texts.filter((text) => !BACKGROUND.some((pattern) => pattern.test(text))).length;
  } finally {
    spy.mockRestore();
  }
}

test.each(Object.entries(SHAPES))(
  'the number of statements goes by the shape of a query, not by how many sensors it meets: %s',
  async (_, query) => {
    const count = (sensors: number) =>
      countStatements(async () => {
        const data = await world.instance.ask(world.ours.reader, query, {
          ids: ids.slice(0, sensors),
        });
        const list = data.flowSensors.nodes ?? data.flowSensors.edges;
        expect(list).toHaveLength(sensors);
      });
    await count(1);
    const counts = [await count(1), await count(10), await count(200)];
    expect(counts).toEqual([counts[0], counts[0], counts[0]]);
    expect(counts[0]).toBeGreaterThan(1);
  },
);

test('units take no statements of their own', async () => {
  const query = (fields: string) => `{ flowSensor(id: ${ids[0]}) {
    one: flowVolume(${RANGE}) { volume } other: flowVolume(${RANGE}) { ${fields} } } }`;
  const count = (fields: string) =>
    countStatements(() => world.instance.ask(world.ours.reader, query(fields)));
  await count('volume');
  expect(await count('m3: volume(unit: M3) cfs: averageFlowrate(unit: CFS)')).toBe(
    await count('volume'),
  );
});
