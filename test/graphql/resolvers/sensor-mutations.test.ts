import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld({ maxPings: 10 });
});
afterAll(() => world.close());

const send = (query: string, variables?: object, token = world.ours.admin) =>
  world.instance.query(token, query, variables);
const ask = (query: string, variables?: object, token = world.ours.admin) =>
  world.instance.ask(token, query, variables);

const CREATE = `mutation ($input: CreateFlowSensorInput!) { createFlowSensor(input: $input) {
  id name latitude longitude pipeDiameter activatedAt maxGap lastPing { id } silentSince
  flowVolume(start: "2026-01-01", end: "2026-01-02") { volume } } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateFlowSensorInput!) { updateFlowSensor(id: $id, input: $input) {
  id name latitude longitude pipeDiameter activatedAt maxGap } }`;
const RECORD = `mutation ($input: RecordPingsInput!) { recordPings(input: $input) { recorded duplicates } }`;
const newSensor = async (input: object = {}) =>
  (await ask(CREATE, { input: { name: 'sensor', ...input } })).createFlowSensor;
const ping = (sensorId: string, hour: number, flowrate: number) => ({
  sensorId,
  flowrate,
  datetime: `2026-01-01T0${hour}:00:00Z`,
});

describe('createFlowSensor', () => {
  test('createFlowSensor needs only a name; all else is unknown, and maxGap an hour', async () => {
    expect(await newSensor({ name: 'Ventil № 5 – 北' })).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'Ventil № 5 – 北',
      latitude: null,
      longitude: null,
      pipeDiameter: null,
      activatedAt: null,
      maxGap: 3600,
      lastPing: null,
      silentSince: null,
      flowVolume: { volume: 0 },
    });
  });

  test('createFlowSensor accepts all that is known of the device', async () => {
    const input = {
      name: 'south',
      latitude: -90,
      longitude: 180,
      pipeDiameter: 14.64,
      activatedAt: '0001-01-01T00:00:00Z',
      maxGap: 1,
    };
    expect(await newSensor(input)).toMatchObject(input);
  });

  test('the names of sensors need not be unique', async () => {
    expect((await newSensor({ name: 'twin' })).id).not.toBe((await newSensor({ name: 'twin' })).id);
  });

  test.each([
    ['latitude', 90.1],
    ['latitude', -91],
    ['longitude', 180.1],
    ['longitude', -181],
    ['pipeDiameter', 0],
    ['pipeDiameter', -1],
    ['maxGap', 0],
    ['maxGap', -5],
    ['name', ''],
    ['name', '   '],
    ['name', 'a\0b'],
    ['name', 'x'.repeat(256)],
  ])('the %s of a sensor may not be %p', async (field, value) => {
    const { errors } = await send(CREATE, { input: { name: 'sensor', [field]: value } });
    expect(errors).toEqual([
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field } }),
    ]);
  });

  test('createFlowSensor reports every error', async () => {
    const { errors } = await send(CREATE, { input: { name: '', latitude: 99 } });
    expect(errors[0]!.extensions.faults).toEqual([
      { field: 'name', message: 'Must not be empty.' },
      { field: 'latitude', message: 'Must be from -90 to 90; got 99.' },
    ]);
  });
});

