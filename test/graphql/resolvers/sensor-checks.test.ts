import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SensorChecksInput } from '../../../src/domain/sensors/checks.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';
import { at, CheckedSensors, everyMinute, FLAGS } from '../../helpers/checked-sensors.js';

let world: GraphQLWorld;
let checked: CheckedSensors;
beforeAll(async () => {
  world = await createWorld();
  checked = new CheckedSensors(world);
});
afterAll(() => world.close());

const CASES: [string, SensorChecksInput, readonly number[], string[]][] = [
  [
    'FROZEN flags from the reading on that completes the run and the duration',
    { frozen: { readings: 3, seconds: 240 } },
    [7, 7, 7, 7, 7, 7, 8, 8, 8, 0, 0, 0, 0, 0, 0, 0],
    ['4 FROZEN', '5 FROZEN'],
  ],
  [
    'FROZEN without a duration counts readings alone',
    { frozen: { readings: 3, seconds: 0 } },
    [1, 2, 2, 2, 2, 1],
    ['3 FROZEN', '4 FROZEN'],
  ],
  [
    'RATE_OF_CHANGE flags a change of more than the limit a minute, up and down',
    { rateOfChange: { perMinute: 10 } },
    [0, 10, 21, 21, 5],
    ['2 RATE_OF_CHANGE', '4 RATE_OF_CHANGE'],
  ],
  [
    'REASONABILITY and OPERATIONAL_LIMIT flag what lies beyond a limit, not at it',
    { reasonability: { low: -5, high: 100 }, operationalLimit: { high: 50 } },
    [-5, -6, 50, 51, 100, 101],
    [
      '1 REASONABILITY',
      '3 OPERATIONAL_LIMIT',
      '4 OPERATIONAL_LIMIT',
      '5 REASONABILITY OPERATIONAL_LIMIT',
    ],
  ],
  [
    'LOW_FLOW flags what is not 0 and nearer to it than the cut-off, of either sign',
    { lowFlow: { cutOff: 2 } },
    [0, 1, -1, 2, -2, 3],
    ['1 LOW_FLOW', '2 LOW_FLOW'],
  ],
];

test.each(CASES)('%s, however readings arrive', async (_title, checks, flowrates, expected) => {
  const readings = everyMinute(flowrates);
  const uncertain = new Set(expected.map((flag) => flag.split(' ')[0]));
  const expectedQualities = readings.map(({ minute }) => {
    return `${minute} ${uncertain.has(String(minute)) ? 'UNCERTAIN' : 'GOOD'}`;
  });
  const ways: [string, (id: number) => Promise<unknown>][] = [
    ['in one request', (id) => checked.record(id, readings)],
    ['in one request, newest first', (id) => checked.record(id, [...readings].reverse())],
    [
      'one by one',
      async (id) => {
        for (const reading of readings) await checked.record(id, [reading]);
      },
    ],
    [
      'all at once, in requests of their own',
      async (id) => {
        // Of a sensor's requests each waits for the one before.
        await Promise.all(readings.map((reading) => checked.record(id, [reading])));
      },
    ],
    [
      'by a file',
      (id) =>
        checked.importFile(
          `sensor_id,datetime,flowrate\n${readings
            .map(({ minute, flowrate }) => `${id},${at(minute).toISOString()},${flowrate}`)
            .join('\n')}\n`,
        ),
    ],
  ];
  for (const [way, arrive] of ways) {
    const id = await checked.create(checks);
    await arrive(id);
    expect({ way, flags: await checked.flags(id) }).toEqual({ way, flags: expected });
    expect(await checked.qualities(id)).toEqual(expectedQualities);
  }
});

test('a late reading is compared with the stored one before it, and one that is not good is not checked', async () => {
  const id = await checked.create({ rateOfChange: { perMinute: 10 } });
  await checked.record(id, [
    { minute: 0, flowrate: 100 },
    { minute: 300, flowrate: 100 },
  ]);
  await checked.record(id, [
    { minute: 1, flowrate: 500 },
    { minute: 2, flowrate: 500, quality: 'BAD' },
    { minute: 3, flowrate: 900, quality: 'UNCERTAIN' },
  ]);
  expect(await checked.flags(id)).toEqual(['1 RATE_OF_CHANGE']);
  const { readingFlags } = await checked.ask(FLAGS, { id: [id] });
  expect(readingFlags.nodes[0].findings).toEqual([
    { check: 'RATE_OF_CHANGE', limit: 10, reference: 100, readings: null },
  ]);
  const { flowSensor } = await checked.ask(
    `query ($id: ID!) { flowSensor(id: $id) { pingRevisions { nodes { updateType newQuality } } } }`,
    { id },
  );
  // The history has the late readings with the qualities that they were stored with.
  expect(flowSensor.pingRevisions.nodes.map((node: any) => node.newQuality)).toEqual([
    ...['UNCERTAIN', 'BAD', 'UNCERTAIN'],
  ]);
});

