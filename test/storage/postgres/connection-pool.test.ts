import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../../src/storage/postgres/connection-pool.js';
import { createEmptyDatabase, type TestDatabase } from '../../helpers/database.js';

const MINUTE_MS = 60_000;

let scratch: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  scratch = await createEmptyDatabase();
  pool = createPool(scratch.connection);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await pool.end();
  await scratch.drop();
});

async function processId(): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}

test('a connection that is not used stays open for some minutes, and is closed then', async () => {
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const first = await processId();
  const [closeIdle, after] = timers.mock.calls.find(([, delay]) => delay! >= 5 * MINUTE_MS)!;
  expect(after).toBeLessThan(60 * MINUTE_MS);
  expect(await processId()).toBe(first);

  const closed = new Promise((resolve) => pool.once('remove', resolve));
  closeIdle();
  await closed;
  expect(await processId()).not.toBe(first);
});
