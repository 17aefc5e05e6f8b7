import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let id: number;

beforeAll(async () => {
  world = await createWorld();
  id = (await world.instance.services.sensors.create(world.ours.principal, { name: 'one' })).id;
});
afterAll(() => world.close());

const send = (query: string, variables?: object) =>
  world.instance.query(world.ours.admin, query, variables);
const codes = (answer: { errors: { extensions: any }[] }) =>
  answer.errors.map(({ extensions }) => extensions.code);

describe('Values that a type cannot take are BAD_USER_INPUT with the field', () => {
  const volume = (args: string) => `{ flowSensor(id: ${id}) { flowVolume(${args}) { volume } } }`;
  const VOLUME = `query ($id: ID!, $from: DateTime!) { flowSensor(id: $id) { flowVolume(start: $from, end: "2026-01-02") { volume } } }`;
  const RECORD = 'mutation ($sent: RecordPingsInput!) { recordPings(input: $sent) { recorded } }';
  const ping = { sensorId: '1', flowrate: 1, datetime: '2026-01-01T00:00:00Z' };

  test.each([
    ['literals', () => volume('start: "yesterday", end: "2026-01-02"'), undefined, 'start'],
    ['numbers', () => volume('start: 5, end: "2026-01-02"'), undefined, 'start'],
    ['null', () => volume('start: null, end: "2026-01-02"'), undefined, 'start'],
    [
      'enums',
      () => volume('start: "2026-01-01", end: "2026-01-02", method: FAST'),
      undefined,
      'method',
    ],
    ['week dates', () => volume('start: "2026-W01-1", end: "2026-01-02"'), undefined, 'start'],
    ['24:00', () => volume('start: "2026-01-01T24:00:00Z", end: "2026-01-02"'), undefined, 'start'],
    ['variables', () => VOLUME, { id: 1, from: '20260101T000000Z' }, 'start'],
    ['no variable', () => VOLUME, { id: 1 }, 'start'],
    ['a variable of null', () => VOLUME, { id: 1, from: null }, 'start'],
    ['a variable of 1.5 as an id', () => VOLUME, { id: 1.5, from: '2026-01-01' }, 'id'],
    [
      'within a variable',
      () => RECORD,
      { sent: { pings: [ping, { ...ping, flowrate: '3' }] } },
      'pings.1.flowrate',
    ],
    [
      'missing in a variable',
      () => RECORD,
      { sent: { pings: [{ flowrate: 1, datetime: '2026-01-01' }] } },
      'pings.0.sensorId',
    ],
    [
      'of no such name in a variable',
      () => RECORD,
      { sent: { pings: [{ ...ping, unit: 'm3/h' }] } },
      'pings.0.unit',
    ],
    [
      'within a literal',
      () =>
        `mutation { recordPings(input: { pings: [{ sensorId: 1, flowrate: 1, datetime: "x" }] }) { recorded } }`,
      undefined,
      'pings.0.datetime',
    ],
    [
      'missing in a literal',
      () =>
        `mutation { recordPings(input: { pings: [{ sensorId: 1, flowrate: 1 }] }) { recorded } }`,
      undefined,
      'pings.0.datetime',
    ],
    [
      'a literal of infinity',
      () => 'mutation { createFlowSensor(input: { name: "x", pipeDiameter: 1e999 }) { id } }',
      undefined,
      'pipeDiameter',
    ],
    [
      'a literal of infinite flow',
      () =>
        `mutation { recordPings(input: { pings: [{ sensorId: ${id}, flowrate: 1e999, datetime: "2026-01-01" }] }) { recorded } }`,
      undefined,
      'pings.0.flowrate',
    ],
    [
      'an integer too large',
      () => '{ flowSensors(first: 3000000000) { totalCount } }',
      undefined,
      'first',
    ],
    [
      'a default',
      () => 'query ($first: Int = "x") { flowSensors(first: $first) { totalCount } }',
      undefined,
      '',
    ],
  ])(
    'a value that its type cannot take is BAD_USER_INPUT with its field: %s',
    async (_, query, variables, field) => {
      const answer = await send(query(), variables);
      expect(answer.errors[0]!.extensions).toEqual({
        code: 'BAD_USER_INPUT',
        ...(field && { field }),
      });
      expect(answer.errors).toHaveLength(1);
      expect(answer.data ?? null).toBeNull();
    },
  );

  test('the error repeats the wrong value, also when it is a literal of another kind', async () => {
    const answer = await send(volume('start: 2026, end: "2026-01-02"'));
    expect(answer.errors[0]!.message).toMatch(/; got 2026\.$/);
  });

  test('a variable that turns out to be null where null is not permitted is BAD_USER_INPUT', async () => {
    const query = `query ($end: DateTime = "2026-01-02") { flowSensor(id: ${id}) { flowVolume(start: "2026-01-01", end: $end) { volume } } }`;
    const answer = await send(query, { end: null });
    expect(answer.errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'end' });
  });
});

describe('Broken rules of the domain are reported with their field', () => {
  const on = (field: string) => `{ flowSensor(id: ${id}) { ${field} } }`;
  const range = 'start: "2026-01-01", end: "2026-01-02"';
  test.each([
    ['flowVolume(start: "2026-01-02", end: "2026-01-01") { volume }', 'end'],
    [`flowVolumes(${range}, interval: DAY, timeZone: "Mars/Base") { volume }`, 'timeZone'],
    [`flowVolumes(${range}, interval: DAY, dayStart: "7") { volume }`, 'dayStart'],
    ['flowVolumes(start: "2000-01-01", end: "2026-01-01", interval: HOUR) { volume }', 'end'],
    [`series(${range}, maxPoints: 5001) { min }`, 'maxPoints'],
    [`series(${range}, maxPoints: 0) { min }`, 'maxPoints'],
    ['outages(start: "2026-01-02", end: "2026-01-01") { start }', 'end'],
  ])('%s is refused with the name of its wrong field', async (field, name) => {
    const answer = await send(on(field));
    expect(answer.status).toBe(200);
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: name });
  });
});

describe('Other errors', () => {
  test('errors of syntax and validation have the usual codes of Apollo Server', async () => {
    expect(await send('{ viewer')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
    expect(await send('{ nothing }')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect(codes(await send('query ($unused: Int) { viewer { account } }'))).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(codes(await send(`{ flowSensor { id } }`))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  test('a mutation of an object that does not exist is NOT_FOUND', async () => {
    const answer = await send('mutation { updateFlowSensor(id: "x", input: {}) { id } }');
    expect(answer.errors[0]).toMatchObject({
      message: 'Not found.',
      path: ['updateFlowSensor'],
      extensions: { code: 'NOT_FOUND' },
    });
  });

  test('a failure of the server is masked in the answer and logged whole', async () => {
    const { volumes } = world.instance.services;
    const ofRange = volumes.ofRange.bind(volumes);
    volumes.ofRange = () => Promise.reject(new Error('relation "ping" at /srv/flowgate'));
    try {
      const answer = await send(
        `{ flowSensor(id: ${id}) { flowVolume(start: "2026-01-01", end: "2026-01-02") { coverage } } }`,
      );
      expect(answer.errors[0]).toMatchObject({
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      });
      expect(JSON.stringify(answer)).not.toMatch(/relation|srv|stack/);
      expect(world.instance.failures).toEqual([
        expect.objectContaining({ message: 'relation "ping" at /srv/flowgate' }),
      ]);
    } finally {
      volumes.ofRange = ofRange;
    }
  });
});