test('a flagged reading that is sent again is a duplicate, also with the quality that it came with', async () => {
  const id = await checked.create({ reasonability: { high: 100 } });
  const reading = { minute: 0, flowrate: 200, quality: 'GOOD' } as const;
  await checked.record(id, [reading]);
  await checked.record(id, [reading]);
  const file = `sensor_id,datetime,flowrate,quality\n${id},${at(0).toISOString()},200,GOOD\n`;
  await checked.importFile(file);
  await checked.importFile(file, 'OVERWRITE');
  expect(await checked.qualities(id)).toEqual(['0 UNCERTAIN']);
  expect(await checked.flags(id, 'OPEN')).toEqual(['0 REASONABILITY']);
});

test('DUPLICATE flags the reading for whose instant another flowrate is sent, whether that is refused or corrects it', async () => {
  const id = await checked.create({ duplicate: true });
  await checked.record(id, everyMinute([1, 1, 1, 1]));
  await expect(checked.record(id, [{ minute: 0, flowrate: 2 }])).rejects.toThrow('already stored');
  await checked.record(id, [{ minute: 1, flowrate: 2 }], { onConflict: 'OVERWRITE' });
  await checked.importFile(
    `sensor_id,datetime,flowrate\n${id},${at(2).toISOString()},3\n`,
    'OVERWRITE',
  );
  // A correction that says the quality is a decision.
  const decision = { minute: 3, flowrate: 4, quality: 'GOOD' } as const;
  await checked.record(id, [decision], { onConflict: 'OVERWRITE' });
  expect(await checked.flags(id)).toEqual(['0 DUPLICATE', '1 DUPLICATE', '2 DUPLICATE']);
  expect(await checked.qualities(id)).toEqual([
    '0 UNCERTAIN',
    '1 UNCERTAIN',
    '2 UNCERTAIN',
    '3 GOOD',
  ]);
  const { readingFlags } = await checked.ask(FLAGS, { id: [id] });
  const found = readingFlags.nodes.map((node: any) => [
    node.flowrate,
    node.findings[0].reference,
    node.findings[0].limit,
  ]);
  expect(found).toEqual([
    [3, 1, null],
    [2, 1, null],
    [1, 2, null],
  ]);
});

const SET = `mutation ($id: ID!, $checks: SensorChecksInput!) {
  setSensorChecks(sensorId: $id, checks: $checks, reason: "commissioned") {
    checks { frozen { readings seconds } reasonability { low high } duplicate lowFlow { cutOff } }
    configurationLog { nodes { parameter oldValue newValue reason } } } }`;

test('checks are settings of a sensor that its log keeps', async () => {
  const { id } = await world.instance.services.sensors.create(world.ours.principal, {
    name: 'Log',
  });
  const checks = { frozen: { readings: 5, seconds: 600 }, reasonability: { high: 9000 } };
  const { setSensorChecks } = await checked.ask(SET, { id, checks });
  expect(setSensorChecks.checks).toEqual({
    frozen: { readings: 5, seconds: 600 },
    reasonability: { low: null, high: 9000 },
    ...{ duplicate: null, lowFlow: null },
  });
  const off = await checked.ask(SET, { id, checks: {} });
  expect(off.setSensorChecks.checks).toBeNull();
  const value = '{"frozen":{"readings":5,"seconds":600},"reasonability":{"low":null,"high":9000}}';
  expect(off.setSensorChecks.configurationLog.nodes).toEqual([
    { parameter: 'CHECKS', oldValue: value, newValue: null, reason: 'commissioned' },
    { parameter: 'CHECKS', oldValue: null, newValue: value, reason: 'commissioned' },
  ]);
  await checked.record(id, everyMinute([9001]));
  expect(await checked.flags(id)).toEqual([]);
});

test('checks that cannot be meant are refused, each field with its rule', async () => {
  const { id } = await world.instance.services.sensors.create(world.ours.principal, {
    name: 'Bad',
  });
  const checks = {
    frozen: { readings: 1, seconds: -1 },
    rateOfChange: { perMinute: 0 },
    reasonability: { low: 5, high: 4 },
    operationalLimit: {},
  };
  const { errors } = await world.instance.query(world.ours.admin, SET, { id, checks });
  const extensions = errors[0]!.extensions;
  expect(extensions.code).toBe('BAD_USER_INPUT');
  const messages = extensions.faults.map((each: any) => `${each.field}: ${each.message}`);
  expect(messages).toEqual([
    'frozen.readings: Must be a whole number from 2 to 1000; got 1.',
    'frozen.seconds: Must be a whole number from 0 to 2678400; got -1.',
    'rateOfChange.perMinute: Must be greater than 0, and at most 1000000000000000; got 0.',
    'reasonability.low: Must be at most high, 4; got 5.',
    'operationalLimit: Must have a low or a high limit.',
  ]);
  const { query } = world.instance;
  const reader = await query(world.ours.reader, SET, { id, checks: {} });
  expect(reader.errors[0]!.extensions.code).toBe('FORBIDDEN');
  const others = await query(world.theirs.admin, SET, { id, checks: {} });
  expect(others.errors[0]!.extensions.code).toBe('NOT_FOUND');
});
