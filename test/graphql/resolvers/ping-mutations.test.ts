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
const RECORD = `mutation ($input: RecordPingsInput!) { recordPings(input: $input) { recorded duplicates } }`;
const newSensor = async (input: object = {}) =>
  (await ask(CREATE, { input: { name: 'sensor', ...input } })).createFlowSensor;
const ping = (sensorId: string, hour: number, flowrate: number) => ({
  sensorId,
  flowrate,
  datetime: `2026-01-01T0${hour}:00:00Z`,
});
const pingsOf = async (id: string) =>
  (
    await ask(
      `{ flowSensor(id: ${id}) { pings(order: OLDEST_FIRST) { nodes { id datetime flowrate } } } }`,
    )
  ).flowSensor.pings.nodes;

describe('recordPings', () => {
  test('recordPings records a ping once, and counts the same one again as a duplicate', async () => {
    const { id } = await newSensor();
    const input = { pings: [ping(id, 0, 1.5), ping(id, 1, -2)] };
    expect((await ask(RECORD, { input }, world.ours.ingester)).recordPings).toEqual({
      recorded: 2,
      duplicates: 0,
    });
    expect((await ask(RECORD, { input }, world.ours.ingester)).recordPings).toEqual({
      recorded: 0,
      duplicates: 2,
    });
    expect(await pingsOf(id)).toMatchObject([{ flowrate: 1.5 }, { flowrate: -2 }]);
  });

  test('recordPings records nothing where one ping conflicts, and the conflict has the stored ping', async () => {
    const { id } = await newSensor();
    await ask(RECORD, { input: { pings: [ping(id, 1, 5)] } });
    const { errors } = await send(RECORD, { input: { pings: [ping(id, 0, 1), ping(id, 1, 6)] } });
    expect(errors[0]!.extensions).toEqual({
      code: 'CONFLICT',
      conflicts: [{ index: 1, sensorId: id, datetime: '2026-01-01T01:00:00Z', flowrate: 5 }],
    });
    expect(await pingsOf(id)).toHaveLength(1);
  });

  test('recordPings with OVERWRITE corrects a ping, which keeps its id', async () => {
    const { id } = await newSensor();
    await ask(RECORD, { input: { pings: [ping(id, 1, 5)] } });
    const [before] = await pingsOf(id);
    const input = { pings: [ping(id, 1, 6)], onConflict: 'OVERWRITE', reason: 'recalibrated' };
    expect((await ask(RECORD, { input })).recordPings).toEqual({ recorded: 1, duplicates: 0 });
    expect(await pingsOf(id)).toEqual([{ ...before, flowrate: 6 }]);
  });

  test.each([
    ['a flowrate out of bounds', (id: string) => ping(id, 1, 1e16), 'pings.1.flowrate'],
    ['a flowrate too small', (id: string) => ping(id, 1, 1e-31), 'pings.1.flowrate'],
    [
      'a datetime in the future',
      (id: string) => ({ ...ping(id, 1, 1), datetime: '9999-01-01' }),
      'pings.1.datetime',
    ],
    ['a sensor that is not there', () => ping('2147483647', 1, 1), 'pings.1.sensorId'],
    ['a sensor id that is not a number', () => ping('abc', 1, 1), 'pings.1.sensorId'],
  ])('recordPings with %s is bad input, and nothing is recorded', async (_, bad, field) => {
    const { id } = await newSensor();
    const { errors } = await send(RECORD, { input: { pings: [ping(id, 0, 1), bad(id)] } });
    expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
    expect(await pingsOf(id)).toEqual([]);
  });

  test('recordPings reports every error, in the order of the pings, with what was sent', async () => {
    const { id } = await newSensor();
    const pings = [ping('2147483647', 0, 1), ping(id, 1, 1e16), ping('abc', 2, 1)];
    const { errors } = await send(RECORD, { input: { pings } });
    expect(errors[0]).toMatchObject({
      message: 'There is no flow sensor "2147483647".',
      extensions: {
        code: 'BAD_USER_INPUT',
        field: 'pings.0.sensorId',
        faults: [
          { field: 'pings.0.sensorId' },
          { field: 'pings.1.flowrate' },
          { field: 'pings.2.sensorId', message: 'There is no flow sensor "abc".' },
        ],
      },
    });
  });

  test.each(['a\0b', ' x', 'x'.repeat(1001)])(
    'the reason of a correction may not be %j',
    async (reason) => {
      const { id } = await newSensor();
      for (const attempt of [
        send(RECORD, { input: { pings: [ping(id, 0, 1)], onConflict: 'OVERWRITE', reason } }),
        send(
          `mutation ($reason: String) { deletePings(sensorId: ${id}, start: "2026-01-01", end: "2026-01-02", reason: $reason) }`,
          { reason },
        ),
      ]) {
        const { errors } = await attempt;
        expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'reason' });
      }
    },
  );

  test('recordPings refuses more pings at once than the limit', async () => {
    const pings = Array.from({ length: 11 }, () => ping('1', 0, 1));
    const { errors } = await send(RECORD, { input: { pings } });
    expect(errors[0]).toMatchObject({
      message: 'At most 10 pings at once; got 11.',
      extensions: { code: 'BAD_USER_INPUT', field: 'pings' },
    });
  });
});

