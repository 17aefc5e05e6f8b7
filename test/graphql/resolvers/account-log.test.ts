import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let mine: number;
let other: number;

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  const make = async ({ principal }: { principal: typeof world.ours.principal }, name: string) => {
    const { id } = await sensors.create(principal, { name });
    const all = [1, 2, 3].map((hour) => ({ sensorId: id, datetime: at(hour), flowrate: hour }));
    await pings.record(principal, all, { onConflict: 'REJECT' });
    return id;
  };
  mine = await make(world.ours, 'mine');
  other = await make(world.theirs, 'other');
  for (const { principal, id } of [
    { ...world.ours, id: mine },
    { ...world.theirs, id: other },
  ]) {
    const corrected = [{ sensorId: id, datetime: at(2), flowrate: 20 }];
    await pings.record(principal, corrected, {
      ...{ onConflict: 'OVERWRITE', reasonCode: 'METER_ERROR', comment: 'Zero shift' },
    });
    await sensors.update(principal, id, { maxGap: 60 });
    await pings.delete(principal, id, { start: at(3), end: at(4) }, { dryRun: false });
  }
});
afterAll(() => world.close());

const send = (query: string, token = world.ours.admin) => world.instance.query(token, query);
const list = async (args: string, token = world.ours.admin) => {
  const { data } = await send(
    `{ accountLog${args} { totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
       nodes { kind id by sensorId sensorName
         revision { updateType oldFlowrate newFlowrate newInGallons: newFlowrate(unit: GPM) reasonCode comment reason }
         setting { parameter oldValue newValue } event { type details } } } }`,
    token,
  );
  return data.accountLog;
};
const said = ({ kind, revision, setting, event }: any) =>
  `${kind} ${revision?.updateType ?? setting?.parameter ?? event?.type}`;

describe('The log of an account', () => {
  test('revisions, changes of settings and events are one list, newest first, of the own account only', async () => {
    const { nodes, totalCount } = await list(`(filter: { sensorId: ${mine} })`);
    expect(nodes.map(said)).toEqual([
      'REVISION DELETE',
      'EVENT PINGS_DELETED',
      'SETTING MAX_GAP',
      'EVENT SENSOR_CHANGED',
      'REVISION REPLACE',
      'EVENT PINGS_CORRECTED',
      'EVENT SENSOR_CREATED',
    ]);
    expect(totalCount).toBe(7);
    expect(nodes[4]).toMatchObject({
      ...{ by: 'operator', sensorId: String(mine), sensorName: 'mine' },
      revision: {
        oldFlowrate: 2,
        newFlowrate: 20,
        reasonCode: 'METER_ERROR',
        reason: 'Zero shift',
      },
      ...{ setting: null, event: null },
    });
    expect(nodes[4].revision.newInGallons).toBeCloseTo((20 * 42) / 1440, 9);
    expect(nodes[2].setting).toEqual({ parameter: 'MAX_GAP', oldValue: '3600', newValue: '60' });
    const all = await list('');
    expect(all.nodes.map(({ sensorId }: any) => sensorId)).not.toContain(String(other));
    expect(await list(`(filter: { sensorId: ${other} })`)).toMatchObject({
      totalCount: 0,
      nodes: [],
    });
    expect(
      (await list('', world.theirs.admin)).nodes.map(({ sensorId }: any) => sensorId),
    ).toContain(String(other));
  });

  test('a viewer reads revisions and settings, and asking for events is forbidden', async () => {
    const { nodes } = await list('', world.ours.reader);
    expect(nodes.map(said)).toEqual(['REVISION DELETE', 'SETTING MAX_GAP', 'REVISION REPLACE']);
    const { errors } = await send(
      '{ accountLog(filter: { kinds: [EVENT] }) { totalCount } }',
      world.ours.reader,
    );
    expect(errors[0]!.extensions!.code).toBe('FORBIDDEN');
    const { errors: refused } = await send('{ accountLog { totalCount } }', world.ours.ingester);
    expect(refused[0]!.extensions!.code).toBe('FORBIDDEN');
  });

  test('the pages of the log, of any size and in both directions, make up the list', async () => {
    const whole = (await list('(first: 1000)')).nodes;
    for (const size of [1, 2, 5]) {
      const forwards: unknown[] = [];
      let page = await list(`(first: ${size})`);
      for (;;) {
        forwards.push(...page.nodes);
        if (!page.pageInfo.hasNextPage) break;
        page = await list(`(first: ${size}, after: "${page.pageInfo.endCursor}")`);
      }
      expect(forwards).toEqual(whole);
      const backwards: unknown[] = [];
      page = await list(`(last: ${size})`);
      for (;;) {
        backwards.unshift(...page.nodes);
        if (!page.pageInfo.hasPreviousPage) break;
        page = await list(`(last: ${size}, before: "${page.pageInfo.startCursor}")`);
      }
      expect(backwards).toEqual(whole);
    }
  });

  test('entries of one millisecond have an order, too', async () => {
    const { pool } = world.test.database;
    await pool.query(`UPDATE ping_revision SET revised_at = '2026-02-01'`);
    await pool.query(`UPDATE sensor_configuration_change SET recorded_at = '2026-02-01'`);
    await pool.query(`UPDATE audit_event SET at = '2026-02-01'`);
    const whole = (await list('(first: 1000)')).nodes;
    expect(new Set(whole.map(({ kind }: any) => kind)).size).toBe(3);
    const found: unknown[] = [];
    let after = '';
    for (let count = 0; count < whole.length; count += 1) {
      const page = await list(`(first: 1${after})`);
      found.push(...page.nodes);
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    expect(found).toEqual(whole);
    expect((await list('(filter: { start: "2026-02-01T00:00:00.001Z" })')).totalCount).toBe(0);
    expect((await list('(filter: { end: "2026-02-01" })')).totalCount).toBe(0);
    const within = await list('(filter: { start: "2026-02-01", end: "2026-02-02" })');
    expect(within.totalCount).toBe(whole.length);
  });

  test('entries are found by kind, by type and by person; a wrong cursor and a wrong person are named', async () => {
    const kinds = await list('(filter: { kinds: [SETTING] })');
    expect(kinds.nodes.map(said)).toEqual(['SETTING MAX_GAP']);
    const types = await list('(filter: { kinds: [EVENT, REVISION], types: [PINGS_DELETED] })');
    expect(types.nodes.map(said).sort()).toEqual([
      'EVENT PINGS_DELETED',
      'REVISION DELETE',
      'REVISION REPLACE',
    ]);
    expect((await list('(filter: { kinds: [] })')).nodes).toEqual([]);
    expect((await list('(filter: { person: "operator" })')).totalCount).toBeGreaterThan(6);
    expect((await list('(filter: { person: "nobody" })')).totalCount).toBe(0);
    for (const [args, field] of [
      ['(after: "x")', 'after'],
      ['(filter: { person: "a\\u0000" })', 'person'],
    ] as const) {
      const { errors } = await send(`{ accountLog${args} { nodes { id } } }`);
      expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    }
  });
});
