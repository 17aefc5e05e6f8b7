import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listMigrationNames } from '../../src/storage/migrations/schema-engine.js';
import { createEmptyDatabase, type TestDatabase } from '../helpers/database.js';
import { runFlowgate, type Environment } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;
beforeEach(async () => {
  db = await createEmptyDatabase();
  environment = { DATABASE_URL: db.url };
});
afterEach(() => db.drop());

test('migrate status and --dry-run show what is pending and change nothing; migrate applies it', async () => {
  const names = await listMigrationNames();
  const pending = await runFlowgate(environment, ['migrate', 'status']);
  expect(pending.status).toBe(1);
  expect(pending.stdout.match(/ pending$/gm)).toHaveLength(names.length);
  expect(pending.stderr).toBe(
    `flowgate: ${names.length} pending; \`flowgate migrate\` applies them.\n`,
  );
  expect(await runFlowgate(environment, ['migrate', '--dry-run'])).toEqual({
    status: 0,
    stdout: names.map((name) => `would apply ${name}\n`).join(''),
    stderr: '',
  });
  const { rows } = await db.database.pool.query(
    `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(rows).toEqual([]);

  expect((await runFlowgate(environment, ['migrate'])).stdout).toBe(
    names.map((name) => `applied ${name}\n`).join(''),
  );
  const done = await runFlowgate(environment, ['migrate', 'status']);
  expect(done).toMatchObject({ status: 0, stderr: 'The database is up to date.\n' });
  expect(done.stdout.match(/ applied$/gm)).toHaveLength(names.length);
  expect((await runFlowgate(environment, ['migrate', '--dry-run'])).stdout).toBe(
    'The database is up to date.\n',
  );
});

test('migrate status names a migration of a newer version', async () => {
  await runFlowgate(environment, ['migrate']);
  await db.database.pool.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
     VALUES ('x', 'x', '20991231000000_future', now())`,
  );
  const newer = await runFlowgate(environment, ['migrate', 'status']);
  expect(newer.status).toBe(1);
  expect(newer.stdout).toMatch(/^20991231000000_future +unknown$/m);
  expect(newer.stderr).toMatch(/^flowgate: A newer version of Flowgate [^\n]+\n$/);
});
