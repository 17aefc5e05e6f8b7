import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  APPEND_AND_CLAIM_BODY,
  appendAndClaim,
} from '../../src/storage/pings/sql/append-and-claim.js';
import { claim } from '../../src/storage/webhooks/sql/queue.js';
import { sentStatements } from '../helpers/sent-statements.js';
import {
  createWebhookFixture,
  TestReceiver,
  until,
  type WebhookFixture,
} from '../helpers/webhooks.js';

let fixture: WebhookFixture;
let receiver: TestReceiver;
let endpointId: number;

beforeEach(async () => {
  fixture = await createWebhookFixture();
  receiver = await new TestReceiver().listen();
  ({ id: endpointId } = await fixture.webhooks.create(fixture.principal, { url: receiver.url }));
  fixture.webhookWorker.start();
  // Then the worker knows of the endpoint.
  await fixture.record(1);
  await receiver.received(1);
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
});

const sequences = () => receiver.hits.map(({ headers }) => Number(headers['fc-sequence']));

async function waiting(): Promise<number> {
  const filter = { status: 'PENDING' as const };
  const counts = await fixture.webhookDeliveries.counts(fixture.principal, [endpointId], filter);
  return counts.get(endpointId)!;
}

test('the function in the database is what its source makes of the statements that it consists of', async () => {
  const { rows } = await fixture.test.database.pool.query<{ prosrc: string }>(
    `SELECT prosrc FROM pg_proc WHERE oid = 'append_and_claim'::regproc`,
  );
  // Where this fails, a migration has to replace the function.
  expect(rows).toEqual([{ prosrc: APPEND_AND_CLAIM_BODY }]);
});

test('deliveries of a few readings are claimed by the transaction that records them', async () => {
  const { database } = fixture.test;
  const texts = sentStatements(database.pool, database.pipelines);
  await fixture.record(3);
  await receiver.received(4);
  expect(sequences().sort()).toEqual([1, 2, 3, 4]);
  expect(texts).toContain(appendAndClaim.text);
  expect(texts).not.toContain(claim.text);
});

test('attempts of deliveries whose ids no number can represent are recorded', async () => {
  await until(async () => (await waiting()) === 0);
  const next = `SELECT setval(pg_get_serial_sequence('webhook_delivery', 'id'), 9007199254740993)`;
  await fixture.test.database.pool.query(next);
  await fixture.record(2);
  await receiver.received(3);
  await until(async () => (await waiting()) === 0);
  expect(sequences().sort()).toEqual([1, 2, 3]);
});

test('recording waits for no transaction that numbers the events of the endpoint, and they are sent after that', async () => {
  const other = await fixture.test.database.pool.connect();
  await other.query('BEGIN');
  await other.query('SELECT FROM webhook_endpoint_state WHERE endpoint_id = $1 FOR UPDATE', [
    endpointId,
  ]);
  await fixture.record(2);
  expect(receiver.hits).toHaveLength(1);
  await other.query('ROLLBACK');
  other.release();
  await receiver.received(3);
  expect(sequences().sort()).toEqual([1, 2, 3]);
});

test('deliveries whose claim was committed with the readings but not answered are sent all the same', async () => {
  const { database } = fixture.test;
  const connect = database.pipelines.connect.bind(database.pipelines) as () => Promise<any>;
  (database.pipelines as any).connect = async () => {
    const client = await connect();
    const query = client.query;
    client.query = async (...args: any[]) => {
      client.query = query;
      await query.apply(client, args);
      throw new Error('Connection terminated unexpectedly');
    };
    (database.pipelines as any).connect = connect;
    return client;
  };
  await expect(fixture.record(2)).rejects.toThrow();
  await receiver.received(3);
  expect(sequences().sort()).toEqual([1, 2, 3]);
});

test('an endpoint that wants no such events gets none, and others do', async () => {
  const picky = await new TestReceiver().listen();
  await fixture.webhooks.create(fixture.principal, {
    url: picky.url,
    eventTypes: ['pings_deleted'],
  });
  await fixture.record(2);
  await receiver.received(3);
  await until(async () => (await waiting()) === 0);
  expect(picky.hits).toEqual([]);
  await picky.close();
});

test('more readings than are claimed with them are sent too', async () => {
  await fixture.record(400);
  await receiver.received(401);
  await fixture.record(1);
  await receiver.received(402);
  expect(sequences().sort((a, b) => a - b)).toEqual(Array.from({ length: 402 }, (_, n) => n + 1));
});
