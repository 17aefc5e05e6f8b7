import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const CREATE = `mutation ($name: String = "tagged", $tags: [String!]) {
  createFlowSensor(input: { name: $name, tags: $tags }) { id tags } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateFlowSensorInput!) {
  updateFlowSensor(id: $id, input: $input) { tags } }`;
const LIST = `query ($filter: FlowSensorFilter) {
  flowSensors(filter: $filter, orderBy: { field: NAME }) { totalCount nodes { name } } }`;

const ask = (text: string, variables: object, key = world.ours.admin) =>
  world.instance.ask(key, text, variables);
const query = (text: string, variables: object, key = world.ours.admin) =>
  world.instance.query(key, text, variables);

async function newSensor(tags?: string[] | null, name = 'tagged'): Promise<string> {
  const { createFlowSensor } = await ask(CREATE, { name, tags });
  expect(createFlowSensor.tags).toEqual(tags ?? []);
  return createFlowSensor.id;
}

const update = async (id: string, input: object) =>
  (await ask(UPDATE, { id, input })).updateFlowSensor.tags;

async function found(filter: object, key = world.ours.reader): Promise<string[]> {
  const { flowSensors } = await ask(LIST, { filter }, key);
  const names = flowSensors.nodes.map(({ name }: { name: string }) => name);
  expect(flowSensors.totalCount).toBe(names.length);
  return names;
}

test('a sensor keeps the tags that it is given, in their order, until others replace them', async () => {
  expect(await newSensor()).toBeDefined();
  expect(await newSensor(null)).toBeDefined();
  const id = await newSensor(['Permian', 'custody transfer']);
  expect(await update(id, { name: 'renamed' })).toEqual(['Permian', 'custody transfer']);
  expect(await update(id, { tags: ['custody transfer', 'PERMIAN', 'Ölfeld 7'] })).toEqual([
    ...['custody transfer', 'PERMIAN', 'Ölfeld 7'],
  ]);
  const read = `query ($id: ID!) { flowSensor(id: $id) { tags
    configuration(at: "2000-01-01T00:00:00Z") { tags }
    configurationLog { nodes { parameter oldValue newValue changedBy reason } } } }`;
  expect(await update(id, { tags: null, reason: 'sold' })).toEqual([]);
  const { flowSensor } = await ask(read, { id }, world.ours.reader);
  expect(flowSensor).toMatchObject({ tags: [], configuration: { tags: [] } });
  const changes = flowSensor.configurationLog.nodes.filter(
    ({ parameter }: { parameter: string }) => parameter === 'TAGS',
  );
  expect(changes).toEqual([
    {
      ...{ parameter: 'TAGS', oldValue: 'custody transfer, PERMIAN, Ölfeld 7', newValue: null },
      ...{ changedBy: expect.stringContaining('token:'), reason: 'sold' },
    },
    {
      ...{ parameter: 'TAGS', oldValue: 'Permian, custody transfer' },
      newValue: 'custody transfer, PERMIAN, Ölfeld 7',
      ...{ changedBy: expect.stringContaining('token:'), reason: null },
    },
  ]);
});

test('tags in force at an instant are those that the log gives', async () => {
  const id = await newSensor(['first']);
  const datetime = new Date('2026-01-01T00:00:00Z');
  const ping = { sensorId: Number(id), flowrate: 1, datetime };
  await world.instance.services.pings.record(world.ours.principal, [ping], {
    onConflict: 'REJECT',
  });
  await update(id, { tags: ['second', 'third'], effectiveFrom: '2026-03-01T00:00:00Z' });
  const { flowSensor } = await ask(
    `query ($id: ID!) { flowSensor(id: $id) {
      before: configuration(at: "2026-02-28T23:59:59Z") { tags }
      after: configuration(at: "2026-03-01T00:00:00Z") { tags } } }`,
    { id },
  );
  expect(flowSensor).toEqual({
    before: { tags: ['first'] },
    after: { tags: ['second', 'third'] },
  });
});

