import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const UPDATE = `mutation ($ids: [ID!]!, $input: UpdateFlowSensorsInput!, $dryRun: Boolean) {
  updateFlowSensors(ids: $ids, input: $input, dryRun: $dryRun) {
    changedCount unchangedCount settings { parameter sensorCount }
    addedMemberCount removedMemberCount } }`;
const READ = `query ($ids: [ID!]) { flowSensors(filter: { ids: $ids, retired: INCLUDE }) { nodes {
  name maxGap method entryUnit tags retiredAt calendar { name } groups { name }
  configurationLog { nodes { parameter oldValue newValue effectiveFrom changedBy reason } } } } }`;
const services = () => world.instance.services;
const T0 = new Date('2026-01-01T00:00:00Z');

async function sensorsNamed(...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const { id } = await services().sensors.create(world.ours.principal, { name });
    ids.push(String(id));
  }
  return ids;
}

const ping = (id: string | undefined, datetime = T0) =>
  services().pings.record(world.ours.principal, [{ sensorId: Number(id), flowrate: 1, datetime }], {
    onConflict: 'REJECT',
  });
const update = async (ids: readonly string[], input: object, dryRun = false) =>
  (await world.instance.ask(world.ours.admin, UPDATE, { ids, input, dryRun })).updateFlowSensors;
const read = async (ids: readonly string[]) =>
  (await world.instance.ask(world.ours.reader, READ, { ids })).flowSensors.nodes;
const errorsOf = async (ids: readonly string[], input: object, key = world.ours.admin) => {
  const { errors } = await world.instance.query(key, UPDATE, { ids, input });
  const [{ message, extensions }] = errors as [{ message: string; extensions: Faults }];
  return extensions.faults ?? [{ field: extensions.field, message, code: extensions.code }];
};
interface Faults {
  readonly code: string;
  readonly field?: string;
  readonly faults?: { field: string; message: string }[];
}

test('several sensors get settings, tags and groups at once, of which a dry run only tells', async () => {
  const ids = await sensorsNamed('bulk a', 'bulk b', 'bulk c');
  const { principal } = world.ours;
  await services().calendars.save(principal, { name: 'bulk day', timeZone: 'America/Chicago' });
  await services().sensors.update(principal, Number(ids[1]), {
    maxGap: 60,
    tags: ['North', 'old'],
  });
  const [lease, yard] = [
    await services().groups.create(principal, { name: 'bulk lease' }),
    await services().groups.create(principal, { name: 'bulk yard' }),
  ];
  const member = (index: number) => ({ sensorId: Number(ids[index]), direction: 'IN' as const });
  await services().groups.setMembers(principal, lease.id, [member(0)]);
  await services().groups.setMembers(principal, yard.id, [member(1), member(2)]);
  const input = {
    ...{ maxGap: 60, method: 'STEP', entryUnit: 'M3_PER_HOUR', calendar: 'bulk day' },
    ...{ addTags: ['north', 'LACT'], removeTags: ['OLD'], reason: 'a new gateway' },
    ...{ addToGroups: [lease.id], removeFromGroups: [yard.id] },
  };
  const before = await read(ids);
  const expected = {
    ...{ changedCount: 3, unchangedCount: 0, addedMemberCount: 2, removedMemberCount: 2 },
    settings: [
      { parameter: 'MAX_GAP', sensorCount: 2 },
      ...['METHOD', 'ENTRY_UNIT', 'CALENDAR', 'TAGS'].map((parameter) => {
        return { parameter, sensorCount: 3 };
      }),
    ],
  };
  const inOrder = ({ settings, ...rest }: { settings: { parameter: string }[] }) => ({
    ...rest,
    settings: new Set(settings.map((each) => JSON.stringify(each))),
  });
  expect(inOrder(await update(ids, input, true))).toEqual(inOrder(expected));
  expect(await read(ids)).toEqual(before);
  expect(inOrder(await update(ids, input))).toEqual(inOrder(expected));
  const after = await read(ids);
  for (const [index, tags] of [
    ['north', 'LACT'],
    ['North', 'LACT'],
    ['north', 'LACT'],
  ].entries()) {
    expect(after[index]).toMatchObject({
      ...{ maxGap: 60, method: 'STEP', entryUnit: 'M3_PER_HOUR', tags, retiredAt: null },
      ...{ calendar: { name: 'bulk day' }, groups: [{ name: 'bulk lease' }] },
    });
  }
  expect(after[2].configurationLog.nodes).toHaveLength(5);
  expect(after[2].configurationLog.nodes).toContainEqual(
    expect.objectContaining({
      ...{ parameter: 'MAX_GAP', oldValue: '3600', newValue: '60', reason: 'a new gateway' },
      changedBy: expect.stringContaining('token:'),
    }),
  );
  const members = (await services().groups.members(principal, [lease.id])).get(lease.id);
  expect(members!.map(({ direction }) => direction)).toEqual(['IN', null, null]);
  expect(await update(ids, input)).toMatchObject({ changedCount: 0, unchangedCount: 3 });
  expect(await read(ids)).toEqual(after);
  await update(ids, { maxGap: null, method: null, entryUnit: null, calendar: null });
  for (const sensor of await read(ids)) {
    expect(sensor).toMatchObject({
      ...{ maxGap: 3600, method: 'LINEAR', entryUnit: 'BBL_PER_DAY', calendar: null },
    });
  }
});

