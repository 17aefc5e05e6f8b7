import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { isMigrated, migrate } from '../../../src/storage/migrations/migrate.js';
import { isDatabaseReady } from '../../../src/storage/migrations/readiness.js';
import {
  listMigrationNames,
  MIGRATIONS_DIRECTORY,
} from '../../../src/storage/migrations/schema-engine.js';
import { Database } from '../../../src/storage/postgres/database.js';
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

  test('an empty database gets every migration in order and once, no matter how many instances start together', async () => {
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

  test('a database that has tables of another program is refused in one line', async () => {
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

  test('a migration is applied while the server that applied the one before still runs', async () => {
    const { database: older, connection, drop } = await createEmptyDatabase();
    const newer = new Database(connection);
    const directory = await mkdtemp(path.join(tmpdir(), 'flowgate-migrations-'));
    const added = '20991231000000_future';
    try {
      await migrate(older.pool);
      await cp(MIGRATIONS_DIRECTORY, directory, { recursive: true });
      await mkdir(path.join(directory, added));
      await writeFile(
        path.join(directory, added, 'migration.sql'),
        'CREATE TABLE future (id int);',
      );
      expect(await migrate(newer.pool, { directory })).toEqual([added]);
      expect(await isMigrated(older.pool)).toBe(true);
    } finally {
      await rm(directory, { recursive: true });
      await newer.close();
      await drop();
    }
  });

  test('an instance that has to wait for another that migrates says so', async () => {
    const waited = await createEmptyDatabase();
    const { pool } = waited.database;
    const reasons: string[] = [];
    const other = new pg.Client(waited.connection);
    try {
      await other.connect();
      await other.query('SELECT pg_advisory_lock($1)', [0x666c6f77]);
      const migrating = migrate(pool, {
        onWait: (reason) => {
          reasons.push(reason);
          void other.end();
        },
      });
      expect(await migrating).toEqual(await listMigrationNames());
      expect(reasons).toEqual(['Waiting for another process that is migrating the database.']);
    } finally {
      await waited.drop();
    }
  });

  test('a database that a newer version has migrated is refused, and the migration is named', async () => {
    const newer = await createTestDatabase();
    const { pool } = newer.database;
    try {
      await pool.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
         VALUES ('x', 'x', '20991231000000_future', now())`,
      );
      await expect(migrate(pool)).rejects.toThrow(
        /^The database was migrated by a newer version of Flowgate \(20991231000000_future\)\. [^\n]+$/,
      );
      // A server that runs while a newer one migrates goes on until it is replaced.
      expect(await isDatabaseReady(pool)).toBe(true);
    } finally {
      await newer.drop();
    }
  });

  test("a role that may not create tables is refused without the engine's trace", async () => {
    const { database, connection, drop } = await createEmptyDatabase();
    const name = `${connection.database}_guest`;
    await database.pool.query(`CREATE ROLE ${name} LOGIN PASSWORD 'guest'`);
    const guest = new Database({ ...connection, user: name, password: 'guest' });
    try {
      await expect(migrate(guest.pool)).rejects.toThrow(
        /^The database could not be migrated: [^\n]*permission denied for schema public$/,
      );
    } finally {
      await guest.close();
      await database.pool.query(`DROP ROLE ${name}`);
      await drop();
    }
  });

  test('a database that takes no writes is not ready, and is again as soon as it takes them', async () => {
    const { database, connection, drop } = await createTestDatabase();
    await database.pool.query(
      `ALTER DATABASE ${connection.database} SET default_transaction_read_only = on`,
    );
    const standby = new Database(connection);
    try {
      expect(await isDatabaseReady(database.pool)).toBe(true);
      expect(await isDatabaseReady(standby.pool)).toBe(false);
      await database.pool.query(
        `ALTER DATABASE ${connection.database} RESET default_transaction_read_only`,
      );
      expect(await isDatabaseReady(standby.pool)).toBe(true);
    } finally {
      await standby.close();
      await drop();
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
