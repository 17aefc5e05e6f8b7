import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Domain } from '../../src/composition/domain.js';
import { acquireEmbedded, type EmbeddedDatabase } from '../../src/storage/embedded/embedded.js';
import { Database } from '../../src/storage/postgres/database.js';
import { TestCollector } from '../helpers/collector.js';
import { createTestDomain } from '../helpers/domain.js';
import { isAlive, postmasterPid } from '../helpers/embedded.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { call, JSON_BODY, token } from '../helpers/server.js';
import { eventsOf, PING_RECEIVED } from '../helpers/subscriptions.js';
import { TestReceiver, until } from '../helpers/webhooks.js';
import { LISTENING, printed, startFlowgate } from './flowgate.js';

const SENSORS = '/api/v1/flow_sensors/';
const RATE_LIMIT = 60;
const SUBSCRIPTION_LIMIT = 2;
const WRITERS = 4;
const MINUTE = 60_000;
const ORIGIN = Date.parse('2024-03-01T00:00:00Z');

let directory: string;
let dataDir: string;
let child: ChildProcess;
let url: string;
let metricsUrl: string;
/** what the processes have logged */
let lines: { pid: number; msg: string; url?: string }[];
/** the processes that serve requests, in the order in which they began to listen */
const workers = () => lines.filter(({ msg }) => msg === 'the server listens').map(({ pid }) => pid);
// The test's own way to the database, beside the server as a command's is.
let embedded: EmbeddedDatabase;
let database: Database;
let domain: Domain;
let tenant: Tenant;
let sensorId: number;
let receiver: TestReceiver;
let collector: TestCollector;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'flowgate-workers-'));
  dataDir = path.join(directory, 'data');
  receiver = await new TestReceiver().listen();
  collector = await new TestCollector().listen();
  lines = [];
  child = startFlowgate(
    {
      ...{ FLOWGATE_DATA_DIR: dataDir, FLOWGATE_WORKERS: '2', PORT: '0', METRICS_PORT: '0' },
      FLOWGATE_BACKUP_DIR: path.join(directory, 'backups'),
      ...{ FLOWGATE_DEMO: 'false', LOG_LEVEL: 'debug', WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true' },
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '100' },
      ...{ RATE_LIMIT: `${RATE_LIMIT}`, SUBSCRIPTION_LIMIT: `${SUBSCRIPTION_LIMIT}` },
    },
    ['serve'],
  );
  createInterface({ input: child.stderr! }).on('line', (line) => lines.push(JSON.parse(line)));
  url = await printed(child, LISTENING);
  metricsUrl = lines.find(({ msg }) => msg === 'metrics are served')!.url!;
  embedded = await acquireEmbedded(dataDir);
  database = new Database(embedded.connection);
  domain = createTestDomain(database);
  tenant = await createTenant({ database } as never, 'ours');
  sensorId = (await domain.sensors.create(tenant.principal, { name: 'Sensor' })).id;
});

afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL');
  await receiver.close();
  await collector.close();
  await rm(directory, { recursive: true, force: true });
});

async function newToken(scope: 'READ' | 'INGEST') {
  return domain.tokens.create(tenant.principal, { name: 'Token', scopes: [scope] });
}

/** On a connection of its own, which any of the workers may accept. */
const get = (key: string) => call(url, SENSORS, { headers: token(key) });

async function post(key: string, minute: number, flowrate: number) {
  const datetime = new Date(ORIGIN + minute * MINUTE).toISOString();
  return call(url, `${SENSORS}${sensorId}/pings/`, {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify({ datetime, flowrate }),
  });
}

test('two processes serve one port, and their limit of requests is one limit', async () => {
  expect(new Set(workers()).size).toBe(2);
  expect(workers()).not.toContain(child.pid);
  const { key } = await newToken('READ');
  const replies = await Promise.all(Array.from({ length: RATE_LIMIT + 40 }, () => get(key)));
  const statuses = replies.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(RATE_LIMIT).fill(200), ...Array(40).fill(429)]);
  const served = await until(() => {
    const requests = lines.filter(({ msg }) => msg === 'request');
    const pids = requests.length >= replies.length && new Set(requests.map(({ pid }) => pid));
    return Promise.resolve(pids);
  });
  expect(served).toEqual(new Set(workers()));
  const { text } = await call(metricsUrl, '/metrics');
  expect(text).toContain('\nflowgate_workers 2\n');
  expect(text).toContain(`status_code="200"} ${RATE_LIMIT}\n`);
  expect(text).toContain('\nflowgate_database_up 1\n');
  await collector.until(() => collector.instances.size === 2);
});

