import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { hasOwnSessions } from '../../../src/storage/postgres/session-check.js';
import type { Session } from '../../../src/storage/postgres/session-settings.js';
import { createEmptyDatabase, type TestDatabase } from '../../helpers/database.js';

let scratch: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  scratch = await createEmptyDatabase();
  pool = new pg.Pool(scratch.connection);
});
afterAll(async () => {
  await pool.end();
  await scratch.drop();
});

/** A client of a pooler that hands out sessions by the transaction. */
function pooledSession(): Session {
  let transaction: pg.PoolClient | undefined;
  const query = async (text: string) => {
    if (text === 'BEGIN') transaction = await pool.connect();
    const result = await (transaction ?? pool).query(text);
    if (text === 'ROLLBACK') {
      transaction!.release();
      transaction = undefined;
    }
    return result;
  };
  return { query } as unknown as Session;
}

test('connections without a pooler have sessions of their own', async () => {
  const clients = [new pg.Client(scratch.connection), new pg.Client(scratch.connection)] as const;
  await Promise.all(clients.map((client) => client.connect()));
  expect(await hasOwnSessions(...clients)).toBe(true);
  await Promise.all(clients.map((client) => client.end()));
});

test('connections that a pooler gives a session for each transaction have none of their own', async () => {
  expect(await hasOwnSessions(pooledSession(), pooledSession())).toBe(false);
});
