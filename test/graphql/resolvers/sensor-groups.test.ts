import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let ids: number[];
let foreign: number;

const admin = (query: string, variables?: object) =>
  world.instance.ask(world.ours.admin, query, variables);
const refused = async (query: string, token = world.ours.admin) => {
  const { errors } = await world.instance.query(token, query);
  const { code, field } = errors[0]!.extensions;
  return { code, field, message: errors[0]!.message };
};
const create = async (fields: string): Promise<string> =>
  (await admin(`mutation { createSensorGroup(input: { ${fields} }) { id } }`)).createSensorGroup.id;
const setMembers = (id: string, members: string) =>
  `mutation { setSensorGroupMembers(id: ${id}, members: [${members}]) {
    members { direction sensor { id name } } } }`;

beforeAll(async () => {
  world = await createWorld();
  const { sensors, calendars } = world.instance.services;
  const { principal } = world.ours;
  ids = [];
  for (const name of ['well', 'outlet', 'spare']) {
    ids.push((await sensors.create(principal, { name })).id);
  }
  foreign = (await sensors.create(world.theirs.principal, { name: 'foreign' })).id;
  await calendars.save(principal, { name: 'gas day', timeZone: 'America/Chicago' });
});
afterAll(() => world.close());

test('a group has members with directions, sensors know their groups, and lists of sensors go by groups', async () => {
  const [well, outlet, spare] = ids as [number, number, number];
  const id = await create('name: "field", calendar: "gas day"');
  const other = await create('name: "yard"');
  expect(
    await admin(
      setMembers(
        id,
        `{ sensorId: ${outlet}, direction: OUT }, { sensorId: ${well}, direction: IN }`,
      ),
    ),
  ).toEqual({
    setSensorGroupMembers: {
      members: [
        { direction: 'IN', sensor: { id: String(well), name: 'well' } },
        { direction: 'OUT', sensor: { id: String(outlet), name: 'outlet' } },
      ],
    },
  });
  await admin(setMembers(other, `{ sensorId: ${well} }`));
  const answer = await admin(`{
    sensorGroup(id: ${id}) { id name calendar { name timeZone } members { sensor { name } } }
    other: sensorGroup(id: ${other}) { calendar { name } members { direction } }
    flowSensors { nodes { name groups { name } } }
    ofOne: flowSensors(filter: { groupIds: [${id}] }) { totalCount nodes { name } }
    ofEither: flowSensors(filter: { groupIds: [${other}, 99999], search: "w" }) {
      nodes { name } flowVolume(start: "2026-01-01", end: "2026-01-02") { durationMissing } }
    ofNone: flowSensors(filter: { groupIds: [] }) { totalCount }
  }`);
  expect(answer).toEqual({
    sensorGroup: {
      ...{ id, name: 'field', calendar: { name: 'gas day', timeZone: 'America/Chicago' } },
      members: [{ sensor: { name: 'well' } }, { sensor: { name: 'outlet' } }],
    },
    other: { calendar: null, members: [{ direction: null }] },
    flowSensors: {
      nodes: [
        { name: 'well', groups: [{ name: 'field' }, { name: 'yard' }] },
        { name: 'outlet', groups: [{ name: 'field' }] },
        { name: 'spare', groups: [] },
      ],
    },
    ofOne: { totalCount: 2, nodes: [{ name: 'well' }, { name: 'outlet' }] },
    ofEither: { nodes: [{ name: 'well' }], flowVolume: { durationMissing: 86400 } },
    ofNone: { totalCount: 0 },
  });
  // A sensor that is deleted leaves its groups.
  await admin(setMembers(other, `{ sensorId: ${well} }, { sensorId: ${spare} }`));
  await admin(`mutation { deleteFlowSensor(id: ${spare}) }`);
  const members = '{ members { sensor { name } } }';
  expect((await admin(`{ sensorGroup(id: ${other}) ${members} }`)).sensorGroup).toEqual({
    members: [{ sensor: { name: 'well' } }],
  });
  await admin(`mutation { deleteSensorGroup(id: ${id}) }`);
  await admin(`mutation { deleteSensorGroup(id: ${other}) }`);
  expect(
    await admin('{ sensorGroups { totalCount } flowSensors { nodes { groups { id } } } }'),
  ).toEqual({
    sensorGroups: { totalCount: 0 },
    flowSensors: { nodes: [{ groups: [] }, { groups: [] }] },
  });
});

