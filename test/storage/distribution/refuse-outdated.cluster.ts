import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { prepareStorage } from '../../../src/composition/prepare-storage.js';
import { createLog } from '../../../src/http/log.js';
import { CLUSTER_OBJECTS } from '../../../src/storage/distribution/cluster-objects.js';
import { distribute } from '../../../src/storage/distribution/distribute.js';
import { ROWS_FUNCTION } from '../../../src/storage/distribution/rows-function.js';
import { StartupError } from '../../../src/storage/postgres/startup-error.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

const REFUSAL = new StartupError(
  'The database was distributed by an earlier version of Flowgate: run flowgate distribute of this version.',
);

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const start = () => prepareStorage({ ...db, embedded: undefined }, createLog('silent'));
const distributeAgain = () => distribute(db.database.pool, { undo: false, dryRun: false });

test.each(CLUSTER_OBJECTS)(
  'a server does not start on a distributed database without what distributing makes: $exists',
  async ({ drop, create }) => {
    await start();
    await db.database.pool.query(drop);
    await expect(start()).rejects.toEqual(REFUSAL);
    expect((await distributeAgain()).steps).toEqual(create);
    await start();
  },
);

test('a server does not start where a function is that of a version which called it otherwise', async () => {
  const { drop, create } = ROWS_FUNCTION;
  const { pool } = db.database;
  await pool.query(drop);
  await pool.query(create[0]!.replace(', asked bigint', ''));
  await expect(start()).rejects.toEqual(REFUSAL);
  await distributeAgain();
  await start();
});
