import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';
import { at, CheckedSensors, everyMinute, FLAGS } from '../../helpers/checked-sensors.js';

let world: GraphQLWorld;
let checked: CheckedSensors;
beforeAll(async () => {
  world = await createWorld();
  checked = new CheckedSensors(world);
});
afterAll(() => world.close());

const RESOLVE = `mutation ($ids: [ID!]!, $resolution: ReadingFlagResolution!) {
  resolveReadingFlags(ids: $ids, resolution: $resolution, comment: "looked at it") { id status resolvedBy comment } }`;

test('an administrator accepts and rejects flagged readings, and the history keeps both', async () => {
  const id = await checked.create({ reasonability: { high: 100 } });
  await checked.record(id, everyMinute([50, 150, 250, 350, 450]));
  const { readingFlags } = await checked.ask(FLAGS, { id: [id], status: 'OPEN' });
  const [fifth, fourth, third, second] = readingFlags.nodes.map((node: any) => node.id as string);
  const accepted = await checked.ask(RESOLVE, { ids: [second], resolution: 'ACCEPT' });
  expect(accepted.resolveReadingFlags).toEqual([
    { id: second, status: 'ACCEPTED', resolvedBy: 'token:ours ADMIN', comment: 'looked at it' },
  ]);
  await checked.ask(RESOLVE, { ids: [third], resolution: 'REJECT' });
  // A correction settles a flag too, and so does a deletion.
  await checked.record(id, [{ minute: 3, flowrate: 60 }], { onConflict: 'OVERWRITE' });
  await checked.ask(
    `mutation ($id: ID!) { deletePings(sensorId: $id, start: "${at(4).toISOString()}", end: "${at(5).toISOString()}") }`,
    { id },
  );
  expect(await checked.qualities(id)).toEqual(['0 GOOD', '1 GOOD', '2 BAD', '3 GOOD']);
  const all = (await checked.ask(FLAGS, { id: [id] })).readingFlags.nodes;
  expect(all.map((node: any) => [node.id, node.status])).toEqual([
    [fifth, 'REJECTED'],
    [fourth, 'REJECTED'],
    [third, 'REJECTED'],
    [second, 'ACCEPTED'],
  ]);
  const { flowSensor } = await checked.ask(
    `query ($id: ID!) { flowSensor(id: $id) {
      lastPing { flowrate } flowVolume(start: "${at(0).toISOString()}", end: "${at(10).toISOString()}") { pingCount }
      pingRevisions { nodes { oldQuality newQuality comment revisedBy } } } }`,
    { id },
  );
  // The rejected one counts in no volume any more.
  expect(flowSensor.flowVolume.pingCount).toBe(3);
  expect(flowSensor.pingRevisions.nodes.slice(-2)).toEqual([
    {
      oldQuality: 'UNCERTAIN',
      newQuality: 'BAD',
      comment: 'looked at it',
      revisedBy: 'token:ours ADMIN',
    },
    {
      oldQuality: 'UNCERTAIN',
      newQuality: 'GOOD',
      comment: 'looked at it',
      revisedBy: 'token:ours ADMIN',
    },
  ]);
  const again = await world.instance.query(world.ours.admin, RESOLVE, {
    ids: [second],
    resolution: 'REJECT',
  });
  expect(again.errors[0]).toMatchObject({
    message: `Flag ${second} is accepted already.`,
    extensions: { code: 'CONFLICT' },
  });
  expect(world.instance.failures).toEqual([]);
});

test('flags are seen and settled in their own account only, and settled by administrators only', async () => {
  const id = await checked.create({ reasonability: { high: 100 } });
  await checked.record(id, everyMinute([150]));
  const { readingFlags } = await checked.ask(FLAGS, { id: [id] });
  const ids = [readingFlags.nodes[0].id];
  const { query } = world.instance;
  const theirs = await checked.ask(FLAGS, { id: [id] }, world.theirs.admin);
  expect(theirs.readingFlags).toEqual({ totalCount: 0, nodes: [] });
  const codeOf = async (token: string, ...flagIds: string[]) => {
    const { errors } = await query(token, RESOLVE, { ids: flagIds, resolution: 'ACCEPT' });
    return errors[0]?.extensions.code;
  };
  expect(await codeOf(world.theirs.admin, ...ids)).toBe('NOT_FOUND');
  expect(await codeOf(world.ours.reader, ...ids)).toBe('FORBIDDEN');
  expect(await codeOf(world.ours.admin, ...ids, `${id}-999999`)).toBe('NOT_FOUND');
  expect(await codeOf(world.ours.admin, 'nonsense')).toBe('NOT_FOUND');
  expect(await checked.flags(id, 'OPEN')).toEqual(['0 REASONABILITY']);
  const asReader = await checked.ask(FLAGS, { id: [id] }, world.ours.reader);
  expect(asReader.readingFlags.totalCount).toBe(1);
});
