import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openDatabase, type Storage } from '../../src/storage/open-database.js';
import { ReadRefusedError } from '../../src/storage/postgres/pg-errors.js';
import { Database } from '../../src/storage/postgres/database.js';
import { tryExclusively } from '../../src/storage/postgres/try-exclusively.js';
import { createTestDatabase, urlOf, type TestDatabase } from '../helpers/database.js';
import { createTestDomain } from '../helpers/domain.js';
import { createTenant } from '../helpers/graphql.js';
import { startTransactionPooler, type TransactionPooler } from '../helpers/transaction-pooler.js';
import { TestReceiver } from '../helpers/webhooks.js';

const MINUTE = 60_000;
const START = Date.UTC(2025, 0, 1);

let server: TestDatabase;
let pooler: TransactionPooler;
let storage: Storage | undefined;

beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());
afterEach(async () => {
  await storage?.close();
  storage = undefined;
  await pooler.close();
});

const open = (directUrl?: string) =>
  openDatabase({ databaseUrl: urlOf(pooler.connection), directUrl, dataDir: '/nonexistent' });

async function refusal(directUrl?: string): Promise<string> {
  return open(directUrl).then(
    () => 'opened',
    (error: Error) => error.message,
  );
}

test('a pooler that shares its sessions is refused without DATABASE_DIRECT_URL, and with one through the same pooler', async () => {
  pooler = await startTransactionPooler(server.connection, { keepsStatements: true });
  const { database } = server.connection;
  expect(await refusal()).toMatch(
    `/${database} cannot be used: a pooler shares its sessions between connections; set DATABASE_DIRECT_URL to the server`,
  );
  expect(await refusal(urlOf(pooler.connection))).toMatch(
    `/${database} cannot be used: a pooler shares its sessions between connections, too`,
  );
});

test('a pooler that loses named statements is refused with the version and the setting that keep them', async () => {
  pooler = await startTransactionPooler(server.connection, { keepsStatements: false });
  expect(await refusal(server.url)).toMatch(
    /named statements get lost .* PgBouncer 1\.21 or newer with max_prepared_statements = 1000/,
  );
});

test('behind a pooler that shares its sessions all works with DATABASE_DIRECT_URL, once the role has the settings that the refusal names', async () => {
  pooler = await startTransactionPooler(server.connection, { keepsStatements: true });
  const refused = await refusal(server.url);
  expect(refused).toMatch(
    /sessions that a pooler shares need settings of the role: run ALTER ROLE/,
  );
  const statements = /: run (.*;) and then RECONNECT/.exec(refused)![1]!;
  await server.database.pool.query(statements);
  pooler.reconnect();

  storage = await open(server.url);
  const { database } = storage;
  const receiver = await new TestReceiver().listen();
  const domain = createTestDomain(database);
  const tenant = await createTenant(server, 'ours');
  await domain.realtime.start();
  domain.webhookWorker.start();
  try {
    const sensorId = (await domain.sensors.create(tenant.principal, { name: 'Sensor' })).id;
    await domain.webhooks.create(tenant.principal, { url: receiver.url });
    const record = (minute: number) =>
      domain.pings.record(
        tenant.principal,
        [{ sensorId, flowrate: 1440, datetime: new Date(START + minute * MINUTE) }],
        { onConflict: 'REJECT' },
      );
    await Promise.all(Array.from({ length: 121 }, (_, minute) => record(minute)));
    const range = { start: new Date(START), end: new Date(START + 120 * MINUTE) };
    const volumes = await Promise.all(
      Array.from({ length: 30 }, () =>
        domain.volumes.ofRange(tenant.principal, [sensorId], range, 'LINEAR'),
      ),
    );
    expect(volumes.map((each) => each.get(sensorId)!.volume)).toEqual(Array(30).fill(120));
    await receiver.received(121);

    // Another instance, without the pooler, receives what this one sends, and sees its locks.
    await domain.feed.caughtUp();
    let runs = 0;
    await tryExclusively(database.sessions, 'test', async () => {
      runs++;
      await tryExclusively(server.database.pool, 'test', () => Promise.resolve(runs++));
    });
    expect(runs).toBe(1);
  } finally {
    await domain.webhookWorker.close(2000);
    await domain.realtime.close();
    await domain.authenticator.close();
    await receiver.close();
  }
});

test('a read that takes too long is cancelled, also where sessions are shared and can have no time limit', async () => {
  pooler = await startTransactionPooler(server.connection, { keepsStatements: true });
  const direct: pg.PoolConfig = server.connection;
  const database = new Database(direct, { direct, readTimeoutMs: 50 });
  try {
    const sleep = { name: 'sleep', text: 'SELECT pg_sleep(600)' };
    await expect(database.reads.query({ accountId: 1 }, sleep, [])).rejects.toThrow(
      ReadRefusedError,
    );
    const { rows } = await database.reads.pool.query('SHOW statement_timeout');
    expect(rows).toEqual([{ statement_timeout: '0' }]);
  } finally {
    await database.close();
  }
});
