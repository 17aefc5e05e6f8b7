import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { request } from 'node:http';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { ACTIVE_ACCOUNTS } from '../../../src/domain/shared/time-slices.js';
import { LargeOperations } from '../../../src/graphql/execution/large-operations.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

const HOUR_MS = 3_600_000;
const HOURS = 9990;
const START = Date.UTC(2024, 0, 1);
const RANGE = `start: "2024-01-01T00:00:00Z", end: "${new Date(START + HOURS * HOUR_MS).toISOString()}"`;

let world: GraphQLWorld;
let sensor: string;

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  const { id } = await sensors.create(world.ours.principal, { name: 'a' });
  sensor = String(id);
  const readings = Array.from({ length: 3000 }, (_, hour) => ({
    sensorId: id,
    datetime: new Date(START + hour * HOUR_MS),
    flowrate: hour,
  }));
  await pings.record(world.ours.principal, readings, { onConflict: 'REJECT' });
});
afterAll(() => world.close());

const hours = (fields: string) =>
  `{ flowSensor(id: ${sensor}) { flowVolumes(${RANGE}, interval: HOUR) { ${fields} } } }`;

test('a large result has every item in its place, with its length and its cost, each time', async () => {
  const expected = Array.from({ length: HOURS }, (_, hour) => ({
    start: new Date(START + hour * HOUR_MS).toISOString(),
    pingCount: hour < 3000 ? 1 : 0,
  }));
  // The second time it is executed as a compiled query.
  for (let time = 0; time < 3; time++) {
    const response = await world.instance.post(
      JSON.stringify({ query: hours('start pingCount') }),
      { authorization: `Token ${world.ours.reader}`, 'accept-encoding': 'identity' },
    );
    const text = await response.text();
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(text));
    const { data, extensions } = JSON.parse(text);
    const found = data.flowSensor.flowVolumes.map((volume: { start: string }) => ({
      ...volume,
      start: new Date(volume.start).toISOString(),
    }));
    expect(found).toEqual(expected);
    expect(extensions.cost).toBeGreaterThan(10_000);
  }
});

test('a large result with an error beside its data has both', async () => {
  const query = `{ a: flowSensor(id: ${sensor}) { flowVolumes(${RANGE}, interval: HOUR) { volume } }
    b: flowSensor(id: ${sensor}) { flowVolumes(${RANGE}, interval: DAY, timeZone: "CST") { volume } } }`;
  const { data, errors, extensions } = await world.instance.query(world.ours.reader, query);
  expect(data.a.flowVolumes).toHaveLength(HOURS);
  expect(data.b).toBeNull();
  expect(errors).toEqual([expect.objectContaining({ path: ['b', 'flowVolumes'] })]);
  expect(extensions.cost).toBeGreaterThan(10_000);
});

test('clients that go away before they have taken a large result leave their places to the next', async () => {
  const { hostname, port } = new URL(world.instance.url);
  const body = JSON.stringify({ query: hours('start end volume coverage averageFlowrate') });
  for (let client = 0; client < 12; client++) {
    const sent = request({
      hostname,
      port,
      path: '/graphql',
      method: 'POST',
      headers: { authorization: `Token ${world.ours.reader}`, 'content-type': 'application/json' },
    });
    sent.on('error', () => undefined).end(body);
    // Half of them read the beginning, the others not even that.
    if (client % 2 === 0) await once(sent, 'response');
    else await once(sent, 'finish');
    sent.destroy();
  }
  const { data } = await world.instance.query(world.ours.reader, hours('volume'));
  expect(data.flowSensor.flowVolumes).toHaveLength(HOURS);
});

test('over an event stream an operation with a large result is refused, and the message says what to use', async () => {
  const response = await world.instance.post(
    JSON.stringify({
      query: `{ a: ${hours('start end').slice(1, -1)} b: ${hours('volume').slice(1, -1)} }`,
    }),
    { authorization: `Token ${world.ours.reader}`, accept: 'text/event-stream' },
  );
  const { errors } = (await response.json()) as { errors: { message: string }[] };
  expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'QUERY_TOO_COMPLEX' } })]);
  expect(errors[0]!.message).toContain('at most 20000');
  expect(errors[0]!.message).toContain('POST it for a response of JSON');
});

/** One more than cores, unless another account makes requests. */
test.each([
  ['that is alone', 1, () => undefined],
  ['beside others', 0, (other: number) => ACTIVE_ACCOUNTS.note(other)],
])(
  'of the large operations of an account %s few are executed at once, and another account has its turn beside them',
  async (_, more, prepare) => {
    const account = world.ours.principal.accountId;
    const another = world.theirs.principal.accountId;
    ACTIVE_ACCOUNTS.note(account);
    prepare(another);
    const large = new LargeOperations();
    const executed: number[] = [];
    const ends: (() => void)[] = [];
    const operation = (accountId: number) => {
      const client = new AbortController().signal;
      const principal = { ...world.ours.principal, accountId, client };
      const parts = large.partsFor(principal, 20_000);
      const context = { principal, execution: { parts } };
      return large
        .execute(context, async () => {
          executed.push(accountId);
          await new Promise<void>((resolve) => ends.push(resolve));
          return {};
        })
        .finally(() => parts!.release());
    };
    const share = Math.min(availableParallelism() + more, 4);
    const attack = Array.from({ length: 20 }, () => operation(account));
    const other = operation(another);
    while (!executed.includes(another)) await setImmediate();
    expect(executed).toEqual([...Array<number>(share).fill(account), another]);

    for (let ended = 0; ended < 21; await setImmediate()) {
      ended += ends.length;
      for (const end of ends.splice(0)) end();
    }
    expect(await Promise.all([...attack, other])).toHaveLength(21);
  },
);