test('a token that is revoked ends at both workers', async () => {
  const { id, key } = await newToken('READ');
  const many = async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => get(key)));
    return replies.map(({ status }) => status);
  };
  expect(new Set(await many())).toEqual(new Set([200]));
  await domain.tokens.revoke(tenant.principal, id);
  // A credential in use is looked up again within a second.
  await until(async () => (await many()).every((status) => status === 401));
});

test('subscriptions receive what any worker records, and their limit is one limit', async () => {
  const send = (body: string, headers: Record<string, string>) =>
    fetch(`${url}/graphql`, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body });
  const { key } = await newToken('READ');
  const subscribe = () => eventsOf({ post: send }, key, PING_RECEIVED);
  const open = [await subscribe(), await subscribe()];
  await expect(subscribe()).rejects.toThrow(/At most 2 subscriptions/);
  await expect(subscribe()).rejects.toThrow(/At most 2 subscriptions/);
  const ingest = (await newToken('INGEST')).key;
  for (const flowrate of [1, 2]) {
    expect((await post(ingest, -flowrate, flowrate)).status).toBe(201);
  }
  for (const events of open) {
    const received = [(await events.next()).value, (await events.next()).value];
    expect(received.map(({ data }) => data.pingReceived.flowrate)).toEqual([1, 2]);
    await events.return(undefined);
  }
  // What has ended leaves room.
  const next = await until(() => subscribe().catch(() => undefined));
  await next.return(undefined);
});

test('kill -9 of a worker under load loses no acknowledged ping and no delivery, and it is replaced', async () => {
  await domain.webhooks.create(tenant.principal, { url: receiver.url });
  const keys = await Promise.all(Array.from({ length: WRITERS }, () => newToken('INGEST')));
  const acknowledged: number[] = [];
  let onAcknowledged = (): void => undefined;
  let isWriting = true;
  const writer = async (key: string, number: number) => {
    for (let turn = 0; isWriting && turn < RATE_LIMIT / 2; turn++) {
      const minute = turn * WRITERS + number;
      // A client whose connection broke sends the same again.
      const reply = await post(key, minute, minute).catch(() => post(key, minute, minute));
      expect(reply.status).toBe(201);
      acknowledged.push(minute);
      onAcknowledged();
    }
  };
  const writing = Promise.all(keys.map(({ key }, number) => writer(key, number)));
  const more = (count: number) =>
    new Promise<void>((resolve) => {
      const enough = acknowledged.length + count;
      onAcknowledged = () => acknowledged.length >= enough && resolve();
    });
  await Promise.race([more(20), writing]);
  const [killed, other] = workers();
  process.kill(killed!, 'SIGKILL');
  await Promise.race([more(20), writing]);
  const replacement = await until(() => Promise.resolve(workers()[2]));
  isWriting = false;
  await writing;
  expect([killed, other]).not.toContain(replacement);
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: 'a worker ended and is replaced',
      worker: killed,
      signal: 'SIGKILL',
    }),
  );
  const { key } = await newToken('READ');
  const before = lines.length;
  await until(async () => {
    await Promise.all(Array.from({ length: 6 }, () => get(key)));
    return lines.slice(before).some(({ msg, pid }) => msg === 'request' && pid === replacement);
  });

  const { rows } = await database.pool.query<{ flowrate: number }>(
    'SELECT flowrate FROM ping WHERE sensor_id = $1 AND flowrate = ANY ($2)',
    [sensorId, acknowledged],
  );
  expect(new Set(rows.map(({ flowrate }) => flowrate))).toEqual(new Set(acknowledged));
  await until(() => {
    const delivered = new Set(receiver.hits.map(({ body }) => JSON.parse(body).data.flowrate));
    return Promise.resolve(acknowledged.every((minute) => delivered.has(minute)));
  });
});

test('SIGTERM ends the workers, then PostgreSQL, then the server with status 0', async () => {
  await database.close();
  await embedded.release();
  // It takes spans without an answer from now on, and there is one of a request.
  collector.isHanging = true;
  await call(url, SENSORS);
  expect(await postmasterPid(dataDir)).toBeDefined();
  // Two workers have led, one after the other, and the scheduled backup was written once.
  const backups = lines.filter(({ msg }) => msg === 'a backup was written');
  expect(workers()).toContain(backups[0]?.pid);
  expect(backups).toHaveLength(1);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(workers().filter(isAlive)).toEqual([]);
  expect(await postmasterPid(dataDir)).toBeUndefined();
  const stops = lines.filter(({ msg }) => msg === 'the server has stopped').map(({ pid }) => pid);
  expect(stops).toEqual([expect.any(Number), expect.any(Number), child.pid]);
});
