import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../../helpers/server.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (hour: number) => new Date(START + hour * HOUR).toISOString().replace('.000', '');
const RETIRED = at(2);

let world: World;
beforeAll(async () => {
  world = await createServerWorld();
});
afterAll(() => world.close());

const send = (query: string, variables: object = {}, key = world.ours.admin): Promise<any> =>
  sendGraphQL(world, key, query, variables);

async function ask(query: string, variables: object = {}, key = world.ours.admin): Promise<any> {
  const { data, errors } = await send(query, variables, key);
  expect(errors).toBeUndefined();
  return data;
}

async function newSensor(name: string, hours: readonly number[] = [], key = world.ours.admin) {
  const CREATE =
    'mutation ($name: String!) { createFlowSensor(input: { name: $name }) { id retiredAt } }';
  const { id, retiredAt } = (await ask(CREATE, { name }, key)).createFlowSensor;
  expect(retiredAt).toBeNull();
  if (hours.length > 0) await post(id, hours, key);
  return id as string;
}

const post = (id: string, hours: readonly number[], key = world.ours.admin, flowrate = 24) =>
  call(world.server.url, `/api/v1/flow_sensors/${id}/pings/`, {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify(hours.map((hour) => ({ flowrate, datetime: at(hour) }))),
  });

const RETIRE = `mutation ($id: ID!, $at: DateTime, $reason: String) {
  retireFlowSensor(id: $id, at: $at, reason: $reason) { id retiredAt } }`;
const retire = (id: string, when: string | null = RETIRED) => ask(RETIRE, { id, at: when });
const names = async (filter: string) =>
  (
    await ask(`{ flowSensors(filter: ${filter}) { totalCount nodes { name } } }`)
  ).flowSensors.nodes.map(({ name }: { name: string }) => name);
const get = async (path: string, key = world.ours.reader) =>
  call(world.server.url, `/api/v1${path}`, { headers: token(key) });

test('a retired sensor is in no list unless asked for, and answers by its id as before', async () => {
  const [kept, retired] = [
    await newSensor('list kept', [0, 1]),
    await newSensor('list old', [0, 1]),
  ];
  expect(await retire(retired)).toEqual({
    retireFlowSensor: { id: retired, retiredAt: RETIRED },
  });
  expect(await names('{ search: "list " }')).toEqual(['list kept']);
  expect(await names('{ search: "list ", retired: null }')).toEqual(['list kept']);
  expect(await names('{ search: "list ", retired: INCLUDE }')).toEqual(['list kept', 'list old']);
  expect(await names('{ search: "list ", retired: ONLY }')).toEqual(['list old']);
  const counts = await ask(`{
    in: flowSensors(filter: { search: "list " }) { totalCount }
    all: flowSensors(filter: { search: "list ", retired: INCLUDE }) { totalCount }
    out: flowSensors(filter: { search: "list ", retired: ONLY }) { totalCount } }`);
  expect(counts).toEqual({
    in: { totalCount: 1 },
    all: { totalCount: 2 },
    out: { totalCount: 1 },
  });
  const listed = (await get('/flow_sensors/')).body;
  const ids = listed.results.map(({ id }: { id: number }) => String(id));
  expect(ids).toContain(kept);
  expect(ids).not.toContain(retired);
  expect(listed.count).toBe(listed.results.length);

  expect((await get(`/flow_sensors/${retired}/`)).body).toMatchObject({ name: 'list old' });
  expect((await get(`/flow_sensors/${retired}/pings/`)).body.count).toBe(2);
  expect(
    (await get(`/flow_sensors/${retired}/flow_volume/${at(0)}/${at(1)}/`)).body.flow_volume,
  ).toBe(1);
  const { flowSensor } = await ask(
    `{ flowSensor(id: ${retired}) { retiredAt lastPing { flowrate } pings { totalCount } } }`,
  );
  expect(flowSensor).toEqual({
    retiredAt: RETIRED,
    lastPing: { flowrate: 24 },
    pings: { totalCount: 2 },
  });
});

