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