describe('why the history changes', () => {
  const DELETE = `mutation ($id: ID!, $code: ReasonCode, $comment: String, $reason: String) {
    deletePings(sensorId: $id, start: "2026-01-01", end: "2026-01-02", reasonCode: $code, comment: $comment, reason: $reason) }`;

  test('a late ping, a correction and a deletion say what they are and why, and when their pings were recorded', async () => {
    const { id } = await newSensor();
    await ask(RECORD, { input: { pings: [ping(id, 0, 1), ping(id, 9, 2)] } });
    await ask(RECORD, { input: { pings: [ping(id, 1, 3)] } }, world.ours.ingester);
    await ask(
      `mutation { recordPings(input: { onConflict: OVERWRITE, reasonCode: METER_ERROR, comment: "meter 7"
        pings: { sensorId: ${id}, flowrate: 5, datetime: "2026-01-01T00:00Z" } }) { recorded } }`,
    );
    await ask(DELETE, { id, code: 'CALIBRATION' });
    const { flowSensor } = await ask(`{ flowSensor(id: ${id}) { pingRevisions(last: 3) { nodes {
      updateType oldFlowrate newFlowrate reasonCode comment reason revisedAt } } } }`);
    const [deleted, replaced, inserted] = flowSensor.pingRevisions.nodes.slice(-3);
    expect(inserted).toMatchObject({
      ...{ updateType: 'INSERT', oldFlowrate: null, newFlowrate: 3 },
      ...{ reasonCode: 'LATE_DATA', comment: null },
    });
    expect(replaced).toMatchObject({
      ...{ updateType: 'REPLACE', oldFlowrate: 1, newFlowrate: 5 },
      ...{ reasonCode: 'METER_ERROR', comment: 'meter 7', reason: 'meter 7' },
    });
    expect(deleted).toMatchObject({ updateType: 'DELETE', reasonCode: 'CALIBRATION' });
    expect(Date.parse(replaced.revisedAt)).toBeGreaterThanOrEqual(Date.parse(inserted.revisedAt));
  });

  test('a reason code that the account does not have is refused, with the codes that it has', async () => {
    const { id } = await newSensor();
    const input = { pings: [ping(id, 0, 1)], onConflict: 'OVERWRITE', reasonCode: 'NOPE' };
    for (const { errors } of [
      await send(RECORD, { input }),
      await send(DELETE, { id, code: 'NOPE' }),
    ]) {
      expect(errors[0]).toMatchObject({
        message: expect.stringMatching(/METER_ERROR.*; got "NOPE"\.$/),
        extensions: { code: 'BAD_USER_INPUT', field: 'reasonCode' },
      });
    }
    const { errors } = await send(DELETE, { id, comment: ' x' });
    expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'comment' });
    const both = await send(DELETE, { id, comment: 'x', reason: 'y' });
    expect(both.errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'reason' });
  });

  test('administrators add and remove reason codes of the account, and others see them', async () => {
    const ADD = `mutation { addReasonCode(input: { code: "PIG_RUN", description: "A pig passed." }) { code isCustom } }`;
    for (const query of [ADD, 'mutation { removeReasonCode(code: PIG_RUN) }']) {
      const { errors } = await send(query, {}, world.ours.ingester);
      expect(errors[0]!.extensions).toEqual({ code: 'FORBIDDEN' });
    }
    expect((await ask(ADD)).addReasonCode).toEqual({ code: 'PIG_RUN', isCustom: true });
    const codes = async (token: string) =>
      (await ask('{ reasonCodes { code description } }', {}, token)).reasonCodes.map(
        ({ code }: { code: string }) => code,
      );
    expect(await codes(world.ours.reader)).toContain('PIG_RUN');
    expect(await codes(world.theirs.admin)).not.toContain('PIG_RUN');
    const removal = await send(
      'mutation { removeReasonCode(code: PIG_RUN) }',
      {},
      world.theirs.admin,
    );
    expect(removal.errors[0]!.extensions).toEqual({ code: 'NOT_FOUND' });
    expect(await ask('mutation { removeReasonCode(code: PIG_RUN) }')).toEqual({
      removeReasonCode: 'PIG_RUN',
    });
  });

  test('every field that gives a ping gives when it was recorded, also of a ping that was deleted since', async () => {
    const { id } = await newSensor();
    const before = Date.now();
    await ask(RECORD, { input: { pings: [ping(id, 0, 1)] } });
    const { flowSensor } = await ask(`{ flowSensor(id: ${id}) {
      lastPing { nodeId recordedAt } pings { nodes { recordedAt } } } }`);
    const { nodeId, recordedAt } = flowSensor.lastPing;
    expect(Date.parse(recordedAt)).toBeGreaterThanOrEqual(before);
    expect(flowSensor.pings.nodes).toEqual([{ recordedAt }]);
    const { node } = await ask(
      `query ($nodeId: ID!) { node(nodeId: $nodeId) { ... on Ping { recordedAt } } }`,
      { nodeId },
    );
    expect(node).toEqual({ recordedAt });
    expect(await ask('{ viewer { recordedSince } }')).toEqual({ viewer: { recordedSince: null } });
  });
});