test('pings after the retirement are refused by every way in, and those before are stored', async () => {
  const id = await newSensor('late', [0, 1]);
  await retire(id);
  const message = `Must not be after the retirement of flow sensor ${id}, 2026-01-01T02:00:00.000Z; got 2026-01-01T03:00:00.000Z.`;
  const rest = await post(id, [0.5, 3]);
  expect(rest).toMatchObject({ status: 400, body: { 1: { datetime: [message] } } });
  const RECORD = `mutation ($id: ID!, $at: DateTime!) {
    recordPings(input: { pings: [{ sensorId: $id, flowrate: 1, datetime: $at }] }) { recorded } }`;
  expect((await send(RECORD, { id, at: at(3) })).errors[0]).toMatchObject({
    message: expect.stringContaining(message),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  const load = async (hour: number) => {
    const { accounts, imports } = world.server.services;
    const operator = await accounts.operatorIn({ name: 'ours' });
    const csv = Readable.from([
      `sensor_id,datetime,flowrate\n${id},${at(0.75)},1\n${id},${at(hour)},1\n`,
    ]) as AsyncIterable<string>;
    return imports.run(operator, csv, {
      ...{ unit: 'bbl/d', onConflict: 'OVERWRITE', createSensors: false },
      ...{ dryRun: false, comment: 'test' },
    });
  };
  await expect(load(3)).rejects.toMatchObject({
    errors: [{ line: 3, column: 'datetime', message }],
  });
  expect((await get(`/flow_sensors/${id}/pings/`)).body.count).toBe(2);
  expect(await load(2)).toMatchObject({ inserted: 2 });
  expect(await post(id, [0.5])).toMatchObject({ status: 201 });
});

test('pings that arrive while their sensor is retired are stored before it or refused', async () => {
  for (let round = 0; round < 20; round++) {
    const id = await newSensor('race', [0]);
    const [retired, recorded] = await Promise.all([
      send(RETIRE, { id, at: RETIRED }),
      post(id, [3]),
    ]);
    const { flowSensor } = await ask(
      `{ flowSensor(id: ${id}) { retiredAt pings { totalCount } } }`,
    );
    expect(flowSensor).toEqual(
      retired.errors
        ? { retiredAt: null, pings: { totalCount: 2 } }
        : { retiredAt: RETIRED, pings: { totalCount: 1 } },
    );
    expect(recorded.status).toBe(retired.errors ? 201 : 400);
  }
});

test('a sensor cannot be retired in the future or before its last ping', async () => {
  const id = await newSensor('bounds', [0, 4]);
  const refused = async (when: string) => (await send(RETIRE, { id, at: when })).errors[0];
  expect(await refused(at(2))).toMatchObject({
    message:
      "Must not be before the sensor's last ping, 2026-01-01T04:00:00.000Z; got 2026-01-01T02:00:00.000Z.",
    extensions: { code: 'BAD_USER_INPUT', field: 'at' },
  });
  expect(await refused('2999-01-01T00:00:00Z')).toMatchObject({
    message: 'Must not be in the future; got 2999-01-01T00:00:00.000Z.',
    extensions: { code: 'BAD_USER_INPUT', field: 'at' },
  });
  expect((await send(RETIRE, { id, at: at(4), reason: ' ' })).errors[0].extensions).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'reason',
  });
  expect((await retire(id, at(4))).retireFlowSensor.retiredAt).toBe(at(4));
});

test('a restored sensor is listed and takes pings again, and the log shows both changes', async () => {
  const id = await newSensor('restored', [0]);
  await ask(RETIRE, { id, at: RETIRED, reason: 'replaced' });
  const RESTORE = `mutation ($id: ID!) { restoreFlowSensor(id: $id, reason: "by mistake") { retiredAt } }`;
  expect(await ask(RESTORE, { id })).toEqual({ restoreFlowSensor: { retiredAt: null } });
  expect(await ask(RESTORE, { id })).toEqual({ restoreFlowSensor: { retiredAt: null } });
  expect(await names('{ search: "restored" }')).toEqual(['restored']);
  expect(await post(id, [3])).toMatchObject({ status: 201 });
  const { flowSensor } = await ask(`{ flowSensor(id: ${id}) { configurationLog { totalCount nodes {
    parameter oldValue newValue changedBy reason } } } }`);
  const change = { parameter: 'RETIRED_AT', changedBy: 'token:ours ADMIN' };
  const instant = '2026-01-01T02:00:00.000Z';
  expect(flowSensor.configurationLog).toEqual({
    totalCount: 2,
    nodes: [
      { ...change, oldValue: instant, newValue: null, reason: 'by mistake' },
      { ...change, oldValue: null, newValue: instant, reason: 'replaced' },
    ],
  });
});

