import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
/** a sensor of ours and one of theirs, each with a ping */
let mine: number;
let other: number;
let otherToken: string;

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings, tokens } = world.instance.services;
  const make = async ({ principal }: { principal: typeof world.ours.principal }, name: string) => {
    const { id } = await sensors.create(principal, { name });
    const datetime = new Date('2026-01-01T00:00:00Z');
    await pings.record(principal, [{ sensorId: id, datetime, flowrate: 5 }], {
      onConflict: 'REJECT',
    });
    return id;
  };
  mine = await make(world.ours, 'mine');
  other = await make(world.theirs, 'other');
  otherToken = String((await tokens.list(world.theirs.principal))[0]!.id);
});
afterAll(() => world.close());

const send = (query: string, token = world.ours.admin) => world.instance.query(token, query);
const RANGE = 'start: "2026-01-01", end: "2026-01-02"';

describe('Nothing of another account can be seen, not even that it exists', () => {
  test('a list of sensors, also searched or by id, has only the account’s own sensors', async () => {
    const { data } = await send(`{
      all: flowSensors { totalCount nodes { id } flowVolume(${RANGE}) { pingCount } }
      named: flowSensors(filter: { search: "other" }) { totalCount nodes { id } flowVolume(${RANGE}) { pingCount } }
      byId: flowSensors(filter: { ids: [${other}] }) { totalCount nodes { id } flowVolume(${RANGE}) { pingCount } } }`);
    const none = { totalCount: 0, nodes: [], flowVolume: { pingCount: 0 } };
    expect(data).toEqual({
      all: { totalCount: 1, nodes: [{ id: String(mine) }], flowVolume: { pingCount: 1 } },
      named: none,
      byId: none,
    });
  });

  test('apiTokens lists only the account’s own tokens', async () => {
    const { data } = await send('{ apiTokens { name } }');
    expect(data.apiTokens.map(({ name }: any) => name)).toEqual([
      'ours READ',
      'ours INGEST',
      'ours ADMIN',
    ]);
  });

  test.each([
    [
      'flowSensor',
      () => `query ($id: ID!) { flowSensor(id: $id) { id name pings { totalCount } } }`,
    ],
    [
      'updateFlowSensor',
      () =>
        `mutation ($id: ID!) { updateFlowSensor(id: $id, input: { name: "taken", maxGap: 1 }) { id } }`,
    ],
    ['deletePings', () => `mutation ($id: ID!) { deletePings(sensorId: $id, ${RANGE}) }`],
    [
      'deletePings, dry',
      () => `mutation ($id: ID!) { deletePings(sensorId: $id, ${RANGE}, dryRun: true) }`,
    ],
    [
      'recordPings',
      () =>
        `mutation ($id: ID!) { recordPings(input: { pings: [{ sensorId: $id, flowrate: 6, datetime: "2026-01-01" }] }) { recorded } }`,
    ],
    [
      'recordPings, overwriting',
      () =>
        `mutation ($id: ID!) { recordPings(input: { pings: [{ sensorId: $id, flowrate: 6, datetime: "2026-01-01" }], onConflict: OVERWRITE }) { recorded } }`,
    ],
  ])(
    '%s answers the same for another account’s id and for one that does not exist',
    async (_, query) => {
      const answered = async (id: number) => {
        const { status, data, errors } = await world.instance.query(world.ours.admin, query(), {
          id,
        });
        // An error names what was sent.
        return JSON.stringify({ status, data, errors }).replace(
          `flow sensor \\"${id}\\"`,
          'flow sensor ID',
        );
      };
      expect(await answered(other)).toBe(await answered(2_000_000_000));
    },
  );

  test('revokeApiToken of another account’s token is NOT_FOUND', async () => {
    const { errors } = await send(`mutation { revokeApiToken(id: ${otherToken}) }`);
    expect(errors[0]!.extensions).toEqual({ code: 'NOT_FOUND' });
  });

  test('refused requests of one account change nothing of the other account', async () => {
    const { data } = await send(
      `{ flowSensor(id: ${other}) { name maxGap pings { nodes { flowrate } } } apiTokens { id } }`,
      world.theirs.admin,
    );
    expect(data.flowSensor).toEqual({
      name: 'other',
      maxGap: 3600,
      pings: { nodes: [{ flowrate: 5 }] },
    });
    expect(data.apiTokens).toHaveLength(3);
  });
});

describe('A missing scope is FORBIDDEN', () => {
  const reads = [
    '{ flowSensors { totalCount } }',
    '{ flowSensors { nodes { id } } }',
    `{ flowSensors { flowVolume(${RANGE}) { volume } } }`,
    '{ flowSensor(id: ID) { id } }',
  ];
  const ingests = [
    'mutation { recordPings(input: { pings: [{ sensorId: ID, flowrate: 5, datetime: "2026-01-01" }] }) { recorded } }',
  ];
  const administers = [
    '{ apiTokens { id } }',
    'mutation { createApiToken(input: { name: "x", scopes: [ADMIN] }) { key } }',
    'mutation { revokeApiToken(id: 1) }',
    'mutation { createFlowSensor(input: { name: "x" }) { id } }',
    'mutation { updateFlowSensor(id: ID, input: { name: "x" }) { id } }',
    `mutation { deletePings(sensorId: ID, ${RANGE}) }`,
    `mutation { deletePings(sensorId: ID, ${RANGE}, dryRun: true) }`,
    'mutation { recordPings(input: { pings: [{ sensorId: ID, flowrate: 5, datetime: "2026-01-01" }], onConflict: OVERWRITE }) { recorded } }',
  ];
  const codeOf = async (token: string, query: string) => {
    const { status, errors } = await send(query.replace('ID', String(mine)), token);
    expect(status).toBe(200);
    return errors[0]?.extensions.code;
  };

  test.each([...ingests, ...administers])('READ may not %s', async (query) => {
    expect(await codeOf(world.ours.reader, query)).toBe('FORBIDDEN');
  });

  test.each([...reads, ...administers])('INGEST may not %s', async (query) => {
    expect(await codeOf(world.ours.ingester, query)).toBe('FORBIDDEN');
  });

  test('viewer answers every credential', async () => {
    for (const [key, scopes] of [
      [world.ours.reader, ['READ']],
      [world.ours.ingester, ['INGEST']],
      [world.ours.admin, ['ADMIN']],
    ] as const) {
      const { data, errors } = await send('{ viewer { account scopes } }', key);
      expect({ data, errors }).toEqual({
        data: { viewer: { account: 'ours', scopes } },
        errors: [],
      });
    }
  });

  test.each([...reads, ...ingests])('ADMIN may %s', async (query) => {
    expect(await codeOf(world.ours.admin, query)).toBeUndefined();
  });
});
