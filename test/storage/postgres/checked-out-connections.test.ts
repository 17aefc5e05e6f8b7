import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CheckedOutConnections } from '../../../src/storage/postgres/checked-out-connections.js';
import { Database } from '../../../src/storage/postgres/database.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

let world: TestDatabase;
beforeAll(async () => {
  world = await createTestDatabase();
});
afterAll(() => world.drop());

test('an aborted transaction rolls back and does not keep the database from closing', async () => {
  const database = new Database(world.connection);
  const connections = new CheckedOutConnections(database);
  let begun = (): void => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const work = database.transaction(async ({ client }) => {
    await client.query("INSERT INTO account (name) VALUES ('aborted')");
    begun();
    await client.query('SELECT pg_sleep(3600)');
  });
  await running;
  const closed = database.close();
  connections.abort();
  await expect(work).rejects.toThrow();
  await closed;
  expect(await world.database.prisma.account.count({ where: { name: 'aborted' } })).toBe(0);
});