test('a date applies to the settings that are given, and to nothing else', async () => {
  const ids = await sensorsNamed('dated a', 'dated b');
  for (const id of ids) await ping(id);
  await update(ids.slice(0, 1), { method: 'STEP' });
  const effectiveFrom = '2026-02-01T00:00:00Z';
  await update(ids, { maxGap: 60, addTags: ['dated'], retire: {}, effectiveFrom });
  for (const { configurationLog } of await read(ids)) {
    const [from] = ['MAX_GAP'].map((wanted) =>
      configurationLog.nodes.find(({ parameter }: { parameter: string }) => parameter === wanted),
    );
    expect(new Date(from.effectiveFrom).toISOString()).toBe('2026-02-01T00:00:00.000Z');
    for (const { parameter, effectiveFrom: at } of configurationLog.nodes) {
      if (parameter !== 'MAX_GAP') expect(new Date(at).getTime()).toBeGreaterThan(+T0 + 1e10);
    }
  }
  const { flowSensors } = await world.instance.ask(
    world.ours.reader,
    `query ($ids: [ID!]) { flowSensors(filter: { ids: $ids, retired: ONLY }) { nodes { name
      method configuration(at: "2026-02-02T00:00:00Z") { maxGap method tags } } } }`,
    { ids },
  );
  expect(flowSensors.nodes).toEqual(
    ['dated a', 'dated b'].map((name, index) => ({
      ...{ name, method: index === 0 ? 'STEP' : 'LINEAR' },
      configuration: { maxGap: 60, method: 'LINEAR', tags: [] },
    })),
  );
});

test('where one sensor may not be changed so, none is, and each error names its sensor', async () => {
  const ids = await sensorsNamed('held a', 'held b', 'held c');
  await ping(ids[0], new Date('2026-03-01T00:00:00Z'));
  const full = Array.from({ length: 20 }, (_, index) => `tag ${index}`);
  await services().sensors.update(world.ours.principal, Number(ids[2]), { tags: full });
  const group = await services().groups.create(world.ours.principal, { name: 'held group' });
  const input = { maxGap: 60, addTags: ['one more'], addToGroups: [group.id] };
  const before = await read(ids);
  expect(await errorsOf(ids, { ...input, retire: { at: '2026-02-01T00:00:00Z' } })).toEqual([
    {
      field: 'ids.2',
      message: `held c (flow sensor ${ids[2]}): Must have at most 20 tags; got 21.`,
    },
    {
      field: 'ids.0',
      message: `held a (flow sensor ${ids[0]}): Must not be before the sensor's last ping, 2026-03-01T00:00:00.000Z; got 2026-02-01T00:00:00.000Z.`,
    },
  ]);
  expect(await read(ids)).toEqual(before);
  expect(await update(ids.slice(0, 2), input)).toMatchObject({ changedCount: 2 });
});