test('a filter finds sensors with any of its tags, in upper or lower case, beside its other conditions', async () => {
  const north = await newSensor(['Site North', 'ÉTÉ'], 'find north');
  await newSensor(['site south'], 'find south');
  await newSensor([], 'find none');
  expect(await found({ tags: ['SITE NORTH'] })).toEqual(['find north']);
  expect(await found({ tags: ['site north', 'Site South'] })).toEqual(['find north', 'find south']);
  // The same letters, composed in another way.
  expect(await found({ tags: ['e\u0301te\u0301'] })).toEqual(['find north']);
  expect(await found({ tags: ['site north', 'Site South'], search: 'SOUTH' })).toEqual([
    'find south',
  ]);
  for (const tags of [['site'], ['%'], [''], []]) expect(await found({ tags })).toEqual([]);
  expect(await found({ tags: null, search: 'find' })).toEqual([
    ...['find none', 'find north', 'find south'],
  ]);
  await ask('mutation ($id: ID!) { retireFlowSensor(id: $id) { id } }', { id: north });
  expect(await found({ tags: ['site north'] })).toEqual([]);
  expect(await found({ tags: ['site north'], retired: 'ONLY' })).toEqual(['find north']);
});

test('a total is of the sensors with the tag only', async () => {
  const ids = [await newSensor(['summed']), await newSensor(['Summed']), await newSensor()];
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
  for (const id of ids) {
    const pings = [0, 1].map((hour) => ({
      ...{ sensorId: Number(id), flowrate: 240, datetime: at(hour) },
    }));
    await world.instance.services.pings.record(world.ours.principal, pings, {
      onConflict: 'REJECT',
    });
  }
  const { flowSensors } = await ask(
    `{ flowSensors(filter: { tags: ["SUMMED"] }) {
      flowVolume(start: "${at(0).toISOString()}", end: "${at(1).toISOString()}") { volume } } }`,
    {},
  );
  expect(flowSensors.flowVolume.volume).toBe(20);
});

test('a tag that breaks a rule is an error that names the field, the rule and the value', async () => {
  const id = await newSensor(['kept']);
  const many = Array.from({ length: 21 }, (_, index) => `tag ${index}`);
  expect(await newSensor(many.slice(1))).toBeDefined();
  expect(await newSensor(['\u{1F6E2}'.repeat(50)])).toBeDefined();
  for (const [tags, field, message] of [
    [many, 'tags', 'Must be at most 20 tags; got 21.'],
    [['ok', ''], 'tags.1', 'Must not be empty.'],
    [[' a'], 'tags.0', 'Must not begin or end with a space.'],
    [['a\u0000b'], 'tags.0', 'Must not contain control characters.'],
    [['a\u200Bb'], 'tags.0', 'Must not contain invisible characters.'],
    [['x'.repeat(51)], 'tags.0', 'Must be at most 50 characters long, not 51.'],
    [['a,b'], 'tags.0', 'Must not contain a comma; got a,b.'],
    [['North', 'south', 'NORTH'], 'tags.2', 'Must not repeat the tag NORTH.'],
    [['\u00E9', 'E\u0301'], 'tags.1', 'Must not repeat the tag E\u0301.'],
  ] as const) {
    for (const [text, variables] of [
      [CREATE, { tags }],
      [UPDATE, { id, input: { tags } }],
    ] as const) {
      const { errors } = await query(text, variables);
      expect(errors[0]).toMatchObject({ message, extensions: { field } });
    }
  }
  for (const [tags, message] of [
    [Array(101).fill('a'), 'At most 100 tags; got 101.'],
    [['a\u0000'], 'Must not contain NUL.'],
  ] as const) {
    const { errors } = await query(LIST, { filter: { tags } });
    expect(errors[0]).toMatchObject({ message });
  }
  const { flowSensor } = await ask('query ($id: ID!) { flowSensor(id: $id) { tags } }', { id });
  expect(flowSensor.tags).toEqual(['kept']);
});

test('only an administrator of the account sets tags, and no other account finds by them', async () => {
  const id = await newSensor(['secret site'], 'secret');
  for (const key of [world.ours.reader, world.ours.ingester]) {
    const { errors } = await query(UPDATE, { id, input: { tags: [] } }, key);
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  }
  const { errors } = await query(UPDATE, { id, input: { tags: [] } }, world.theirs.admin);
  expect(errors[0]!.extensions).toMatchObject({ code: 'NOT_FOUND' });
  expect(await found({ tags: ['secret site'] }, world.theirs.reader)).toEqual([]);
  expect(await found({ tags: ['secret site'] })).toEqual(['secret']);
});
