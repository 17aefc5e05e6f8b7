import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
const CREATE = `mutation ($factor: Float) {
  createFlowSensor(input: { name: "proved", meterFactor: $factor }) { id meterFactor } }`;
const UPDATE = `mutation ($id: ID!, $factor: Float, $from: DateTime) {
  updateFlowSensor(id: $id, input: { meterFactor: $factor, effectiveFrom: $from, reason: "proving" }) { meterFactor } }`;
const READ = `query ($id: ID!, $start: DateTime!, $end: DateTime!, $asOf: DateTime) {
  flowSensor(id: $id) { meterFactor before: configuration(at: "${at(1)}") { meterFactor }
    flowVolume(start: $start, end: $end, asOf: $asOf) { volume averageFlowrate maxFlowrate }
    flowVolumes(start: $start, end: $end, interval: HOUR, asOf: $asOf) { volume }
    configurationLog { nodes { parameter oldValue newValue } } } }`;
const RANGE = { start: at(0), end: at(4) };

/** A reading of 2400 bbl/d at each hour. */
async function newSensor(factor?: number): Promise<string> {
  const { createFlowSensor } = await world.instance.ask(world.ours.admin, CREATE, { factor });
  expect(createFlowSensor.meterFactor).toBe(factor ?? 1);
  const pings = [0, 1, 2, 3, 4].map((hour) => ({
    ...{ sensorId: Number(createFlowSensor.id), flowrate: 2400, datetime: new Date(at(hour)) },
  }));
  await world.instance.services.pings.record(world.ours.principal, pings, { onConflict: 'REJECT' });
  return createFlowSensor.id;
}

const change = (id: string, factor: number | null, from?: string) =>
  world.instance.ask(world.ours.admin, UPDATE, { id, factor, from });
const read = async (id: string, asOf?: string): Promise<any> =>
  (await world.instance.ask(world.ours.reader, READ, { id, ...RANGE, asOf })).flowSensor;

test('volumes are multiplied by the factor in force at each instant; flowrates of readings stay', async () => {
  const id = await newSensor();
  expect(await read(id)).toMatchObject({ meterFactor: 1, flowVolume: { volume: 400 } });
  await change(id, 1.25, at(2));
  expect(await read(id)).toEqual({
    ...{ meterFactor: 1.25, before: { meterFactor: 1 } },
    flowVolume: { volume: 450, averageFlowrate: 2700, maxFlowrate: 2400 },
    flowVolumes: [100, 100, 125, 125].map((volume) => ({ volume })),
    configurationLog: { nodes: [{ parameter: 'METER_FACTOR', oldValue: '1', newValue: '1.25' }] },
  });
  const rest = await world.instance.services.volumes.ofSensor(world.ours.principal, Number(id), {
    start: new Date(at(0)),
    end: new Date(at(4)),
  });
  expect(rest.volume).toBe(450);
  await change(id, null, at(0));
  expect((await read(id)).flowVolume.volume).toBe(400);
  expect((await read(await newSensor(0.5))).flowVolume.volume).toBe(200);
});

test('as of an instant the factor is the one that was known then, whatever was set since', async () => {
  const id = await newSensor();
  const served: [asOf: string, flowVolume: object][] = [];
  for (const [factor, from] of [
    [1.25, at(2)],
    [0.5, '0001-01-01T00:00:00Z'],
    [1, '0001-01-01T00:00:00Z'],
  ] as const) {
    served.push([await instantAfter(), (await read(id)).flowVolume]);
    await change(id, factor, from);
  }
  for (const [asOf, flowVolume] of served) {
    expect((await read(id, asOf)).flowVolume).toEqual(flowVolume);
  }
  expect(served.map(([, { volume }]: any) => volume)).toEqual([400, 450, 200]);
});

test('a total over sensors has the factor of each', async () => {
  const ids = [await newSensor(), await newSensor(1.25)];
  await change(ids[0]!, 0.5, at(2));
  const query = `query ($ids: [ID!], $start: DateTime!, $end: DateTime!) {
    flowSensors(filter: { ids: $ids }) { flowVolume(start: $start, end: $end) { volume SELECTED } } }`;
  for (const selected of ['', 'volumeMeasured']) {
    const { flowSensors } = await world.instance.ask(
      ...[world.ours.reader, query.replace('SELECTED', selected), { ids, ...RANGE }],
    );
    expect(flowSensors.flowVolume.volume).toBe(800);
  }
});

test('a substitution stores flowrates without the factor, and spreads a volume that comes out with it', async () => {
  const id = await newSensor();
  await change(id, 1.25, at(0));
  const SUBSTITUTE = `mutation ($id: ID!, $method: SubstitutionMethod!, $value: Float, $from: DateTime!) {
    substitutePings(sensorId: $id, start: $from, end: "${at(3)}", method: $method, value: $value,
      reasonCode: METER_ERROR) { calculation } }`;
  const spread = { id, method: 'EQUAL_SPREAD', value: 50, from: at(1) };
  const { substitutePings } = await world.instance.ask(world.ours.admin, SUBSTITUTE, spread);
  expect(JSON.parse(substitutePings.calculation)).toMatchObject({
    ...{ volume: 50, flowrate: 480, meterFactor: 1.25 },
  });
  const within = `{ flowSensor(id: ${id}) { flowVolume(start: "${at(1)}", end: "${at(3)}", method: STEP) {
    volume volumeSubstituted } } }`;
  const { flowSensor } = await world.instance.ask(world.ours.reader, within);
  expect(flowSensor.flowVolume.volume).toBeCloseTo(50, 6);
  expect(flowSensor.flowVolume.volumeSubstituted).toBeCloseTo(50, 6);
  const other = await newSensor(1.25);
  const average = { id: other, method: 'AVERAGE', from: at(2) };
  const { substitutePings: made } = await world.instance.ask(
    ...[world.ours.admin, SUBSTITUTE, average],
  );
  expect(JSON.parse(made.calculation)).toMatchObject({ flowrate: 2400 });
});

test('a factor out of bounds is an error that names the field, the rule and the value', async () => {
  const id = await newSensor();
  for (const [factor, message] of [
    [0, 'Must be from 0.5 to 2; got 0.'],
    [-1, 'Must be from 0.5 to 2; got -1.'],
    [2.0001, 'Must be from 0.5 to 2; got 2.0001.'],
  ] as const) {
    for (const [query, variables] of [
      [UPDATE, { id, factor }],
      [CREATE, { factor }],
    ] as const) {
      const { errors } = await world.instance.query(world.ours.admin, query, variables);
      expect(errors[0]).toMatchObject({ message, extensions: { field: 'meterFactor' } });
    }
  }
});

test('only an administrator of the account changes a factor, and no other account sees it', async () => {
  const id = await newSensor(1.25);
  for (const key of [world.ours.reader, world.ours.ingester]) {
    const { errors } = await world.instance.query(key, UPDATE, { id, factor: 1.5 });
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  }
  const { errors } = await world.instance.query(world.theirs.admin, UPDATE, { id, factor: 1.5 });
  expect(errors[0]!.extensions).toMatchObject({ code: 'NOT_FOUND' });
  const foreign = await world.instance.ask(world.theirs.reader, READ, { id, ...RANGE });
  expect(foreign.flowSensor).toBeNull();
  expect((await read(id)).flowVolume.volume).toBe(500);
});

/** Later than all that was recorded before, and past. */
async function instantAfter(): Promise<string> {
  const now = Date.now();
  while (Date.now() <= now + 2) await new Promise((resolve) => setImmediate(resolve));
  return new Date(now + 1).toISOString();
}
