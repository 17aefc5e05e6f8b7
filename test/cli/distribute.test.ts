import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { runFlowgate } from './flowgate.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test.each([[], ['--dry-run'], ['--undo']])(
  'distribute %s refuses a server without Citus, and changes nothing',
  async (...options) => {
    expect(await runFlowgate({ DATABASE_URL: db.url }, ['distribute', ...options])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'flowgate: The database server has no Citus: install the extension on every node.\n',
    });
    const { rows } = await db.database.pool.query(
      `SELECT 1 FROM pg_constraint WHERE conname = 'flow_sensor_account_id_fkey'`,
    );
    expect(rows).toHaveLength(1);
  },
);

test('distribute refuses a number of shards that is none', async () => {
  const { status, stderr } = await runFlowgate({ DATABASE_URL: db.url }, [
    ...['distribute', '--shards', '0'],
  ]);
  expect(status).toBe(2);
  expect(stderr).toContain('It must be a whole number from 1 to 1024.');
});