describe('updateFlowSensor', () => {
  const known = {
    name: 'old',
    latitude: 1,
    longitude: 2,
    pipeDiameter: 3,
    activatedAt: '2020-01-01T00:00:00.123Z',
    maxGap: 60,
  };

  test('updateFlowSensor changes what is given and leaves the rest', async () => {
    const { id } = await newSensor(known);
    const { updateFlowSensor } = await ask(UPDATE, { id, input: { name: 'new', longitude: 0 } });
    expect(updateFlowSensor).toEqual({ ...known, id, name: 'new', longitude: 0 });
    expect((await ask(UPDATE, { id, input: {} })).updateFlowSensor).toEqual(updateFlowSensor);
  });

  test('updateFlowSensor clears a field that is given as null', async () => {
    const { id } = await newSensor(known);
    const input = {
      latitude: null,
      longitude: null,
      pipeDiameter: null,
      activatedAt: null,
      maxGap: null,
    };
    expect((await ask(UPDATE, { id, input })).updateFlowSensor).toEqual({
      id,
      ...input,
      name: 'old',
      maxGap: 3600,
    });
    const { errors } = await send(UPDATE, { id, input: { name: null } });
    expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'name' });
  });

  test('another maxGap that is in force ever since changes coverage and outages of the past', async () => {
    const { id } = await newSensor({ maxGap: 3600 });
    await ask(RECORD, { input: { pings: [ping(id, 0, 24), ping(id, 1, 24), ping(id, 3, 24)] } });
    const figures = async () =>
      (
        await ask(
          `{ flowSensor(id: ${id}) { maxGap flowVolume(start: "2026-01-01", end: "2026-01-01T04:00Z") { volume coverage } outages(start: "2026-01-01", end: "2026-01-02") { start } } }`,
        )
      ).flowSensor;
    expect(await figures()).toEqual({
      maxGap: 3600,
      flowVolume: { volume: 3, coverage: 0.25 },
      outages: [{ start: '2026-01-01T01:00:00Z' }],
    });
    const effectiveFrom = '0001-01-01T00:00:00Z';
    await ask(UPDATE, { id, input: { maxGap: 7200, effectiveFrom } });
    expect(await figures()).toMatchObject({
      flowVolume: { volume: 3, coverage: 0.75 },
      outages: [],
    });
    await ask(UPDATE, { id, input: { maxGap: 3599, effectiveFrom } });
    expect(await figures()).toMatchObject({ flowVolume: { volume: 3, coverage: 0 } });
  });

  test('an operation that reads what it has changed gets the new value', async () => {
    const { id } = await newSensor({ maxGap: 3600 });
    await ask(RECORD, { input: { pings: [ping(id, 0, 24), ping(id, 2, 24)] } });
    const coverage = 'flowVolume(start: "2026-01-01", end: "2026-01-01T02:00Z") { coverage }';
    const data = await ask(`mutation {
      before: updateFlowSensor(id: ${id}, input: { maxGap: 3600 }) { ${coverage} }
      after: updateFlowSensor(id: ${id}, input: { maxGap: 7200, effectiveFrom: "2025-01-01" }) { ${coverage} } }`);
    expect(data).toEqual({
      before: { flowVolume: { coverage: 0 } },
      after: { flowVolume: { coverage: 1 } },
    });
  });
});

describe('the method of a sensor', () => {
  const FIGURES = `volume: flowVolume(start: "2026-01-01", end: "2026-01-01T02:00Z") { volume }
    linear: flowVolume(start: "2026-01-01", end: "2026-01-01T02:00Z", method: LINEAR) { volume }
    null: flowVolume(start: "2026-01-01", end: "2026-01-01T02:00Z", method: null) { volume }
    days: flowVolumes(start: "2026-01-01", end: "2026-01-01T02:00Z", interval: DAY) { volume }`;
  const figures = (own: number) => ({
    volume: { volume: own },
    linear: { volume: 1 },
    null: { volume: own },
    days: [{ volume: own }],
  });

  test('a volume without a method is by the sensor’s own, alone and in totals', async () => {
    const { id } = await newSensor({ name: 'by change', method: 'STEP' });
    const { id: linear } = await newSensor({ name: 'by change too' });
    for (const each of [id, linear]) {
      await ask(RECORD, { input: { pings: [ping(each, 0, 24), ping(each, 2, 0)] } });
    }
    const SENSOR = `{ flowSensor(id: ${id}) { method ${FIGURES} } }`;
    expect((await ask(SENSOR)).flowSensor).toEqual({ method: 'STEP', ...figures(2) });
    const total = `flowVolume(start: "2026-01-01", end: "2026-01-01T02:00Z") { volume }
      linear: flowVolume(start: "2026-01-01", end: "2026-01-01T02:00Z", method: LINEAR) { volume }`;
    for (const page of ['', `nodes { ${FIGURES} }`]) {
      const list = `{ flowSensors(filter: { ids: [${id}, ${linear}] }) { ${total} ${page} } }`;
      expect((await ask(list)).flowSensors).toMatchObject({
        flowVolume: { volume: 3 },
        linear: { volume: 2 },
      });
    }
    await ask(UPDATE, { id, input: { method: null, effectiveFrom: '0001-01-01' } });
    expect((await ask(SENSOR)).flowSensor).toEqual({ method: 'LINEAR', ...figures(1) });
  });
});

describe('deleteFlowSensor', () => {
  const DELETE = `mutation ($id: ID!) { deleteFlowSensor(id: $id) }`;

  test('a sensor that never had a ping is deleted, one that has is a CONFLICT, another account’s is NOT_FOUND', async () => {
    const { id } = await newSensor();
    expect((await send(DELETE, { id }, world.theirs.admin)).errors[0]!.extensions).toEqual({
      code: 'NOT_FOUND',
    });
    expect(await ask(DELETE, { id })).toEqual({ deleteFlowSensor: id });
    expect((await ask(`{ flowSensor(id: ${id}) { id } }`)).flowSensor).toBeNull();
    const { rows } = await world.test.database.pool.query(
      'SELECT 1 FROM ping_summary WHERE sensor_id = $1',
      [id],
    );
    expect(rows).toEqual([]);
    const { id: used } = await newSensor();
    await ask(RECORD, { input: { pings: [ping(used, 0, 1)] } });
    expect((await send(DELETE, { id: used })).errors[0]!.extensions).toMatchObject({
      code: 'CONFLICT',
    });
  });
});
