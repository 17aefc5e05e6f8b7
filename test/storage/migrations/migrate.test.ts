import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isMigrated, migrate } from '../../../src/storage/migrations/migrate.js';
import { listMigrationNames } from '../../../src/storage/migrations/schema-engine.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../helpers/database.js';

describe('The schema is migrated on start', () => {
  let empty: TestDatabase;
  beforeAll(async () => {
    empty = await createEmptyDatabase();
  });
  afterAll(() => empty.drop());

  test('an empty database gets every migration in order, once, however many instances start at once', async () => {
    const { pool } = empty.database;
    expect(await isMigrated(pool)).toBe(false);
    const results = await Promise.all([migrate(pool), migrate(pool), migrate(pool)]);
    const expected = await listMigrationNames();
    expect(expected.length).toBeGreaterThan(0);
    expect(results.flat()).toEqual(expected);
    expect(await isMigrated(pool)).toBe(true);
    expect(await migrate(pool)).toEqual([]);
  });

  test("the record is the table of Prisma's own command line", async () => {
    const { rows } = await empty.database.pool.query(
      'SELECT migration_name, finished_at FROM _prisma_migrations ORDER BY migration_name',
    );
    expect(rows.map((row) => row.migration_name)).toEqual(await listMigrationNames());
    expect(rows.every((row) => row.finished_at instanceof Date)).toBe(true);
  });

  test('a database that holds tables of somebody else is refused in one line', async () => {
    const other = await createEmptyDatabase();
    try {
      await other.database.pool.query('CREATE TABLE account (id int)');
      await expect(migrate(other.database.pool)).rejects.toThrow(
        /^The database could not be migrated: [^\n]+$/,
      );
    } finally {
      await other.drop();
    }
  });

  test('a test database is a migrated copy', async () => {
    const copy = await createTestDatabase();
    try {
      expect(await isMigrated(copy.database.pool)).toBe(true);
      expect(await copy.database.prisma.account.count()).toBe(0);
    } finally {
      await copy.drop();
    }
  });
});
