import { setTimeout } from 'node:timers/promises';
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

const UPDATE = `mutation ($id: ID!, $rollover: Float, $factor: Float, $from: DateTime) {
  updateFlowSensor(id: $id, input: { totalizerRollover: $rollover, meterFactor: $factor, effectiveFrom: $from }) {
    totalizerRollover } }`;
const TOTALIZER = 'totalizer { start end volume resets rateVolume difference }';
const READ = `query ($id: ID!, $start: DateTime!, $end: DateTime!, $asOf: DateTime) { flowSensor(id: $id) {
  flowVolume(start: $start, end: $end, asOf: $asOf) { volume ${TOTALIZER} } } }`;

const totalizerOf = async (id: string, start: number, end: number, asOf?: string): Promise<any> => {
  const range = { start: at(start), end: at(end), asOf };
  const { flowSensor } = await world.instance.ask(world.ours.reader, READ, { id, ...range });
  return flowSensor.flowVolume.totalizer;
};

test('a volume has what the meter counted from its first to its last totalizer, beside the integral over that time', async () => {
  const id = await counting.create([
    ...([
      [0, null],
      [1, 1000],
      [2, null],
      [3, 1201.5],
      [4, 5000, 2400, 'BAD'],
    ] as const),
    [5, null],
  ]);
  expect(await totalizerOf(id, 0, 5)).toEqual({
    ...{ start: at(1), end: at(3), volume: 201.5, resets: 0, rateVolume: 200, difference: 1.5 },
  });
  // The end counts as the start does: buckets share the reading at their boundary.
  expect(await totalizerOf(id, 1, 3)).toMatchObject({ start: at(1), end: at(3), volume: 201.5 });
  expect(await totalizerOf(id, 2, 5)).toBeNull();
  expect(await totalizerOf(id, 4, 5)).toBeNull();
  expect(await totalizerOf(id, 1, 1)).toBeNull();
});

test('as of an instant a totalizer is what was known then, before it was corrected, deleted, recorded or had another rollover', async () => {
  const id = await counting.create([[0, 900], [1, 950], ...([[2, null]] as const)]);
  // Between what was recorded before it and what is recorded after it.
  const now = async () => {
    await setTimeout(2);
    const instant = new Date().toISOString();
    await setTimeout(2);
    return instant;
  };
  const known: [string, unknown][] = [];
  const keep = async () => known.push([await now(), await totalizerOf(id, 0, 3)]);
  await keep();
  await counting.record(id, [[1, 960]], { onConflict: 'OVERWRITE' });
  await keep();
  await counting.record(id, [[3, 30]]);
  await keep();
  await world.instance.ask(world.ours.admin, UPDATE, { id, rollover: 1000 });
  await keep();
  const range = `start: "${at(0)}", end: "${at(1)}"`;
  await world.instance.ask(world.ours.admin, `mutation { deletePings(sensorId: ${id}, ${range}) }`);
  await keep();
  expect(known.map(([, total]: any) => [total.volume, total.rateVolume, total.resets])).toEqual([
    [50, 100, 0],
    [60, 100, 0],
    [60, 300, 1],
    [130, 300, 0],
    [70, 200, 0],
  ]);
  for (const [asOf, total] of known) expect(await totalizerOf(id, 0, 3, asOf)).toEqual(total);
});

test('a decrease is a rollover where the sensor has one and the step is small; else a reset, over which nothing counts', async () => {
  const rows = [
    [0, 800],
    [1, 900],
    [2, 50],
    [3, 150],
    [4, 20],
    [5, 120],
  ] as const;
  const id = await counting.create(rows, 1000);
  // 100 + 150 + 100, a reset from 150 to 20, 100.
  expect(await totalizerOf(id, 0, 5)).toMatchObject({ volume: 450, resets: 1, difference: -50 });
  const change = (rollover: number | null) =>
    world.instance.ask(world.ours.admin, UPDATE, { id, rollover });
  await change(null);
  expect(await totalizerOf(id, 0, 5)).toMatchObject({ volume: 300, resets: 2 });
  // The totalizer showed more than that.
  await change(850);
  expect(await totalizerOf(id, 0, 5)).toMatchObject({ volume: 300, resets: 2 });
});

test('the meter factor counts in both; where it changes between two totalizers nothing is known', async () => {
  const id = await counting.create([
    [0, 0],
    [1, 110],
    [2, 220],
    [3, 330],
  ]);
  const change = (factor: number, from: string) =>
    world.instance.ask(world.ours.admin, UPDATE, { id, factor, from });
  await change(1.25, at(2));
  expect(await totalizerOf(id, 0, 3)).toMatchObject({
    ...{ volume: 220 + 137.5, rateVolume: 325, difference: 32.5 },
  });
  await change(1.5, new Date(Date.parse(at(2)) + 1).toISOString());
  expect(await totalizerOf(id, 0, 3)).toBeNull();
  expect(await totalizerOf(id, 0, 2)).toMatchObject({ volume: 220 });
});