test('what breaks a rule is an error that names the field', async () => {
  const [id] = await sensorsNamed('ruled');
  const { principal } = world.theirs;
  const foreign = await services().sensors.create(principal, { name: 'foreign' });
  const group = await services().groups.create(principal, { name: 'foreign group' });
  const many = Array.from({ length: 1001 }, (_, index) => String(index + 1));
  const future = new Date(Date.now() + 1e7).toISOString();
  for (const [ids, input, field, message] of [
    [[], { maxGap: 60 }, 'ids', 'Must be 1 to 1000 ids; got 0.'],
    [many, { maxGap: 60 }, 'ids', 'Must be 1 to 1000 ids; got 1001.'],
    [[id, id], { maxGap: 60 }, 'ids.1', `Must not repeat flow sensor ${id}.`],
    [
      [id, String(foreign.id)],
      { maxGap: 60 },
      'ids.1',
      `The account has no flow sensor ${foreign.id}.`,
    ],
    [[id], {}, 'input', 'Must change something.'],
    [[id], { maxGap: 0 }, 'maxGap', expect.stringContaining('got 0.')],
    [[id], { addTags: ['a,b'] }, 'addTags.0', 'Must not contain a comma; got a,b.'],
    [[id], { addTags: ['a'], removeTags: ['A'] }, 'removeTags.0', 'Must not be added too; got a.'],
    [
      [id],
      { addToGroups: [group.id] },
      'addToGroups.0',
      `The account has no sensor group ${group.id}.`,
    ],
    [[id], { retire: { at: future } }, 'retire', expect.stringContaining('in the future')],
    [
      [id],
      { addTags: ['a'], effectiveFrom: '2026-01-01T00:00:00Z' },
      'effectiveFrom',
      expect.stringContaining('without maxGap, method or calendar'),
    ],
    [[id], { maxGap: 60, reason: '' }, 'reason', expect.any(String)],
  ] as [string[], object, string, string][]) {
    expect(await errorsOf(ids, input)).toEqual([expect.objectContaining({ field, message })]);
  }
  expect(await errorsOf([id!], { calendar: 'nowhere' })).toEqual([
    expect.objectContaining({ field: 'calendar' }),
  ]);
  for (const key of [world.ours.reader, world.ours.ingester]) {
    expect(await errorsOf([id!], { maxGap: 60 }, key)).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ]);
  }
  expect((await errorsOf([id!], { maxGap: 60 }, world.theirs.admin))[0]).toMatchObject({
    field: 'ids.0',
  });
  expect((await read([id!]))[0].configurationLog.nodes).toEqual([]);
});

test('a change of sensors waits for one that is locked, and two at once end as one after the other', async () => {
  const ids = await sensorsNamed('both a', 'both b', 'both c');
  for (const id of ids) await ping(id);
  // Of two changes that take effect at different instants, the second would change what is between them.
  const change = { maxGap: 60, effectiveFrom: '2026-01-01T00:00:00Z', addTags: ['x'] };
  const results = await Promise.all([
    update(ids, change),
    update([...ids].reverse(), change),
    ping(ids[1], new Date('2026-01-02T00:00:00Z')),
  ]);
  const counts = results.slice(0, 2).map((each) => (each as { changedCount: number }).changedCount);
  expect(counts.sort()).toEqual([0, 3]);
  for (const { maxGap, tags } of await read(ids)) expect([maxGap, tags]).toEqual([60, ['x']]);
});
