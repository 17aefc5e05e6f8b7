import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BrokerReports } from '../../src/composition/broker-reports.js';
import { BrokerStateStore } from '../../src/storage/transfer/broker-state-store.js';
import { TestBroker, until } from '../helpers/broker.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { call, JSON_BODY, startServer, token, type TestServer } from '../helpers/server.js';

let database: TestDatabase;
let ours: Tenant;
let theirs: Tenant;
let broker: TestBroker;

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await createTenant(database, 'ours');
  theirs = await createTenant(database, 'theirs');
  broker = await TestBroker.listen();
});
afterAll(async () => {
  await broker.close();
  await database.drop();
});

const ask = async ({ url }: TestServer, key = ours.reader) => {
  const { body } = await call(url, '/graphql', {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify({
      query:
        '{ broker { url isConnected error lastMessageAt recorded refused lastRefused { at topic reason } } }',
    }),
  });
  return body.data.broker;
};

test('an instance that is not connected to the broker shows the state of the one that is', async () => {
  const subscribed = broker.subscribed();
  const mqtt = broker.config({});
  const connected = await startServer(database, { mqtt });
  await subscribed;
  const waiting = await startServer(database, { mqtt });
  await connected.services.sensors.create(ours.principal, { name: 'Pump 1' });
  await broker.publish('site/Pump 1/flow', { flowrate: 1, datetime: '2026-11-01T10:00:00Z' });
  await broker.publish('site/Pump 2/flow', { flowrate: 1, datetime: '2026-11-01T10:00:00Z' });
  const seen = await until(
    () => ask(waiting),
    ({ recorded, refused }) => recorded === 1 && refused === 1,
  );
  expect(seen).toMatchObject({ isConnected: true, error: null });
  expect(seen).toEqual(await ask(connected));
  expect(await ask(waiting, theirs.reader)).toBeNull();
  await connected.close();
  expect(await ask(waiting)).toMatchObject({
    isConnected: false,
    error: 'The instance that was connected has ended.',
  });
  await until(
    () => ask(waiting),
    ({ isConnected }) => isConnected,
  );
  await waiting.close();
});

test('the state of a broker says where no instance has reported for a while, or none was ever connected', async () => {
  const store = new BrokerStateStore(database.database);
  const { accountId } = ours.principal;
  const reports = (clientId: string) =>
    new BrokerReports({
      store,
      account: () => Promise.resolve({ id: accountId }),
      config: broker.config({ clientId }),
      onError: (error) => {
        throw error;
      },
    });
  expect(await reports('never').last(accountId)).toEqual({
    url: broker.config({}).url.href,
    isConnected: false,
    error: 'No instance is connected yet.',
    lastMessageAt: undefined,
    recorded: 0,
    refused: 0,
    lastRefused: [],
  });
  const killed = reports('killed');
  const lastMessageAt = new Date('2026-11-01T10:00:00.123Z');
  killed.start(() => ({
    url: broker.config({}).url.href,
    ...{ isConnected: true, error: undefined, lastMessageAt },
    ...{ recorded: 7, refused: 0, lastRefused: [] },
  }));
  await killed.stop();
  expect(await killed.last(accountId)).toMatchObject({ isConnected: true, lastMessageAt });
  await database.database.pool.query(
    "UPDATE broker_state SET reported_at = now() - interval '1 minute' WHERE broker LIKE '% killed'",
  );
  expect(await killed.last(accountId)).toMatchObject({
    isConnected: false,
    error: 'The instance that was connected has not reported for 60 s.',
    lastMessageAt,
    recorded: 7,
  });
});
