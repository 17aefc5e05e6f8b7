import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../../helpers/server.js';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (minute: number) => new Date(START + minute * MINUTE).toISOString().replace('.000', '');
type Pair = readonly [minute: number, flowrate: number];

let world: World;
beforeAll(async () => {
  world = await createServerWorld();
});
afterAll(() => world.close());

const send = (query: string, variables: object = {}, key = world.ours.admin): Promise<any> =>
  sendGraphQL(world, key, query, variables);

async function ask(query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await send(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

async function newSensor(name: string, pings: readonly Pair[]): Promise<string> {
  const CREATE = `mutation ($name: String!) {
    createFlowSensor(input: { name: $name, maxGap: 900 }) { id } }`;
  const { id } = (await ask(CREATE, { name })).createFlowSensor;
  const { status } = await call(world.server.url, `/api/v1/flow_sensors/${id}/pings/`, {
    method: 'POST',
    headers: { ...token(world.ours.admin), ...JSON_BODY },
    body: JSON.stringify(pings.map(([minute, flowrate]) => ({ flowrate, datetime: at(minute) }))),
  });
  expect(status).toBe(201);
  return id as string;
}

const CONTINUE = `mutation ($id: ID!, $of: ID, $from: DateTime) {
  updateFlowSensor(id: $id, input: { continuesSensor: $of, continuesFrom: $from, reason: "meter replaced" }) {
    continuesFrom continuesSensor { id }
    configurationLog(first: 2) { nodes { parameter newValue reason } } } }`;
const link = async (id: string, of: string | null, from?: string) =>
  send(CONTINUE, { id, of, ...(from && { from }) });
const messageOf = async (answer: Promise<any>) => {
  const [{ message, extensions }] = (await answer).errors;
  return `${extensions.field}: ${message}`;
};

const FIGURES = `volume volumeMeasured volumeInterpolated coverage durationGood durationInterpolated
  durationMissing pingCount minFlowrate maxFlowrate averageFlowrate`;
const VOLUMES = `
  flowVolume(start: $start, end: $end, method: $method, asOf: $asOf) { ${FIGURES} }
  flowVolumes(start: $start, end: $end, interval: HOUR, method: $method, asOf: $asOf) { start end ${FIGURES} }
  pings(first: 100, start: $start, end: $end, order: $order, asOf: $asOf) {
    totalCount nodes { datetime flowrate sensor { name } } }`;
const READ = `query ($id: ID!, $start: DateTime!, $end: DateTime!, $method: VolumeMethod, $order: PingOrder, $asOf: DateTime) {
  flowSensor(id: $id) { own: id history { parts { sensor { id } start end } ${VOLUMES} } ${VOLUMES} } }`;

interface Options {
  readonly method?: 'LINEAR' | 'STEP';
  readonly order?: string;
  readonly asOf?: string;
}

async function read(id: string, from: number, to: number, options: Options = {}): Promise<any> {
  const range = { id, start: at(from), end: at(to) };
  return (
    await ask(READ, { method: null, asOf: null, order: 'OLDEST_FIRST', ...range, ...options })
  ).flowSensor;
}

const OLD: Pair[] = [
  [0, 100],
  [10, 140],
  [20, 90],
  [30, 200],
  [90, 60],
  [100, 80],
];
// The first two are of a trial run beside the old meter, which goes on for a while after the change.
const NEW: Pair[] = [
  [80, 1],
  [95, 2],
  [105, 300],
  [110, 340],
  [150, 20],
];

test('the history of a replaced meter is that of one meter with the pings of both, each once', async () => {
  const old = await newSensor('old', [...OLD, [112, 999]]);
  const next = await newSensor('new', NEW);
  const one = await newSensor('one', [...OLD, ...NEW.slice(2)]);
  const { data } = await link(next, old, at(102));
  expect(data.updateFlowSensor).toEqual({
    continuesFrom: at(102),
    continuesSensor: { id: old },
    configurationLog: {
      nodes: [
        {
          parameter: 'CONTINUES_FROM',
          newValue: '2026-01-01T01:42:00.000Z',
          reason: 'meter replaced',
        },
        { parameter: 'CONTINUES_SENSOR', newValue: old, reason: 'meter replaced' },
      ],
    },
  });
  const bare = ({ flowVolume, flowVolumes, pings }: any) => ({ flowVolume, flowVolumes, pings });
  const nameless = ({ pings, ...figures }: any) => ({
    ...figures,
    totalCount: pings.totalCount,
    pings: pings.nodes.map(({ datetime, flowrate }: any) => [datetime, flowrate]),
  });
  const close = (value: any): any =>
    typeof value === 'number'
      ? expect.closeTo(value, 9)
      : Array.isArray(value)
        ? value.map(close)
        : value && typeof value === 'object'
          ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, close(each)]))
          : value;
  for (const [from, to] of [
    [-60, 240],
    [15, 102],
    [100, 105],
    [101, 104],
    [103, 130],
    [110, 200],
    [60, 60],
  ] as const) {
    for (const options of [
      {},
      { method: 'STEP', order: 'NEWEST_FIRST' },
      { asOf: new Date().toISOString() },
    ] as Options[]) {
      const expected = nameless(bare(await read(one, from, to, options)));
      const { history } = await read(next, from, to, options);
      expect(nameless(bare(history))).toEqual(close(expected));
    }
  }
  const { history, flowVolume, pings } = await read(next, 0, 240);
  expect(history.parts).toEqual([
    { sensor: { id: old }, start: null, end: at(102) },
    { sensor: { id: next }, start: at(102), end: null },
  ]);
  expect(history.pings.nodes.map((ping: any) => ping.sensor.name)).toEqual([
    ...OLD.map(() => 'old'),
    ...NEW.slice(2).map(() => 'new'),
  ]);
  // The figures of each device alone stay what they are.
  expect([pings.totalCount, flowVolume.pingCount]).toEqual([5, 5]);
  expect((await read(old, 0, 240)).history.pings.totalCount).toBe(7);

  const PAGES = `query ($id: ID!, $after: String) { flowSensor(id: $id) { history {
    pings(first: 4, after: $after) { nodes { flowrate } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`;
  const flowrates: number[] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: any = (await ask(PAGES, { id: next, after })).flowSensor.history
      .pings;
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    flowrates.push(...nodes.map(({ flowrate }: any) => flowrate));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(flowrates).toEqual([...OLD, ...NEW.slice(2)].map(([, flowrate]) => flowrate).reverse());
});

