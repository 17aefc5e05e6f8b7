import { afterEach, beforeEach, expect, test } from '@jest/globals';
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
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
});

async function workers(): Promise<number[]> {
  const { rows } = await fixture.test.database.pool.query('SELECT id FROM webhook_worker');
  return rows.map(({ id }) => id);
}

/** Resolves once this many deliveries have SUCCEEDED. */
async function succeeded(count: number): Promise<void> {
  await until(async () => {
    const filter = { status: 'SUCCEEDED' as const };
    const counts = await fixture.webhookDeliveries.counts(fixture.principal, [endpointId], filter);
    return counts.get(endpointId) === count;
  });
}

/**
 * One statement fails as with a connection that breaks: before it is run, or once it was committed.
 */
function breakAt(name: string, when: 'before' | 'after'): void {
  const { pool } = fixture.test.database as any;
  const query = pool.query.bind(pool);
  pool.query = async (...args: any[]) => {
    if (args[0].name !== name) return query(...args);
    pool.query = query;
    if (when === 'after') await query(...args);
    throw new Error('Connection terminated unexpectedly');
  };
}

test('deliveries whose claim was committed but not answered are sent all the same', async () => {
  await fixture.record(3);
  breakAt('webhook_claim', 'after');
  fixture.webhookWorker.start();
  const hits = await receiver.received(3);
  expect(hits.map(({ headers }) => headers['fc-sequence']).sort()).toEqual(['1', '2', '3']);
  expect(fixture.failures).toHaveLength(1);
});

test('deliveries that a closing worker could not release are claimed by another', async () => {
  receiver.answer = () => undefined;
  await fixture.record(30);
  fixture.webhookWorker.start();
  await receiver.received(24);
  breakAt('webhook_release', 'before');
  await fixture.webhookWorker.close(0);
  expect(fixture.failures).toHaveLength(1);
  receiver.answer = (_request, response) => response.end();
  const other = await createWebhookFixture({}, fixture.test);
  other.webhookWorker.start();
  await succeeded(30);
  await other.close();
});

test('a worker whose connection broke registers again and continues', async () => {
  fixture.webhookWorker.start();
  const [before] = await until(async () => {
    const found = await workers();
    return found.length === 1 && found;
  });
  await fixture.test.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database
     WHERE d.datname = current_database() AND locktype = 'advisory' AND classid = 3856 AND objid = $1`,
    [before],
  );
  await fixture.record(2);
  await receiver.received(2);
  expect(await workers()).not.toContain(before);
});

test('a worker that others took for dead claims nothing before it has registered again', async () => {
  fixture.webhookWorker.start();
  await fixture.record(1);
  const { pool } = fixture.test.database;
  // Until then it is in the hands of the worker that is about to be taken for dead.
  await succeeded(1);
  await pool.query('DELETE FROM webhook_worker');
  await fixture.record(2);
  fixture.webhookWorker.endpointsChanged(fixture.principal.accountId);
  await receiver.received(3);
  const { rows } = await pool.query(
    `SELECT count(*)::int AS stuck FROM webhook_delivery d
     WHERE d.taken_by IS NOT NULL AND NOT EXISTS (SELECT FROM webhook_worker w WHERE w.id = d.taken_by)`,
  );
  expect(rows).toEqual([{ stuck: 0 }]);
  expect(fixture.failures).toEqual([]);
});

test('slow endpoints, however many, delay no other endpoint', async () => {
  const stalled = await new TestReceiver().listen();
  stalled.answer = () => undefined;
  const other = await fixture.newAccount('slow');
  const sensorId = await fixture.newSensor('Slow', other);
  for (let count = 0; count < 30; count++) {
    await fixture.webhooks.create(other, { url: stalled.url });
  }
  const pings = Array.from({ length: 30 }, (_, minute) => ({
    sensorId,
    flowrate: 1,
    datetime: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  }));
  await fixture.pings.record(other, pings, { onConflict: 'REJECT' });
  fixture.webhookWorker.start();
  await stalled.received(600);
  await fixture.record(30);
  expect(await receiver.received(30)).toHaveLength(30);
  await fixture.webhookWorker.close(0);
  await stalled.close();
});
