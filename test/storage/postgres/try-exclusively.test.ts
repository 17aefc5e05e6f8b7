import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tryExclusively } from '../../../src/storage/postgres/try-exclusively.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

let on: TestDatabase;

beforeAll(async () => {
  on = await createTestDatabase();
});

afterAll(() => on.drop());

test('work is skipped while another session runs work of the same name, and only then', async () => {
  const { pool } = on.database;
  const ran: string[] = [];
  const run = (name: string, work: string, inner?: () => Promise<void>) =>
    tryExclusively(pool, name, async () => {
      await inner?.();
      ran.push(work);
    });
  await run('a', 'outer', async () => {
    await run('a', 'skipped');
    await run('b', 'other name');
  });
  await run('a', 'afterwards');
  expect(ran).toEqual(['other name', 'outer', 'afterwards']);
});

test('work that fails rejects, and the next run is not skipped', async () => {
  const { pool } = on.database;
  await expect(
    tryExclusively(pool, 'a', () => Promise.reject(new Error('work failed'))),
  ).rejects.toThrow('work failed');
  let ran = false;
  await tryExclusively(pool, 'a', () => {
    ran = true;
    return Promise.resolve();
  });
  expect(ran).toBe(true);
});