test('nothing is made up between two meters that are further apart than the max gap, and no mean is lowered', async () => {
  const first = await newSensor('gap 1', [
    [0, 1440],
    [10, 1440],
  ]);
  const second = await newSensor('gap 2', []);
  const third = await newSensor('gap 3', [
    [40, 2880],
    [50, 2880],
  ]);
  const RETIRE = `mutation ($id: ID!, $at: DateTime) { retireFlowSensor(id: $id, at: $at) { id } }`;
  await ask(RETIRE, { id: first, at: at(30) });
  expect((await link(second, first)).data.updateFlowSensor.continuesFrom).toBe(at(30));
  // The second one never sent anything.
  expect((await link(third, second, at(35))).data.updateFlowSensor.continuesFrom).toBe(at(35));
  const { history } = await read(third, 0, 60);
  expect(history.flowVolume).toMatchObject({
    ...{ volume: 10 + 20, volumeMeasured: 30, volumeInterpolated: 0, pingCount: 4 },
    ...{ durationGood: 1200, durationInterpolated: 0, durationMissing: 2400 },
    ...{ minFlowrate: 1440, maxFlowrate: 2880, averageFlowrate: 2160 },
  });
  expect(history.flowVolume.coverage).toBeCloseTo(1 / 3, 12);
  const TOTAL = `query ($start: DateTime!, $end: DateTime!, $ids: [ID!]) {
    flowSensors(filter: { ids: $ids, retired: INCLUDE }) { flowVolume(start: $start, end: $end) { volume coverage } } }`;
  const range = { start: at(0), end: at(50), ids: [first, third] };
  // 20 minutes measured, of the 30 of the first one's service and the 15 of the third one's.
  expect((await ask(TOTAL, range)).flowSensors.flowVolume).toEqual({
    volume: 30,
    coverage: expect.closeTo(20 / 45, 12),
  });
  expect(
    await messageOf(send('mutation ($id: ID!) { deleteFlowSensor(id: $id) }', { id: second })),
  ).toMatch(new RegExp(`Flow sensor ${third} continues flow sensor ${second}`));
});

