import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 0, 1, hour, minute)).toISOString();
const ask = (query: string, variables: object = {}) =>
  world.instance.ask(world.ours.admin, query, variables);
const SUBSTITUTE = `mutation ($id: ID!, $start: DateTime!, $end: DateTime!, $method: SubstitutionMethod!, $value: Float) {
  substitutePings(sensorId: $id, start: $start, end: $end, method: $method, value: $value, reasonCode: METER_ERROR,
    comment: "stuck") { id replaced substitutes calculation madeBy value method } }`;
const REVERSE = `mutation ($id: ID!, $of: ID!) { reverseSubstitution(sensorId: $id, id: $of, reasonCode: OTHER) {
  reversedBy reversalReasonCode } }`;
const FIGURES = `query ($id: ID!, $asOf: DateTime) { flowSensor(id: $id) {
  flowVolume(start: "${at(0)}", end: "${at(8)}", asOf: $asOf) { volume volumeSubstituted pingCount }
  pings(order: OLDEST_FIRST, asOf: $asOf) { nodes { datetime flowrate quality } } } }`;

/** A reading of 2400 bbl/d at each hour, except that those of 3 to 5 are wrong, and one of them bad. */
async function newSensor(): Promise<string> {
  const { sensors, pings } = world.instance.services;
  const { id } = await sensors.create(world.ours.principal, { name: 'Stuck', maxGap: 3600 });
  const readings = Array.from({ length: 9 }, (_, hour) => ({
    sensorId: id,
    flowrate: hour >= 3 && hour <= 5 ? 9_999 : 2400,
    datetime: new Date(at(hour)),
    quality: hour === 4 ? ('BAD' as const) : undefined,
  }));
  await pings.record(world.ours.principal, readings, { onConflict: 'REJECT' });
  return String(id);
}

const figures = async (id: string, asOf?: string) => (await ask(FIGURES, { id, asOf })).flowSensor;

type Figures = Awaited<ReturnType<typeof figures>>;

/** Sums may differ in their last digits, by the order of their terms. */
function expectSame(found: Figures, expected: Figures): void {
  for (const figure of ['volume', 'volumeSubstituted']) {
    expect(found.flowVolume[figure]).toBeCloseTo(expected.flowVolume[figure], 9);
  }
  expect(found.flowVolume.pingCount).toBe(expected.flowVolume.pingCount);
  expect(found.pings).toEqual(expected.pings);
}

/** Later than all that was recorded before, and past. */
async function instantAfter(): Promise<string> {
  const now = Date.now();
  while (Date.now() <= now + 2) await new Promise((resolve) => setImmediate(resolve));
  return new Date(now + 1).toISOString();
}

test.each([
  ['LINEAR_INTERPOLATION', undefined, 800, 400, 'ESTIMATED', { from: { flowrate: 2400 } }],
  ['AVERAGE', undefined, 800, 400, 'ESTIMATED', { averageOf: { start: at(-1), end: at(2) } }],
  ['REPLACE', 1200, 625, 225, 'SUBSTITUTED', { flowrate: 1200 }],
  ['EQUAL_SPREAD', 150, 625, 225, 'SUBSTITUTED', { volume: 150, days: 0.125 }],
])(
  'readings are replaced by %s, marked, and the figures of before come back when it is reversed',
  async (method, value, volume, substituted, mark, calculation) => {
    const id = await newSensor();
    const before = await figures(id);
    expect(before.flowVolume).toMatchObject({ volumeSubstituted: 0, pingCount: 7 });
    const wasBefore = await instantAfter();
    const input = { id, start: at(3), end: at(6), method, value };
    const { substitutePings: made } = await ask(SUBSTITUTE, input);
    expect(made).toMatchObject({ replaced: 3, method, value: value ?? null });
    expect(JSON.parse(made.calculation)).toMatchObject(calculation);
    const during = await figures(id);
    expect(during.flowVolume.volume).toBeCloseTo(volume, 4);
    expect(during.flowVolume.volumeSubstituted).toBeCloseTo(substituted, 4);
    const wasDuring = await instantAfter();

    const { flowSensor } = await ask(
      `query ($id: ID!) { flowSensor(id: $id) {
        pings(order: OLDEST_FIRST) { nodes { datetime method } }
        substitutions { id reasonCode comment reversedAt }
        pingRevisions { nodes { updateType reasonCode comment } } } }`,
      { id },
    );
    for (const { datetime, method: found } of flowSensor.pings.nodes) {
      const isWithin =
        Date.parse(datetime) >= Date.parse(at(3)) && Date.parse(datetime) < Date.parse(at(6));
      expect(found).toBe(isWithin ? mark : 'MEASURED');
    }
    const reason = { reasonCode: 'METER_ERROR', comment: 'stuck' };
    expect(flowSensor.substitutions).toMatchObject([{ ...reason, reversedAt: null }]);
    expect(flowSensor.pingRevisions.nodes).toHaveLength(3 + made.substitutes);
    expect(flowSensor.pingRevisions.nodes[0]).toMatchObject({ updateType: 'INSERT', ...reason });

    await ask(REVERSE, { id, of: made.id });
    expectSame(await figures(id), before);
    expectSame(await figures(id, wasDuring), during);
    expectSame(await figures(id, wasBefore), before);
    expect(await world.instance.services.rollups.check(Number(id))).toEqual([]);
    const again = await world.instance.query(world.ours.admin, REVERSE, { id, of: made.id });
    expect(again.errors[0]!.extensions.code).toBe('CONFLICT');
  },
);