describe('deletePings', () => {
  const DELETE = `mutation ($id: ID!, $dryRun: Boolean) { deletePings(sensorId: $id, start: "2026-01-01T01:00Z", end: "2026-01-01T03:00Z", dryRun: $dryRun) }`;

  test('deletePings deletes [start, end) and returns the count; with dryRun it only counts', async () => {
    const { id } = await newSensor();
    await ask(RECORD, { input: { pings: [0, 1, 2, 3].map((hour) => ping(id, hour, hour)) } });
    expect(await ask(DELETE, { id, dryRun: true })).toEqual({ deletePings: 2 });
    expect(await pingsOf(id)).toHaveLength(4);
    expect(await ask(DELETE, { id })).toEqual({ deletePings: 2 });
    expect(await pingsOf(id)).toMatchObject([{ flowrate: 0 }, { flowrate: 3 }]);
    expect(await ask(DELETE, { id })).toEqual({ deletePings: 0 });
  });

  test.each(['x', '0', '2147483647'])(
    'deletePings of a sensor that does not exist is NOT_FOUND: %p',
    async (id) => {
      for (const dryRun of [true, false]) {
        const { errors } = await send(DELETE, { id, dryRun });
        expect(errors[0]!.extensions).toEqual({ code: 'NOT_FOUND' });
      }
    },
  );
});

describe('pingRevisions', () => {
  test('pingRevisions says who replaced what, when and why, newest first', async () => {
    const { id } = await newSensor();
    await ask(RECORD, { input: { pings: [ping(id, 0, 1), ping(id, 1, 2)] } });
    const [first, second] = await pingsOf(id);
    await ask(RECORD, {
      input: { pings: [ping(id, 0, 9)], onConflict: 'OVERWRITE', reason: 'recalibrated' },
    });
    await ask(`mutation { deletePings(sensorId: ${id}, start: "2026-01-01", end: "2026-01-02") }`);
    const revisions = async (args: string) =>
      (
        await ask(
          `{ flowSensor(id: ${id}) { pingRevisions${args} { totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
            nodes { pingId datetime oldFlowrate newFlowrate revisedBy reason } } } }`,
        )
      ).flowSensor.pingRevisions;
    const deleted = { newFlowrate: null, revisedBy: 'token:ours ADMIN', reason: null };
    const expected = [
      { pingId: second.id, datetime: '2026-01-01T01:00:00Z', oldFlowrate: 2, ...deleted },
      { pingId: first.id, datetime: '2026-01-01T00:00:00Z', oldFlowrate: 9, ...deleted },
      {
        pingId: first.id,
        datetime: '2026-01-01T00:00:00Z',
        oldFlowrate: 1,
        newFlowrate: 9,
        revisedBy: 'token:ours ADMIN',
        reason: 'recalibrated',
      },
    ];
    expect(await revisions('')).toMatchObject({
      totalCount: 3,
      nodes: expected,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    });
    const page = await revisions('(first: 2)');
    expect(page).toMatchObject({ nodes: expected.slice(0, 2), pageInfo: { hasNextPage: true } });
    expect(await revisions(`(after: "${page.pageInfo.endCursor}")`)).toMatchObject({
      nodes: expected.slice(2),
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    expect((await revisions('(start: "2026-01-01T01:00Z")')).nodes).toEqual(expected.slice(0, 1));
    const other = await world.instance.query(
      world.theirs.admin,
      `{ flowSensor(id: ${id}) { pingRevisions { totalCount } } }`,
    );
    expect(other.data).toEqual({ flowSensor: null });
  });
});