test('a link names one earlier sensor of the account, ends before it begins again, and can be undone', async () => {
  const [a, b, c] = [
    await newSensor('a', [[0, 1]]),
    await newSensor('b', [[60, 1]]),
    await newSensor('c', [[120, 1]]),
  ];
  // Without an instant: right after the last ping.
  expect((await link(b, a)).data.updateFlowSensor.continuesFrom).toBe('2026-01-01T00:00:00.001Z');
  expect(await messageOf(link(c, a))).toBe(
    `continuesSensor: Flow sensor ${b} continues flow sensor ${a} already.`,
  );
  expect(await messageOf(link(a, a))).toBe(
    'continuesSensor: A flow sensor cannot continue itself.',
  );
  expect(await messageOf(link(a, b))).toBe(
    `continuesSensor: Flow sensor ${b} continues flow sensor ${a} already.`,
  );
  expect((await link(c, b)).data.updateFlowSensor.continuesSensor.id).toBe(b);
  expect(await messageOf(link(a, c))).toMatch(/^continuesSensor: /);
  expect(await messageOf(link(c, b, at(0)))).toMatch(
    /^continuesFrom: Must be after 2026-01-01T00:00:00.001Z, /,
  );
  expect(await messageOf(link(b, a, at(100)))).toMatch(/^continuesFrom: Must be before /);
  expect(await messageOf(link(b, a, '2999-01-01T00:00:00Z'))).toMatch(
    /^continuesFrom: Must not be in the future/,
  );
  expect(await messageOf(link(b, null, at(1)))).toBe(
    'continuesFrom: Must not be given without continuesSensor.',
  );
  const mine = await newSensor('mine', []);
  const theirs = await sendGraphQL(world, world.theirs.admin, CONTINUE, { id: mine, of: a });
  expect(theirs.errors[0].extensions.code).toBe('NOT_FOUND');
  expect(await messageOf(link(mine, '999999'))).toBe(
    'continuesSensor: The account has no flow sensor with the id 999999.',
  );
  const silent = await newSensor('silent', []);
  expect(await messageOf(link(mine, silent))).toMatch(/^continuesFrom: Must be given, /);

  expect((await link(c, null)).data.updateFlowSensor).toMatchObject({
    continuesFrom: null,
    continuesSensor: null,
  });
  expect((await read(c, 0, 240)).history.parts).toEqual([
    { sensor: { id: c }, start: null, end: null },
  ]);
  const [one, other] = await Promise.all([link(c, b), link(a, c)]);
  expect([one, other].filter(({ errors }) => errors)).toHaveLength(1);
});

test('between the meters flowrate runs from the old one’s with its factor to the new one’s with its own', async () => {
  const old = await newSensor('old', [
    [0, 2400],
    [10, 2400],
  ]);
  const next = await newSensor('new', [
    [20, 1200],
    [30, 1200],
  ]);
  const SET = `mutation ($id: ID!, $factor: Float) {
    updateFlowSensor(id: $id, input: { meterFactor: $factor, effectiveFrom: "${at(0)}" }) { id } }`;
  await ask(SET, { id: old, factor: 0.5 });
  await ask(SET, { id: next, factor: 2 });
  await link(next, old, at(15));
  const { history } = await read(next, 0, 30);
  // 1200 bbl/d before, 1200 to 2400 bbl/d between, 2400 bbl/d after.
  expect(history.flowVolume.volume).toBeCloseTo((1200 + 1800 + 2400) / 144, 9);
});
