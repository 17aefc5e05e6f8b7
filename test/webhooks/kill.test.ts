import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { printed, startFlowgate } from '../cli/flowgate.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { TestReceiver, until } from '../helpers/webhooks.js';

const KILLS = 4;
const BATCH = 20;
const WRITERS = 4;

let on: TestDatabase;
let tenant: Tenant;
let receiver: TestReceiver;
let server: ChildProcess;

beforeAll(async () => {
  on = await createTestDatabase();
  tenant = await createTenant(on, 'killed');
  receiver = await new TestReceiver().listen();
});

afterAll(async () => {
  // A test that failed leaves it running.
  server.kill('SIGKILL');
  await receiver.close();
  await on.drop();
});

/** @returns where it listens */
async function start(): Promise<string> {
  const environment = {
    DATABASE_URL: on.url,
    PORT: '0',
    LOG_LEVEL: 'silent',
    WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true',
  };
  server = startFlowgate(environment, ['serve']);
  return printed(server, /listening on (http:\S+)\n/);
}

function send(url: string, body: unknown): Promise<Response> {
  const headers = { authorization: `Token ${tenant.admin}`, 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function mutate(url: string, mutation: string): Promise<any> {
  return (await (await send(`${url}/graphql`, { query: `mutation { ${mutation} }` })).json()).data;
}

test('kill -9 at any moment loses no delivery, and each event keeps its webhook-id and number', async () => {
  let url = await start();
  const { createFlowSensor: sensor } = await mutate(
    url,
    'createFlowSensor(input: { name: "Sensor 1" }) { id }',
  );
  await mutate(url, `createWebhookEndpoint(input: { url: "${receiver.url}" }) { id }`);
  let minute = 0;
  const acknowledged = new Set<string>();

  /** Records pings until the server is gone. */
  const write = async (to: string): Promise<void> => {
    for (;;) {
      const pings = Array.from({ length: BATCH }, () => ({
        flowrate: 1,
        datetime: new Date(Date.UTC(2026, 0, 1) + minute++ * 60_000).toISOString(),
      }));
      const answer = await send(`${to}/api/v1/flow_sensors/${sensor.id}/pings/`, pings).catch(
        () => undefined,
      );
      if (!answer) return;
      // A busy machine may refuse some for the time being.
      if (answer.status !== 201) continue;
      for (const { datetime } of pings) acknowledged.add(datetime.replace('.000Z', 'Z'));
    }
  };

  for (let kill = 0; kill < KILLS; kill++) {
    const writers = Array.from({ length: WRITERS }, () => write(url));
    await receiver.received(receiver.hits.length + 50 + Math.floor(Math.random() * 200));
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await Promise.all([ended, ...writers]);
    url = await start();
  }

  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * BATCH);
  await until(async () => {
    const { rows } = await on.database.pool.query(
      `SELECT count(*)::int AS waiting FROM webhook_delivery WHERE status <> 'SUCCEEDED'`,
    );
    return rows[0].waiting === 0;
  });
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;

  const delivered = receiver.hits.map(({ headers, body }) => ({
    datetime: JSON.parse(body).data.datetime as string,
    id: `${String(headers['webhook-id'])} ${String(headers['fc-sequence'])}`,
  }));
  const datetimes = new Set(delivered.map(({ datetime }) => datetime));
  expect([...acknowledged].filter((datetime) => !datetimes.has(datetime))).toEqual([]);
  expect(new Set(delivered.map(({ id }) => id)).size).toBe(datetimes.size);
  const { rows } = await on.database.pool.query(
    'SELECT count(*)::int AS count, max(sequence)::int AS last FROM webhook_delivery',
  );
  expect(rows).toEqual([{ count: datetimes.size, last: datetimes.size }]);
});
