import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServer, type Server } from '../../../src/composition/server.js';
import { loadConfig } from '../../../src/config.js';
import { createLog } from '../../../src/http/log.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTenant, type Tenant } from '../../helpers/graphql.js';
import { eventsOf, PING_RECEIVED, socketClient } from '../../helpers/subscriptions.js';

let database: TestDatabase;
let tenant: Tenant;
let app: Server;
beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await createTenant(database, 'ours');
  const config = loadConfig({ DATABASE_URL: database.url, PORT: '0' });
  app = await startServer(config, { log: createLog('silent') });
});
afterAll(() => database.drop());

test('subscriptions do not keep the server from ending, and each is notified', async () => {
  const instance = {
    url: `${app.url}/graphql`,
    post: (body: string, headers: Record<string, string> = {}) =>
      fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body,
      }),
  };
  const client = socketClient(instance, `Token ${tenant.reader}`);
  const closed = new Promise<any>((resolve) => client.on('closed', resolve));
  const events = await eventsOf(instance, tenant.reader, PING_RECEIVED);
  const overSocket = client.iterate({ query: PING_RECEIVED }).next();
  const ended = overSocket.catch((reason: unknown) => reason);
  await new Promise<void>((resolve) => client.on('message', () => resolve()));
  await app.close();
  expect((await events.next()).value.errors[0].extensions).toEqual({ code: 'RESYNC' });
  expect((await events.next()).done).toBe(true);
  expect((await closed).code).toBe(1001);
  await ended;
});
