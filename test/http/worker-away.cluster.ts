import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SummaryStore } from '../../src/storage/summaries/summary-store.js';
import { nodesOf, type Node } from '../helpers/citus.js';
import {
  call,
  createServerWorld,
  JSON_BODY,
  token,
  type Reply,
  type World,
} from '../helpers/server.js';
import { TestReceiver } from '../helpers/webhooks.js';
import { severable, type SeverableConnection } from '../helpers/severable-connection.js';

/*
 * The coordinator reaches one of the workers through a way that can be cut, as pg_dist_node of the test's database says.
 */

const NOON = Date.parse('2026-01-01T12:00:00Z');

let world: World;
let way: SeverableConnection;
/** sensors of the worker that goes away */
let away: number[];
/** and of another one */
let there: number[];

beforeAll(async () => {
  world = await createServerWorld();
  const { connection } = world.test;
  const [, worker] = (await nodesOf(connection)) as [Node, Node];
  // citus_update_node of Citus 13.2 now and then ends the coordinator.
  way = await severable({ ...connection, ...worker });
  const { port } = way.connection;
  const [node] = await rows<{ groupid: number }>(
    `UPDATE pg_dist_node SET nodename = '127.0.0.1', nodeport = $3 WHERE (nodename, nodeport) = ($1, $2) RETURNING groupid`,
    [worker.host, worker.port, port],
  );
  away = [];
  there = [];
  while (away.length < 2 || there.length < 2) {
    const name = `Sensor ${away.length + there.length}`;
    const { id } = await world.server.services.sensors.create(world.ours.principal, { name });
    const [{ groupid }] = (await rows(
      `SELECT groupid FROM pg_dist_placement WHERE shardid = get_shard_id_for_distribution_column('flow_sensor', $1::int)`,
      [id],
    )) as [{ groupid: number }];
    (groupid === node!.groupid ? away : there).push(id);
  }
});

afterAll(async () => {
  await comeBack();
  await way.close();
  await world.close();
});

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await world.test.database.pool.query<Row>(sql, values)).rows;
}

/** Citus completes what was being committed, as it does by itself once a minute. */
async function comeBack(): Promise<void> {
  way.restore();
  for (;;) {
    try {
      await rows('SELECT recover_prepared_transactions()');
      return;
    } catch {
      // Its sessions on the worker have broken.
    }
  }
}

const sensor = (id: number) => `/api/v1/flow_sensors/${id}`;
const read = (path: string) => call(world.server.url, path, { headers: token(world.ours.reader) });
const volume = (id: number) =>
  read(`${sensor(id)}/flow_volume/2026-01-01T12:00:00Z/2026-01-01T13:00:00Z/`);

function send(path: string, key: string, body: unknown): Promise<Reply> {
  return call(world.server.url, path, {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify(body),
  });
}

const record = (id: number, second: number) =>
  send(`${sensor(id)}/pings/`, world.ours.ingester, {
    datetime: new Date(NOON + second * 1000),
    flowrate: second,
  });

const ask = (id: number) =>
  send('/graphql', world.ours.reader, {
    query: `{ flowSensor(id: "${id}") { name lastPing { flowrate } } }`,
  });

async function recordUntilDone(id: number, second: number): Promise<void> {
  for (;;) {
    const { status } = await record(id, second);
    if (status === 201) return;
    expect(status).toBe(503);
  }
}

function expectUnavailable(reply: Reply): void {
  expect(reply).toMatchObject({
    status: 503,
    body: { detail: 'Service temporarily unavailable, try again later.' },
  });
  expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/);
}

/** Each reading is stored once, and the summaries are those of the readings. */
async function expectStored(sensors: readonly number[], count: number): Promise<void> {
  const summaries = new SummaryStore(world.test.database);
  for (const id of sensors) {
    const [stored] = await rows<{ count: number }>(
      'SELECT count(*)::int AS count FROM ping WHERE sensor_id = $1',
      [id],
    );
    expect(stored!.count).toBe(count);
    expect(await summaries.check(id)).toEqual([]);
  }
}

test('while a worker is away what needs its sensors is 503 with Retry-After, all else is answered, and it recovers by itself', async () => {
  const all = [...away, ...there];
  for (const id of all) {
    expect(await record(id, 1)).toMatchObject({ status: 201 });
    expect(await volume(id)).toMatchObject({ status: 200 });
    expect(await ask(id)).toMatchObject({ status: 200, body: { data: { flowSensor: {} } } });
  }
  way.sever();
  // Several requests share a transaction.
  const posted = await Promise.all(all.map((id) => record(id, 2)));
  posted.slice(0, away.length).forEach(expectUnavailable);
  for (const reply of posted.slice(away.length)) expect(reply).toMatchObject({ status: 201 });
  for (const id of away) {
    expectUnavailable(await volume(id));
    expectUnavailable(await record(id, 3));
    const answer = await ask(id);
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { flowSensor: null }, errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
    });
  }
  for (const id of there) {
    expect(await volume(id)).toMatchObject({ status: 200 });
    expect(await record(id, 3)).toMatchObject({ status: 201 });
    expect(await ask(id)).toMatchObject({ status: 200, body: { data: { flowSensor: {} } } });
  }
  expectUnavailable(await read('/api/v1/flow_sensors/'));
  expect(await call(world.server.url, '/readyz')).toMatchObject({ status: 200 });
  await comeBack();
  for (const id of away) {
    for (const second of [2, 3]) await recordUntilDone(id, second);
    expect(await volume(id)).toMatchObject({ status: 200 });
  }
  expect(await read('/api/v1/flow_sensors/')).toMatchObject({ status: 200 });
  await expectStored(all, 3);
});

test('while a worker is away deliveries of its readings are sent, other readings are reported, and each exactly once', async () => {
  const { webhooks, webhookWorker } = world.server.services;
  const all = [...away, ...there];
  const receiver = await new TestReceiver().listen();
  receiver.answer = (_request, response) => response.writeHead(500).end();
  await webhooks.create(world.ours.principal, { url: receiver.url });
  webhookWorker.start();
  for (const id of all) expect(await record(id, 11)).toMatchObject({ status: 201 });
  await receiver.received(all.length);

  way.sever();
  const taken: string[] = [];
  receiver.answer = (_request, response, { body }) => {
    const { sensor_id, flowrate } = (JSON.parse(body) as { data: Record<string, number> }).data;
    taken.push(`${sensor_id} ${flowrate}`);
    response.end();
  };
  const event = (second: number) => (id: number) => `${id} ${second}`;
  for (const id of away) expectUnavailable(await record(id, 12));
  for (const id of there) await recordUntilDone(id, 12);
  // The second attempts, after five seconds, among them.
  await receiver.received(receiver.hits.length - taken.length + all.length + there.length);
  expect(taken.toSorted()).toEqual([...all.map(event(11)), ...there.map(event(12))].toSorted());

  await comeBack();
  for (const id of away) await recordUntilDone(id, 12);
  await receiver.received(2 * all.length + all.length);
  expect(taken.toSorted()).toEqual([...all.map(event(11)), ...all.map(event(12))].toSorted());
  await webhookWorker.close(2000);
  await receiver.close();
});