test('groups are listed page by page in both directions', async () => {
  const made: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) made.push(await create(`name: "${name}"`));
  const page = async (args: string) =>
    (
      await admin(
        `{ sensorGroups(${args}) { totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      )
    ).sensorGroups;
  const first = await page('first: 2');
  expect(first).toMatchObject({
    totalCount: 4,
    nodes: [{ name: 'a' }, { name: 'b' }],
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  });
  const next = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  expect(next).toMatchObject({
    nodes: [{ name: 'c' }, { name: 'd' }],
    pageInfo: { hasNextPage: false, hasPreviousPage: true },
  });
  expect(await page(`last: 1, before: "${next.pageInfo.startCursor}"`)).toMatchObject({
    nodes: [{ name: 'b' }],
    pageInfo: { hasNextPage: true, hasPreviousPage: true },
  });
  expect((await page('last: 3')).nodes).toEqual([{ name: 'b' }, { name: 'c' }, { name: 'd' }]);
  for (const id of made) await admin(`mutation { deleteSensorGroup(id: ${id}) }`);
});

test('changes of a group are audit events, and its calendar cannot be deleted', async () => {
  const id = await create('name: "field", calendar: "gas day", maxImbalanceVolume: 100');
  expect(await refused('mutation { deleteCalendar(name: "gas day") }')).toMatchObject({
    code: 'CONFLICT',
    message: 'Groups of sensors have the calendar "gas day": give them another one first.',
  });
  const update = (fields: string) =>
    `mutation { updateSensorGroup(id: ${id}, input: { ${fields} }) { name calendar { name } } }`;
  expect(await admin(update('name: "north"'))).toEqual({
    updateSensorGroup: { name: 'north', calendar: { name: 'gas day' } },
  });
  expect(await admin(update('calendar: null, maxImbalancePercent: 2.5'))).toEqual({
    updateSensorGroup: { name: 'north', calendar: null },
  });
  await admin(setMembers(id, `{ sensorId: ${ids[0]}, direction: IN }`));
  await admin(`mutation { deleteSensorGroup(id: ${id}) }`);
  const { auditEvents } = await admin(
    '{ auditEvents(first: 5) { nodes { type subjectType subjectId subjectName details } } }',
  );
  const subject = { subjectType: 'SENSOR_GROUP', subjectId: id };
  expect(auditEvents.nodes).toEqual([
    { ...subject, type: 'SENSOR_GROUP_DELETED', subjectName: 'north', details: '{}' },
    {
      ...{ ...subject, type: 'SENSOR_GROUP_MEMBERS_SET', subjectName: 'north' },
      details: JSON.stringify({ members: [`${ids[0]} IN`] }),
    },
    {
      ...{ ...subject, type: 'SENSOR_GROUP_CHANGED', subjectName: 'north' },
      details: '{"calendar":null,"maxImbalanceVolume":100,"maxImbalancePercent":2.5}',
    },
    {
      ...{ ...subject, type: 'SENSOR_GROUP_CHANGED', subjectName: 'north' },
      details: '{"calendar":"gas day","maxImbalanceVolume":100,"maxImbalancePercent":null}',
    },
    {
      ...{ ...subject, type: 'SENSOR_GROUP_CREATED', subjectName: 'field' },
      details: '{"calendar":"gas day","maxImbalanceVolume":100,"maxImbalancePercent":null}',
    },
  ]);
});

test('wrong groups, and those and the sensors of another account, are refused by the field and the value', async () => {
  const id = await create('name: "ours"');
  const input = (fields: string) => `mutation { createSensorGroup(input: { ${fields} }) { id } }`;
  expect(await refused(input('name: ""'))).toMatchObject({ field: 'name' });
  expect(await refused(input('name: "ours"'))).toMatchObject({
    code: 'CONFLICT',
    message: 'The account has another group named "ours".',
  });
  expect(await refused(input('name: "x", calendar: "oil day"'))).toMatchObject({
    field: 'calendar',
  });
  expect((await refused(input('name: "x"'), world.ours.reader)).code).toBe('FORBIDDEN');
  expect(await refused(input('name: "x", maxImbalancePercent: 101'))).toMatchObject({
    field: 'maxImbalancePercent',
    message: 'Must be 0 to 100 percent of the inflow; got 101.',
  });
  expect(await refused(input('name: "x", maxImbalanceVolume: -1'))).toMatchObject({
    field: 'maxImbalanceVolume',
    message: 'Must be 0 to 1000000000000 bbl a day; got -1.',
  });
  expect(
    await refused(setMembers(id, `{ sensorId: ${ids[0]} }, { sensorId: ${foreign} }`)),
  ).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'members.1.sensorId',
    message: `The account has no flow sensor ${foreign}.`,
  });
  expect(await refused(setMembers(id, `{ sensorId: ${ids[0]} }, { sensorId: ${ids[0]} }`))).toEqual(
    {
      code: 'BAD_USER_INPUT',
      field: 'members.1.sensorId',
      message: `Must not repeat flow sensor ${ids[0]}.`,
    },
  );
  const theirs = (query: string) => refused(query, world.theirs.admin);
  expect((await theirs(setMembers(id, ''))).code).toBe('NOT_FOUND');
  expect((await theirs(`mutation { deleteSensorGroup(id: ${id}) }`)).code).toBe('NOT_FOUND');
  const update = `mutation { updateSensorGroup(id: ${id}, input: { name: "x" }) { id } }`;
  expect((await theirs(update)).code).toBe('NOT_FOUND');
  // The same name is free in another account, which sees none of ours.
  const { createSensorGroup } = await world.instance.ask(world.theirs.admin, input('name: "ours"'));
  await world.instance.ask(
    world.theirs.admin,
    setMembers(createSensorGroup.id, `{ sensorId: ${foreign} }`),
  );
  expect(
    await world.instance.ask(
      world.theirs.reader,
      `{ sensorGroup(id: ${id}) { id } sensorGroups { nodes { id } }
        flowSensors(filter: { groupIds: [${id}, ${createSensorGroup.id}] }) { nodes { name } } }`,
    ),
  ).toEqual({
    sensorGroup: null,
    sensorGroups: { nodes: [{ id: createSensorGroup.id }] },
    flowSensors: { nodes: [{ name: 'foreign' }] },
  });
  expect(
    await admin(`{ flowSensors(filter: { groupIds: [${createSensorGroup.id}] }) { totalCount } }`),
  ).toEqual({ flowSensors: { totalCount: 0 } });
});