test('hours and sensors are read together; several sensors, and units', async () => {
  const ids = [
    await counting.create([
      [0, 0],
      [1, 100],
      [2, 300],
    ]),
    await counting.create([
      [0, 5],
      [2, 6],
    ]),
  ];
  const query = `query ($ids: [ID!], $start: DateTime!, $end: DateTime!) { flowSensors(filter: { ids: $ids }) {
    nodes { id flowVolumes(start: $start, end: $end, interval: HOUR) { totalizer { volume rateVolume } }
      flowVolume(start: $start, end: $end) { totalizer { volume(unit: GAL) } }
      history { flowVolume(start: $start, end: $end) { totalizer { difference } } } }
    flowVolume(start: $start, end: $end) { totalizer { volume } } } }`;
  const { flowSensors } = await world.instance.ask(world.ours.reader, query, {
    ...{ ids, start: at(0), end: at(2) },
  });
  const hour = (volume: number) => ({ totalizer: { volume, rateVolume: 100 } });
  expect(flowSensors).toEqual({
    nodes: [
      {
        ...{ id: ids[0], flowVolumes: [hour(100), hour(200)] },
        flowVolume: { totalizer: { volume: 12_600 } },
        history: { flowVolume: { totalizer: { difference: 100 } } },
      },
      {
        ...{ id: ids[1], flowVolumes: [{ totalizer: null }, { totalizer: null }] },
        flowVolume: { totalizer: { volume: 42 } },
        history: { flowVolume: { totalizer: { difference: -199 } } },
      },
    ],
    flowVolume: { totalizer: null },
  });
});

test('totalizers cost a query the days for which their readings are read, of every volume', async () => {
  const id = await counting.create([]);
  const cost = async (field: string, selection: string) => {
    const query = `{ flowSensor(id: ${id}) { ${field} { volume ${selection} } } }`;
    return (await world.instance.query(world.ours.reader, query)).extensions.cost as number;
  };
  const month = 'start: "2026-01-01T00:00:00Z", end: "2026-01-31T00:00:00Z"';
  const more = async (field: string) =>
    (await cost(field, 'totalizer { volume }')) - (await cost(field, ''));
  expect(await more(`flowVolume(${month})`)).toBe(5 + 60);
  expect(await more(`flowVolumes(${month}, interval: HOUR)`)).toBeGreaterThan(720 * 6);
});

test('a wrong totalizer or rollover is an error that names the field, the rule and the value', async () => {
  const id = await counting.create([]);
  for (const totalizer of [-0.5, 1.1e15]) {
    const input = { pings: pingsOf(id, [[0, 1], ...([[1, totalizer]] as const)]) };
    const { errors } = await world.instance.query(world.ours.ingester, RECORD, { input });
    expect(errors[0]).toMatchObject({
      message: `Must be from 0 to 1e15; got ${totalizer}.`,
      extensions: { field: 'pings.1.totalizer' },
    });
  }
  for (const rollover of [0, -1, 2e15]) {
    const { errors } = await world.instance.query(world.ours.admin, UPDATE, { id, rollover });
    expect(errors[0]).toMatchObject({
      message: `Must be more than 0 and at most 1e15; got ${rollover}.`,
      extensions: { field: 'totalizerRollover' },
    });
  }
});

test('only the account’s own administrators set a rollover, and no other account reads or writes totalizers', async () => {
  const id = await counting.create([
    [0, 0],
    [1, 100],
  ]);
  for (const key of [world.ours.reader, world.ours.ingester]) {
    const { errors } = await world.instance.query(key, UPDATE, { id, rollover: 10 });
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  }
  const { errors } = await world.instance.query(world.theirs.admin, UPDATE, { id, rollover: 10 });
  expect(errors[0]!.extensions).toMatchObject({ code: 'NOT_FOUND' });
  const range = { start: at(0), end: at(1) };
  const foreign = await world.instance.ask(world.theirs.reader, READ, { id, ...range });
  expect(foreign.flowSensor).toBeNull();
  const input = { pings: pingsOf(id, [[0, 7]]), onConflict: 'OVERWRITE' };
  const written = await world.instance.query(world.theirs.admin, RECORD, { input });
  expect(written.errors[0]!.message).toBe(`There is no flow sensor "${id}".`);
  const own = await world.instance.services.volumes.ofRange(
    world.ours.principal,
    [Number(id)],
    { start: new Date(at(0)), end: new Date(at(1)) },
    'LINEAR',
  );
  const { totalizerVolumes, pings } = world.instance.services;
  const volumes = [...own.values()];
  expect(await totalizerVolumes.of(world.theirs.principal, volumes)).toEqual([null]);
  expect(await totalizerVolumes.of(world.ours.principal, volumes)).toMatchObject([{ volume: 100 }]);
  const last = await pings.last(world.ours.principal, [Number(id)]);
  expect((await pings.totalizers(world.theirs.principal, [...last.values()])).size).toBe(0);
});
