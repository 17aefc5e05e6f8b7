import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { at, CountingSensors, pingsOf, RECORD } from '../../helpers/counting-sensors.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let counting: CountingSensors;
beforeAll(async () => {
  world = await createWorld();
  counting = new CountingSensors(world);
});
afterAll(() => world.close());

test('a reading keeps its totalizer when its flowrate is corrected, and another totalizer is a logged correction', async () => {
  const id = await counting.create([
    [0, 10],
    [1, null],
    [2, 30, 2400, 'UNCERTAIN'],
  ]);
  expect(await counting.record(id, [[0, 10]])).toEqual({ recorded: 0, duplicates: 1 });
  expect(await counting.record(id, [[0, null]])).toEqual({ recorded: 0, duplicates: 1 });
  for (const row of [
    [0, 11],
    [1, 20],
  ] as const) {
    const input = { pings: pingsOf(id, [row]) };
    const { errors } = await world.instance.query(world.ours.ingester, RECORD, { input });
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('already stored with another flowrate or totalizer'),
      extensions: { code: 'CONFLICT' },
    });
  }
  const overwrite = { onConflict: 'OVERWRITE', comment: 'read again' };
  const corrected = await counting.record(
    id,
    [
      [0, null, 1200],
      [1, 20],
      [2, 31],
    ],
    overwrite,
  );
  expect(corrected).toEqual({ recorded: 3, duplicates: 0 });
  const found = await counting.pingsIn(id);
  expect(found).toMatchObject({
    lastPing: { totalizer: 31 },
    pings: {
      nodes: [
        { flowrate: 1200, totalizer: 10, quality: 'GOOD' },
        { flowrate: 2400, totalizer: 20, quality: 'GOOD' },
        { flowrate: 2400, totalizer: 31, quality: 'UNCERTAIN' },
      ],
    },
  });
  const revisions = found.pingRevisions.nodes.map((each: any) => [
    ...[each.newFlowrate, each.oldTotalizer, each.newTotalizer, each.updateType, each.comment],
  ]);
  const why = ['REPLACE', 'read again'];
  expect(revisions).toEqual([
    [2400, 30, 31, ...why],
    [2400, null, 20, ...why],
    [1200, null, null, ...why],
  ]);
});

test('a deletion removes totalizers; a substitution hides them, and its reversal brings them back', async () => {
  const id = await counting.create([
    [0, 0],
    [1, 100],
    [2, 200],
    [3, 300],
  ]);
  const range = `sensorId: ${id}, start: "${at(1)}", end: "${at(2)}"`;
  const SUBSTITUTE = `mutation { substitutePings(${range}, method: REPLACE, value: 1, reasonCode: METER_ERROR) { id } }`;
  const made = (await world.instance.ask(world.ours.admin, SUBSTITUTE)).substitutePings;
  const totalizers = async () =>
    (await counting.pingsIn(id)).pings.nodes.flatMap((each: any) => each.totalizer ?? []);
  expect(await totalizers()).toEqual([0, 200, 300]);
  await world.instance.ask(
    world.ours.admin,
    `mutation { reverseSubstitution(sensorId: ${id}, id: ${made.id}, reasonCode: METER_ERROR) { id } }`,
  );
  expect(await totalizers()).toEqual([0, 100, 200, 300]);
  await world.instance.ask(world.ours.admin, `mutation { deletePings(${range}) }`);
  const { pingRevisions } = await counting.pingsIn(id);
  expect(pingRevisions.nodes[0]).toMatchObject({
    ...{ updateType: 'DELETE', oldTotalizer: 100, newTotalizer: null },
  });
  await counting.record(id, [[1, null]]);
  expect(await totalizers()).toEqual([0, 200, 300]);
  const { rows } = await world.test.database.pool.query(
    'SELECT totalizer FROM ping_totalizer WHERE sensor_id = $1 ORDER BY datetime',
    [id],
  );
  expect(rows.map(({ totalizer }) => totalizer)).toEqual([0, 200, 300]);
});

test('what was stored in place of a reading and is gone again does not keep its totalizer from coming back', async () => {
  const id = await counting.create([
    [0, 0],
    [1, 100],
    [2, 200],
  ]);
  const during = (start: string, end: string) =>
    `sensorId: ${id}, start: "${start}", end: "${end}"`;
  const half = (hour: number) => at(hour).replace(':00:00Z', ':30:00Z');
  const made = await world.instance.ask(
    world.ours.admin,
    `mutation { substitutePings(${during(half(0), half(1))}, method: REPLACE, value: 1, reasonCode: METER_ERROR) { id } }`,
  );
  await counting.record(id, [[1, 7, 5]]);
  await world.instance.ask(world.ours.admin, `mutation { deletePings(${during(at(1), half(1))}) }`);
  await world.instance.ask(
    world.ours.admin,
    `mutation { reverseSubstitution(sensorId: ${id}, id: ${made.substitutePings.id}, reasonCode: METER_ERROR) { id } }`,
  );
  const { pings } = await counting.pingsIn(id);
  expect(pings.nodes.map((each: any) => [each.flowrate, each.totalizer])).toEqual([
    [2400, 0],
    [2400, 100],
    [2400, 200],
  ]);
});

test('another totalizer neither settles the flag of a reading nor keeps a corrected flowrate from being checked', async () => {
  const id = await counting.create([]);
  await world.instance.services.sensors.setChecks(world.ours.principal, Number(id), {
    reasonability: { high: 3000 },
  });
  await counting.record(id, [
    [0, 0, 9000],
    [1, 100],
  ]);
  const overwrite = { onConflict: 'OVERWRITE' };
  await counting.record(id, [[0, 5, 9000]], overwrite);
  await counting.record(
    id,
    [
      [1, null, 8000],
      [1, 101, 8000],
    ],
    overwrite,
  );
  const FLAGS = `query ($ids: [ID!]) { readingFlags(sensorIds: $ids) { nodes { flowrate status } } }`;
  const { readingFlags } = await world.instance.ask(world.ours.reader, FLAGS, { ids: [id] });
  expect(readingFlags.nodes).toEqual([
    { flowrate: 8000, status: 'OPEN' },
    { flowrate: 9000, status: 'OPEN' },
  ]);
  expect((await counting.pingsIn(id)).pings.nodes).toEqual([
    { flowrate: 9000, totalizer: 5, quality: 'UNCERTAIN' },
    { flowrate: 8000, totalizer: 101, quality: 'UNCERTAIN' },
  ]);
});
