import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  Database,
  type Statement,
  type Transaction,
} from '../../../src/storage/postgres/database.js';
import { DatabaseUnavailableError } from '../../../src/storage/postgres/pg-errors.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { severable, type SeverableConnection } from '../../helpers/severable-connection.js';

const one: Statement = { name: 'one', text: 'SELECT 1 AS one' };

describe('a transaction whose connection breaks', () => {
  let scratch: TestDatabase;
  let line: SeverableConnection;
  let database: Database;
  beforeAll(async () => {
    scratch = await createTestDatabase();
    line = await severable(scratch.connection);
    database = new Database(line.connection);
  });
  afterAll(async () => {
    await database.close();
    await line.close();
    await scratch.drop();
  });

  test('a transaction whose connection breaks between two statements fails as unavailable, and the process goes on', async () => {
    const broken = database.transaction(async (transaction) => {
      await transaction.query(one, []);
      await severed(transaction, line);
      await transaction.query(one, []);
    });
    await expect(broken).rejects.toBeInstanceOf(DatabaseUnavailableError);
    line.restore();
    expect(await database.query(one, [])).toEqual([{ one: 1 }]);
  });
});

test('after a time without writes, such as a failover, no connection from that time is used for a write', async () => {
  const { database, connection, drop } = await createTestDatabase();
  const alter = (change: string) =>
    database.pool.query(`ALTER DATABASE ${connection.database} ${change}`);
  const insert: Statement = {
    name: 'insert_account',
    text: 'INSERT INTO account (name) VALUES ($1)',
  };
  await alter('SET default_transaction_read_only = on');
  const standby = new Database(connection);
  const write = (name: string) => [
    standby.query(insert, [`${name} 1`]),
    standby.transaction((transaction) => transaction.query(insert, [`${name} 2`])),
    standby.pipeline((transaction) => transaction.query(insert, [`${name} 3`])),
    standby.prisma.account.create({ data: { name: `${name} 4` } }),
    standby.prisma.$transaction([standby.prisma.account.create({ data: { name: `${name} 5` } })]),
  ];
  for (const written of await Promise.allSettled(write('standby'))) {
    expect(written).toEqual({
      status: 'rejected',
      reason: expect.any(DatabaseUnavailableError) as unknown,
    });
  }
  await alter('RESET default_transaction_read_only');
  await Promise.all(write('primary'));
  expect(await database.prisma.account.count()).toBe(5);
  await standby.close();
  await drop();
});

describe('a pipeline', () => {
  let scratch: TestDatabase;
  beforeAll(async () => {
    scratch = await createTestDatabase();
  });
  afterAll(() => scratch.drop());

  const insert: Statement = {
    name: 'insert_account',
    text: 'INSERT INTO account (name) VALUES ($1) RETURNING id',
  };
  const fail: Statement = { name: 'fail', text: 'SELECT 1 / $1::int' };
  const named = (name: string) => scratch.database.prisma.account.count({ where: { name } });

  test('a pipeline commits what was sent and not waited for', async () => {
    const { database } = scratch;
    const seen = await database.pipeline(async (transaction) => {
      transaction.send(insert, ['sent']);
      return transaction.query(one, []);
    });
    expect(seen).toEqual([{ one: 1 }]);
    expect(await named('sent')).toBe(1);
  });

  test('a pipeline fails with the error of its statement, commits nothing, and the next one works', async () => {
    const { database } = scratch;
    const failed = database.pipeline(async (transaction) => {
      transaction.send(insert, ['lost']);
      transaction.send(fail, [0]);
      transaction.send(insert, ['lost too']);
      return Promise.resolve();
    });
    await expect(failed).rejects.toThrow('division by zero');
    expect(await named('lost')).toBe(0);
    expect(await database.pipeline((transaction) => transaction.query(one, []))).toEqual([
      { one: 1 },
    ]);
  });
});

describe("Prisma's interactive transactions", () => {
  let scratch: TestDatabase;
  beforeAll(async () => {
    scratch = await createTestDatabase();
    await scratch.database.prisma.account.create({ data: { name: 'locked' } });
  });
  afterAll(() => scratch.drop());

  const lockFor = (seconds: number): Statement => ({
    name: `lock_${seconds}`,
    text: `SELECT pg_sleep(${seconds}) FROM (SELECT id FROM account FOR UPDATE) locked`,
  });

  test("a transaction waits for a row, as that of a webhook is locked by its account's own pings, for longer than 5 s", async () => {
    const { database } = scratch;
    const released = database.transaction((transaction) => transaction.query(lockFor(5.5), []));
    await isLocked(database);
    const renamed = database.prisma.$transaction(async (transaction) => {
      await transaction.account.updateMany({ data: { name: 'renamed' } });
      return transaction.account.findFirst();
    });
    await released;
    expect(await renamed).toMatchObject({ name: 'renamed' });
  });

  test('a transaction that no connection is free for in time fails as unavailable', async () => {
    const { database } = scratch;
    const { pool } = database;
    const clients = await Promise.all(
      Array.from({ length: pool.options.max }, () => pool.connect()),
    );
    const refused = database.prisma.$transaction(() => Promise.resolve(), { maxWait: 50 });
    const [outcome] = await Promise.allSettled([refused]);
    for (const client of clients) client.release();
    expect(outcome).toMatchObject({ reason: expect.any(DatabaseUnavailableError) as unknown });
  });

  test('a transaction that waits for too long fails as unavailable, and changes nothing', async () => {
    const { database } = scratch;
    const before = await database.prisma.account.findMany();
    const released = database.transaction((transaction) => transaction.query(lockFor(0.5), []));
    await isLocked(database);
    const refused = database.prisma.$transaction(
      async (transaction) => {
        await transaction.account.updateMany({ data: { name: 'too late' } });
        await transaction.account.findFirst();
      },
      { timeout: 50 },
    );
    await expect(refused).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await released;
    expect(await database.prisma.account.findMany()).toEqual(before);
  });

  /** Waits until the account is locked. */
  async function isLocked(database: Database): Promise<void> {
    const free: Statement = {
      name: 'free',
      text: 'SELECT id FROM account FOR UPDATE SKIP LOCKED',
    };
    while ((await database.query(free, [])).length > 0);
  }
});

test.each(['transaction', 'pipeline'] as const)(
  'a %s that PostgreSQL gives up for a deadlock runs again from its start',
  async (kind) => {
    const { database, drop } = await createTestDatabase();
    const accounts = ['A', 'B'].map((name) => ({ name }));
    await database.prisma.account.createMany({ data: accounts });
    const touch: Statement = {
      name: 'touch',
      text: 'UPDATE account SET name = name WHERE name = $1',
    };
    let bothLock = (): void => undefined;
    const bothLocked = new Promise<void>((resolve) => (bothLock = resolve));
    let locked = 0;
    let attempts = 0;
    const work = (first: string, second: string) =>
      database[kind](async (transaction: Transaction) => {
        attempts++;
        await transaction.query(touch, [first]);
        if (++locked === 2) bothLock();
        await bothLocked;
        await transaction.query(touch, [second]);
      });
    await Promise.all([work('A', 'B'), work('B', 'A')]);
    expect(attempts).toBeGreaterThan(2);
    await drop();
  },
);

/** Waits until the client has noticed. */
function severed({ client }: Transaction, line: SeverableConnection): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', () => resolve());
    line.sever();
  });
}
