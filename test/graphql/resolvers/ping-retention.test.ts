import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runFlowgate } from '../../cli/flowgate.js';
import { call, createServerWorld, sendGraphQL, token, type World } from '../../helpers/server.js';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

let world: World;
let sensorId: number;

beforeAll(async () => {
  world = await createServerWorld();
  const { services } = world.server;
  const { principal } = world.ours;
  sensorId = (await services.sensors.create(principal, { name: 'Sensor' })).id;
  const pings = Array.from({ length: 181 }, (_, minute) => {
    return { sensorId, datetime: new Date(START + minute * MINUTE), flowrate: minute };
  });
  await services.pings.record(principal, pings, { onConflict: 'REJECT' });
});
afterAll(() => world.close());

const ask = (key: string, query: string) => sendGraphQL(world, key, query);
const volume = (from: string, to: string) =>
  call(world.server.url, `/api/v1/flow_sensors/${sensorId}/flow_volume/${from}/${to}/`, {
    headers: token(world.ours.reader),
  });

test('administrators set a retention and see what it would remove, of their own account alone', async () => {
  const preview = '{ pingRetentionPreview(days: 400) { pings sensors } }';
  expect((await ask(world.ours.admin, preview)).data).toEqual({
    pingRetentionPreview: { pings: 174, sensors: 1 },
  });
  expect((await ask(world.theirs.admin, preview)).data).toEqual({
    pingRetentionPreview: { pings: 0, sensors: 0 },
  });
  const set = 'mutation { setPingRetention(days: 400) { days } }';
  for (const query of [preview, set]) {
    const { errors } = await ask(world.ours.ingester, query);
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  }
  expect((await ask(world.ours.reader, '{ pingRetention { days } }')).data).toEqual({
    pingRetention: { days: null },
  });
  const { errors } = await ask(world.ours.admin, 'mutation { setPingRetention(days: 3) { days } }');
  expect(errors[0]).toMatchObject({
    message: 'Must be a whole number from 31 to 36500; got 3.',
    extensions: { code: 'BAD_USER_INPUT', field: 'days' },
  });
  expect((await ask(world.ours.admin, set)).data).toEqual({ setPingRetention: { days: 400 } });
  expect((await ask(world.ours.reader, '{ pingRetention { days } }')).data).toEqual({
    pingRetention: { days: 400 },
  });
  expect((await ask(world.theirs.reader, '{ pingRetention { days } }')).data).toEqual({
    pingRetention: { days: null },
  });
});

test('after thinning, REST and GraphQL give whole hours as before and refuse parts of one by naming the instant', async () => {
  const hours = ['2024-01-01T00:00:00Z', '2024-01-01T03:00:00Z'] as const;
  const before = (await volume(...hours)).body;
  expect(await runFlowgate({ DATABASE_URL: world.test.url }, ['retention', 'run'])).toMatchObject({
    status: 0,
    stderr: 'Removed 174 readings of 1 sensors.\n',
  });
  expect((await volume(...hours)).body).toEqual(before);
  const part = await volume('2024-01-01T00:00:00Z', '2024-01-01T00:30:00Z');
  expect([part.status, Object.keys(part.body)]).toEqual([400, ['end']]);
  expect(part.body.end[0]).toMatch(
    /^Must be a whole hour \(UTC\) before 20\d\d-\d\d-\d\dT00:00:00Z, until when readings are thinned/,
  );
  const query = `{ flowSensor(id: "${sensorId}") {
    thinnedUntil pings { totalCount }
    flowVolume(start: "2024-01-01T00:10:00Z", end: "2024-01-01T02:00:00Z") { volume }
  } }`;
  const { data, errors } = await ask(world.ours.reader, query);
  expect(data?.flowSensor ?? null).toBeNull();
  expect(errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'start' });
  expect(errors[0].message).toMatch(/got 2024-01-01T00:10:00Z\.$/);
  const listed = await ask(
    world.ours.reader,
    `{ flowSensor(id: "${sensorId}") { thinnedUntil pings { totalCount } lastPing { flowrate } } }`,
  );
  expect(listed.data.flowSensor).toEqual({
    thinnedUntil: expect.stringMatching(/T00:00:00Z$/),
    pings: { totalCount: 0 },
    lastPing: { flowrate: 180 },
  });
  expect(await runFlowgate({ DATABASE_URL: world.test.url }, ['rollup', 'check'])).toMatchObject({
    status: 0,
  });
});

test('the command line shows and sets the retention of an account, and a dry run changes nothing', async () => {
  const run = (...args: string[]) =>
    runFlowgate({ DATABASE_URL: world.test.url }, ['retention', ...args, '--account', 'theirs']);
  expect(await run('set', '--days', '100', '--dry-run')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^would remove 0 readings of 0 sensors from before 20/),
  });
  expect((await run('show')).stdout).toBe('ever\n');
  expect((await run('set', '--days', '100')).status).toBe(0);
  expect((await run('show')).stdout).toBe('100\n');
  expect((await run('set', '--days', 'ever')).status).toBe(0);
  expect((await run('show')).stdout).toBe('ever\n');
  expect(await run('set', '--days', '5')).toMatchObject({
    status: 1,
    stderr: 'flowgate: days: Must be a whole number from 31 to 36500; got 5.\n',
  });
});
