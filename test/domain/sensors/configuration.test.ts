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
const EVER_SINCE = '0001-01-01T00:00:00Z';

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

/** A sensor with pings at these hours. */
async function newSensor(pings: readonly (readonly [hour: number, flowrate: number])[] = []) {
  const CREATE = 'mutation { createFlowSensor(input: { name: "S", latitude: 1 }) { id } }';
  const { id } = (await ask(CREATE)).createFlowSensor;
  if (pings.length > 0) {
    const { status } = await call(world.server.url, `/api/v1/flow_sensors/${id}/pings/`, {
      method: 'POST',
      headers: { ...token(world.ours.admin), ...JSON_BODY },
      body: JSON.stringify(pings.map(([hour, flowrate]) => ({ flowrate, datetime: at(hour) }))),
    });
    expect(status).toBe(201);
  }
  return id as string;
}

const UPDATE = `mutation ($id: ID!, $input: UpdateFlowSensorInput!) {
  updateFlowSensor(id: $id, input: $input) { id } }`;
const update = (id: string, input: object) => ask(UPDATE, { id, input });
const LOG = `query ($id: ID!, $first: Int, $after: String, $last: Int) { flowSensor(id: $id) {
  configurationLog(first: $first, after: $after, last: $last) { totalCount pageInfo { hasNextPage endCursor }
    nodes { parameter oldValue newValue changedBy reason effectiveFrom recordedAt } } } }`;
const logOf = async (id: string, page: object = {}) =>
  (await ask(LOG, { id, ...page })).flowSensor.configurationLog;
const CONFIGURATION = `query ($id: ID!, $at: DateTime!) { flowSensor(id: $id) { configuration(at: $at) {
  name latitude longitude pipeDiameter activatedAt maxGap method meterFactor retiredAt } } }`;
const configurationOf = async (id: string, hour: number) =>
  (await ask(CONFIGURATION, { id, at: at(hour) })).flowSensor.configuration;

describe('43 CFR 3175.142(c)(1): each change of a parameter is in the log', () => {
  test.each([
    ['name', 'NAME', 'FT-101', 'S'],
    ['latitude', 'LATITUDE', 31.25, '1'],
    ['longitude', 'LONGITUDE', -102.5, null],
    ['pipeDiameter', 'PIPE_DIAMETER', 12.75, null],
    ['activatedAt', 'ACTIVATED_AT', '2025-06-01T00:00:00.000Z', null],
    ['maxGap', 'MAX_GAP', 60, '3600'],
    ['method', 'METHOD', 'STEP', 'LINEAR'],
    ['meterFactor', 'METER_FACTOR', 0.9985, '1'],
    ['tags', 'TAGS', ['north'], null],
  ])(
    'a change of %s is logged with the old and the new value, who, when and why',
    async (field, parameter, value, old) => {
      const id = await newSensor([[0, 1]]);
      const began = Date.now();
      await update(id, { [field]: value, reason: 'calibration' });
      const { totalCount, nodes } = await logOf(id);
      expect(totalCount).toBe(1);
      expect(nodes).toEqual([
        {
          ...{ parameter, oldValue: old, newValue: String(value), reason: 'calibration' },
          changedBy: 'token:ours ADMIN',
          effectiveFrom: expect.any(String),
          recordedAt: expect.any(String),
        },
      ]);
      for (const instant of [nodes[0].effectiveFrom, nodes[0].recordedAt]) {
        expect(Date.parse(instant)).toBeGreaterThanOrEqual(began);
        expect(Date.parse(instant)).toBeLessThanOrEqual(Date.now());
      }
      await update(id, { [field]: value });
      expect((await logOf(id)).totalCount).toBe(1);
    },
  );
});

test('the settings in force at an instant follow from the log, also after later changes', async () => {
  const id = await newSensor([[0, 1]]);
  await update(id, { maxGap: 60, name: 'june', effectiveFrom: at(6) });
  expect(await configurationOf(id, 5)).toMatchObject({ maxGap: 3600, name: 'S', latitude: 1 });
  expect(await configurationOf(id, 6)).toMatchObject({
    maxGap: 60,
    name: 'june',
    method: 'LINEAR',
  });
  await update(id, { maxGap: 90, effectiveFrom: at(8) });
  await update(id, { maxGap: 30, effectiveFrom: at(4) });
  const gaps = await Promise.all([3, 4, 7, 9].map((hour) => configurationOf(id, hour)));
  expect(gaps.map(({ maxGap }) => maxGap)).toEqual([3600, 30, 30, 30]);
  const { nodes } = await logOf(id);
  expect(
    nodes
      .filter(({ parameter }: { parameter: string }) => parameter === 'MAX_GAP')
      .map(({ oldValue, newValue, effectiveFrom }: any) => [oldValue, newValue, effectiveFrom]),
  ).toEqual([
    ['3600', '30', at(4)],
    ['60', '90', at(8)],
    ['3600', '60', at(6)],
  ]);
});

test('the log is read page by page, in both directions', async () => {
  const id = await newSensor();
  for (const maxGap of [1, 2, 3]) await update(id, { maxGap });
  const values = ({ nodes }: any) => nodes.map(({ newValue }: any) => newValue);
  const first = await logOf(id, { first: 2 });
  expect(values(first)).toEqual(['3', '2']);
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  const second = await logOf(id, { first: 2, after: first.pageInfo.endCursor });
  expect(values(second)).toEqual(['1']);
  expect(values(await logOf(id, { last: 1 }))).toEqual(['1']);
});