describe('Totals', () => {
  const TOTAL = `query ($filter: FlowSensorFilter, $start: DateTime!, $end: DateTime!) {
    flowSensors(filter: $filter) { nodes { id flowVolume(start: $start, end: $end) { volume } }
      flowVolume(start: $start, end: $end) {
        volume coverage durationGood durationInterpolated durationMissing } } }`;
  const total = async (ids: readonly string[], from: number, to: number, retired = 'EXCLUDE') =>
    (await ask(TOTAL, { filter: { ids, retired }, start: at(from), end: at(to) })).flowSensors
      .flowVolume;
  let ids: string[];
  beforeAll(async () => {
    const [kept, old] = [
      await newSensor('kept', [0, 1, 2, 3, 4]),
      await newSensor('old', [0, 1, 2]),
    ];
    ids = [kept, old];
    await retire(old, at(2));
  });

  test('a retired sensor lowers no mean after its retirement', async () => {
    expect(await total(ids, 2, 4)).toEqual({
      volume: 2,
      coverage: 1,
      durationGood: 2 * 3600,
      durationInterpolated: 0,
      durationMissing: 0,
    });
  });

  test('what a sensor measured before it retired counts in every total, whole and in parts', async () => {
    expect(await total(ids, 0, 2)).toMatchObject({ volume: 4, coverage: 1 });
    expect(await total(ids, 0, 4)).toEqual({
      volume: 6,
      coverage: 1,
      durationGood: 6 * 3600,
      durationInterpolated: 0,
      durationMissing: 0,
    });
    expect(await total(ids, 0, 4, 'INCLUDE')).toMatchObject({ volume: 6, coverage: 1 });
    expect(await total(ids, 0, 4, 'ONLY')).toMatchObject({ volume: 2, coverage: 1 });
    expect(await total(ids, 3, 4, 'ONLY')).toMatchObject({ volume: 0, coverage: 0 });
  });

  test('the coverage of several sensors is the mean over the time in which they are in service', async () => {
    const silent = await newSensor('silent', [0, 1]);
    await retire(silent, at(2));
    expect((await total([ids[0]!, silent], 0, 4)).coverage).toBeCloseTo(5 / 6, 12);
  });
});

test('only an admin retires and restores, and only sensors of the own account', async () => {
  const id = await newSensor('guarded', [0]);
  for (const query of [RETIRE, 'mutation ($id: ID!) { restoreFlowSensor(id: $id) { id } }']) {
    const code = async (key: string) => (await send(query, { id }, key)).errors[0].extensions.code;
    expect(await code(world.ours.reader)).toBe('FORBIDDEN');
    expect(await code(world.ours.ingester)).toBe('FORBIDDEN');
    expect(await code(world.theirs.admin)).toBe('NOT_FOUND');
  }
});

test('the name of a replaced sensor means, in an import, the one in service', async () => {
  const old = await newSensor('FT-101', [0]);
  await retire(old, at(1));
  const { accounts, imports } = world.server.services;
  const operator = await accounts.operatorIn({ name: 'ours' });
  const load = (hour: number) =>
    imports.run(
      operator,
      Readable.from([
        `sensor_name,datetime,flowrate\nFT-101,${at(hour)},1\n`,
      ]) as AsyncIterable<string>,
      { unit: 'bbl/d', onConflict: 'REJECT', createSensors: false, dryRun: false, comment: 'test' },
    );
  expect(await load(0.5)).toMatchObject({ inserted: 1 });
  const id = await newSensor('FT-101');
  expect(await load(5)).toMatchObject({ inserted: 1 });
  expect((await get(`/flow_sensors/${old}/pings/`)).body.count).toBe(2);
  expect((await get(`/flow_sensors/${id}/pings/`)).body.count).toBe(1);
});
