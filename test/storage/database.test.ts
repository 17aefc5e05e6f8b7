import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Database, type Statement, type Transaction } from '../../src/storage/database.js';
import { DatabaseAwayError } from '../../src/storage/failure.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { severable, type SeverableConnection } from '../helpers/severable-connection.js';

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

  test('between two of its statements fails as away, and the process goes on', async () => {
    const broken = database.transaction(async (transaction) => {
      await transaction.query(one, []);
      await severed(transaction, line);
      await transaction.query(one, []);
    });
    await expect(broken).rejects.toBeInstanceOf(DatabaseAwayError);
    line.restore();
    expect(await database.query(one, [])).toEqual([{ one: 1 }]);
  });
});

/** Waits until the client has noticed. */
function severed({ client }: Transaction, line: SeverableConnection): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', () => resolve());
    line.sever();
  });
}