test('a change of a sensor that has no pings yet is in force ever since', async () => {
  const id = await newSensor();
  await update(id, { maxGap: 60 });
  expect((await logOf(id)).nodes).toEqual([
    expect.objectContaining({ effectiveFrom: EVER_SINCE, oldValue: '3600', newValue: '60' }),
  ]);
  expect(await configurationOf(id, -1000)).toMatchObject({ maxGap: 60 });
});

test('published coverage stays when maxGap changes, unless the change says from when on', async () => {
  const id = await newSensor([
    [0, 24],
    [2, 24],
    [4, 24],
  ]);
  const figures = async () =>
    (
      await ask(`{ flowSensor(id: ${id}) { outages(start: "${at(0)}", end: "${at(4)}") { start }
        flowVolume(start: "${at(0)}", end: "${at(4)}") { coverage volumeMeasured } } }`)
    ).flowSensor;
  const published = await figures();
  expect(published.flowVolume).toEqual({ coverage: 0, volumeMeasured: 0 });
  await update(id, { maxGap: 7200 });
  expect(await figures()).toEqual(published);
  // In the middle of the first segment: that one keeps the max gap in force at its start.
  await update(id, { maxGap: 7200, effectiveFrom: at(1) });
  expect(await figures()).toEqual({
    flowVolume: { coverage: 0.5, volumeMeasured: 2 },
    outages: [{ start: at(0) }],
  });
  await update(id, { maxGap: 7200, effectiveFrom: EVER_SINCE });
  expect(await figures()).toEqual({
    flowVolume: { coverage: 1, volumeMeasured: 4 },
    outages: [],
  });
});

test('a sensor is silent by the max gap in force at its last ping', async () => {
  const id = await newSensor([[0, 1]]);
  const silentSince = async () =>
    (await ask(`{ flowSensor(id: ${id}) { silentSince } }`)).flowSensor.silentSince;
  await update(id, { maxGap: 2_000_000_000 });
  expect(await silentSince()).toBe(at(0));
  await update(id, { maxGap: 2_000_000_000, effectiveFrom: at(0) });
  expect(await silentSince()).toBeNull();
});

test('published volumes stay when the method changes; from then on flowrate runs by the new one', async () => {
  const id = await newSensor([
    [0, 48],
    [2, 0],
    [4, 48],
    [6, 0],
  ]);
  const rest = async (path: string) =>
    (
      await call(world.server.url, `/api/v1/flow_sensors/${id}/${path}/${at(0)}/${at(6)}/`, {
        headers: token(world.ours.reader),
      })
    ).body;
  const figures = async () => {
    const range = `start: "${at(0)}", end: "${at(6)}"`;
    const { flowSensor, flowSensors } = await ask(`{
      flowSensor(id: ${id}) { flowVolume(${range}) { volume averageFlowrate pingCount coverage }
        linear: flowVolume(${range}, method: LINEAR) { volume }
        flowVolumes(${range}, interval: DAY, dayStart: "03:00") { volume } }
      flowSensors(filter: { ids: [${id}] }) { flowVolume(${range}) { volume } } }`);
    const hours = (await rest('flow_volume_hours')).results;
    const rounded = (value: number) => Number(value.toFixed(9));
    return {
      ...flowSensor.flowVolume,
      volume: rounded(flowSensor.flowVolume.volume),
      averageFlowrate: rounded(flowSensor.flowVolume.averageFlowrate),
      linear: rounded(flowSensor.linear.volume),
      days: flowSensor.flowVolumes.map(({ volume }: any) => rounded(volume)),
      total: rounded(flowSensors.flowVolume.volume),
      rest: (await rest('flow_volume')).flow_volume,
      hours: hours.map(({ flow_volume }: any) => flow_volume).reverse(),
    };
  };
  const published = {
    ...{ volume: 6, averageFlowrate: 24, pingCount: 3, coverage: 0, linear: 6 },
    ...{ days: [2.5, 3.5], total: 6, rest: 6, hours: [1.5, 0.5, 0.5, 1.5, 1.5, 0.5] },
  };
  expect(await figures()).toEqual(published);
  await update(id, { method: 'STEP' });
  expect(await figures()).toEqual(published);
  await update(id, { method: 'STEP', effectiveFrom: at(3.5) });
  expect(await figures()).toEqual({
    ...published,
    ...{ volume: 7.125, averageFlowrate: 28.5, days: [2.5, 4.625], total: 7.125, rest: 7.125 },
    hours: [1.5, 0.5, 0.5, 0.625, 2, 2],
  });
});

test('a change may not be in force in the future, and only an admin of the account changes', async () => {
  const id = await newSensor();
  const refused = async (input: object, key?: string) =>
    (await send(UPDATE, { id, input }, key)).errors[0];
  expect(await refused({ maxGap: 1, effectiveFrom: '2999-01-01T00:00:00Z' })).toMatchObject({
    message: 'Must not be in the future; got 2999-01-01T00:00:00.000Z.',
    extensions: { code: 'BAD_USER_INPUT', field: 'effectiveFrom' },
  });
  expect((await refused({ maxGap: 1 }, world.ours.reader)).extensions.code).toBe('FORBIDDEN');
  expect((await refused({ maxGap: 1 }, world.theirs.admin)).extensions.code).toBe('NOT_FOUND');
  expect((await logOf(id)).totalCount).toBe(0);
});