test('the substituted volume is additive, by both methods, and a corrected substitute is no longer one', async () => {
  const id = await newSensor();
  const input = { id, start: at(2, 30), end: at(6, 30), method: 'REPLACE', value: 1200 };
  const { substitutePings: made } = await ask(SUBSTITUTE, input);
  const edges = [at(0), at(2, 10), at(3, 1), at(4), at(5, 59), at(6, 40), at(8)];
  const volumeOf = async (start: string, end: string, method: string) =>
    (
      await ask(`{ flowSensor(id: ${id}) { flowVolume(start: "${start}", end: "${end}", method: ${method}) {
        volumeSubstituted } } }`)
    ).flowSensor.flowVolume.volumeSubstituted as number;
  for (const [method, expected] of [
    ['LINEAR', 1200 / 6 + 1800 / 24],
    ['STEP', 1200 / 6 + 1200 / 48],
  ] as const) {
    const whole = await volumeOf(edges[0]!, edges.at(-1)!, method);
    expect(whole).toBeCloseTo(expected, 9);
    const parts = await Promise.all(
      edges.slice(1).map((end, index) => volumeOf(edges[index]!, end, method)),
    );
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(whole, 9);
  }
  const correction = { sensorId: id, flowrate: 2000, datetime: at(3, 30) };
  await ask(`mutation ($input: RecordPingsInput!) { recordPings(input: $input) { recorded } }`, {
    input: { pings: [correction], onConflict: 'OVERWRITE' },
  });
  expect(await volumeOf(edges[0]!, edges.at(-1)!, 'STEP')).toBeCloseTo(1200 / 8 + 1200 / 48, 9);
  // A reading that arrived or was corrected since then stays when the substitution is reversed.
  await ask(REVERSE, { id, of: made.id });
  const { pings } = await figures(id);
  expect(pings.nodes.map(({ flowrate }: { flowrate: number }) => flowrate)).toEqual([
    2400, 2400, 2400, 9999, 2000, 9999, 9999, 2400, 2400, 2400,
  ]);
});

test('what cannot be substituted is refused, and so are viewers, and other accounts see nothing', async () => {
  const id = await newSensor();
  const range = { id, start: at(3), end: at(6) };
  const refused = async (
    credential: typeof world.ours.admin,
    variables: object,
    query = SUBSTITUTE,
  ) => {
    const { errors } = await world.instance.query(credential, query, variables);
    return [errors[0]!.extensions.code, errors[0]!.extensions.field];
  };
  const { admin, reader } = world.ours;
  const replace = { ...range, method: 'REPLACE' };
  expect(await refused(admin, replace)).toEqual(['BAD_USER_INPUT', 'value']);
  expect(await refused(admin, { ...replace, value: 1e16 })).toEqual(['BAD_USER_INPUT', 'value']);
  const given = { ...range, method: 'AVERAGE', value: 1 };
  expect(await refused(admin, given)).toEqual(['BAD_USER_INPUT', 'value']);
  const early = { id, start: '2025-01-01', end: '2025-01-02' };
  expect(await refused(admin, { ...early, method: 'AVERAGE' })).toEqual([
    'BAD_USER_INPUT',
    'start',
  ]);
  const linear = { ...early, method: 'LINEAR_INTERPOLATION' };
  expect(await refused(admin, linear)).toEqual(['BAD_USER_INPUT', 'start']);
  const backwards = { ...replace, end: at(3), value: 1 };
  expect(await refused(admin, backwards)).toEqual(['BAD_USER_INPUT', 'end']);
  const long = { ...replace, start: '2020-01-01', value: 1 };
  expect(await refused(admin, long)).toEqual(['BAD_USER_INPUT', 'end']);
  expect(await refused(reader, { ...replace, value: 1 })).toEqual(['FORBIDDEN', undefined]);
  const before = await figures(id);
  expect(await refused(world.theirs.admin, { ...replace, value: 1 })).toEqual([
    'NOT_FOUND',
    undefined,
  ]);
  const { substitutePings: made } = await ask(SUBSTITUTE, { ...replace, value: 1 });
  const reversal = { id, of: made.id };
  expect(await refused(world.theirs.admin, reversal, REVERSE)).toEqual(['NOT_FOUND', undefined]);
  expect(await refused(reader, reversal, REVERSE)).toEqual(['FORBIDDEN', undefined]);
  await ask(REVERSE, reversal);
  expectSame(await figures(id), before);
});
