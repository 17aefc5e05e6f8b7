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
import { TestBroker, until } from '../helpers/broker.js';
import { createTestDomain } from '../helpers/domain.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { LISTENING, printed, startFlowgate } from './flowgate.js';

const START = Date.parse('2026-11-01T10:00:00Z');

let directory: string;
let broker: TestBroker;
let child: ChildProcess;
let lines: { pid: number; msg: string }[];
let embedded: EmbeddedDatabase;
let database: Database;
let domain: Domain;
let tenant: Tenant;
let connections = 0;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'flowgate-mqtt-workers-'));
  const dataDir = path.join(directory, 'data');
  broker = await TestBroker.listen();
  broker.aedes.on('client', () => connections++);
  const subscribed = broker.subscribed();
  lines = [];
  child = startFlowgate(
    {
      ...{ FLOWGATE_DATA_DIR: dataDir, FLOWGATE_WORKERS: '2', PORT: '0', FLOWGATE_DEMO: 'false' },
      FLOWGATE_MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
      ...{ FLOWGATE_MQTT_ACCOUNT: 'ours', FLOWGATE_MQTT_TOPICS: 'site/{sensor}/flow' },
    },
    ['serve'],
  );
  createInterface({ input: child.stderr! }).on('line', (line) => lines.push(JSON.parse(line)));
  await printed(child, LISTENING);
  await subscribed;
  embedded = await acquireEmbedded(dataDir);
  database = new Database(embedded.connection);
  domain = createTestDomain(database);
  tenant = await createTenant({ database } as never, 'ours');
});
afterAll(async () => {
  await database.close();
  await embedded.release();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  await broker.close();
  await rm(directory, { recursive: true, force: true });
});

/** The workers that were connected to the broker, one after another. */
const readers = () =>
  lines.filter(({ msg }) => msg === 'messages of the broker are read').map(({ pid }) => pid);

test('one of several workers is connected, and another one where it is killed: each message is stored once', async () => {
  const { id } = await domain.sensors.create(tenant.principal, { name: 'Pump 1' });
  const publish = async (from: number, to: number) => {
    for (let minute = from; minute < to; minute++) {
      const datetime = new Date(START + minute * 60_000).toISOString();
      await broker.publish('site/Pump 1/flow', { flowrate: minute, datetime });
    }
  };
  const stored = async () => {
    const sql = 'SELECT flowrate FROM ping WHERE sensor_id = $1 ORDER BY datetime';
    const { rows } = await database.pool.query<{ flowrate: number }>(sql, [id]);
    return rows.map(({ flowrate }) => flowrate);
  };
  await publish(0, 50);
  await until(stored, ({ length }) => length > 0);
  const [first] = await until(readers, ({ length }) => length > 0);
  const before = connections;
  const subscribed = broker.subscribed();
  process.kill(first!, 'SIGKILL');
  await publish(50, 100);
  await subscribed;
  await publish(100, 150);
  await until(stored, ({ length }) => length === 150);
  expect(await stored()).toEqual(Array.from({ length: 150 }, (_, minute) => minute));
  const [, second, ...others] = readers();
  expect(second).not.toBe(first);
  expect(others).toEqual([]);
  // The publisher has connected already: only the worker that took over has since.
  expect(connections - before).toBe(1);
  // A message that came again may be later than those after it by more than `maxGap`, which is logged as an insertion.
  const corrections =
    "SELECT new_flowrate FROM ping_revision WHERE sensor_id = $1 AND update_type <> 'INSERT'";
  expect((await database.pool.query(corrections, [id])).rows).toEqual([]);
});
