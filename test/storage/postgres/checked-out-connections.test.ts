import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CheckedOutConnections } from '../../../src/storage/postgres/checked-out-connections.js';
import { Database } from '../../../src/storage/postgres/database.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

let world: TestDatabase;
beforeAll(async () => {
  world = await createTestDatabase();
});
afterAll(() => world.drop());

test.each(['transaction', 'pipeline'] as const)(
  'an aborted %s rolls back and does not keep the database from closing',
  async (kind) => {
    const database = new Database(world.connection);
    const connections = new CheckedOutConnections(database.pools);
    let begun = (): void => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const work = database[kind](async ({ client }) => {
      await client.query('INSERT INTO account (name) VALUES ($1)', [kind]);
      begun();
      await client.query('SELECT pg_sleep(3600)');
    });
    const failure = work.catch((error: unknown) => error);
    await running;
    const closed = database.close();
    connections.abort();
    expect(await failure).toBeInstanceOf(Error);
    await closed;
    expect(await world.database.prisma.account.count({ where: { name: kind } })).toBe(0);
  },
);
