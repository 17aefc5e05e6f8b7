import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashOf } from '../../../src/storage/postgres/shard-map.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('ids are hashed as PostgreSQL hashes them', async () => {
  const { rows } = await db.database.pool.query<{ id: number; hash: number }>(
    `SELECT id, hashint4(id) AS hash FROM (
       SELECT generate_series(-100, 1000) UNION ALL VALUES (2147483647), (-2147483648), (1234567890)
     ) AS of (id)`,
  );
  expect(rows.length).toBeGreaterThan(1000);
  for (const { id, hash } of rows) expect([id, hashOf(id)]).toEqual([id, hash]);
});
