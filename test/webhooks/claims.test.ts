import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createWebhookStage, TestReceiver, until, type WebhookStage } from '../helpers/webhooks.js';

let stage: WebhookStage;
let receiver: TestReceiver;
let endpointId: number;

beforeEach(async () => {
  stage = await createWebhookStage();
  receiver = await new TestReceiver().listen();
  ({ id: endpointId } = await stage.webhooks.create(stage.principal, { url: receiver.url }));
});

afterEach(async () => {
  await stage.close();
  await receiver.close();
});

async function workers(): Promise<number[]> {
  const { rows } = await stage.test.database.pool.query('SELECT id FROM webhook_worker');
  return rows.map(({ id }) => id);
}

/** Until so many deliveries are known to have been taken. */
async function succeeded(count: number): Promise<void> {
  await until(async () => {
    const filter = { status: 'SUCCEEDED' as const };
    const counts = await stage.webhookDeliveries.counts(stage.principal, [endpointId], filter);
    return counts.get(endpointId) === count;
  });
}

/** One statement fails as with a connection that breaks: before it is run, or once it was committed. */
function breakAt(name: string, when: 'before' | 'after'): void {
  const { pool } = stage.test.database as any;
  const query = pool.query.bind(pool);
  pool.query = async (...args: any[]) => {
    if (args[0].name !== name) return query(...args);
    pool.query = query;
    if (when === 'after') await query(...args);
    throw new Error('Connection terminated unexpectedly');
  };
}

test('what was taken up is not lost with the answer that told of it', async () => {
  await stage.record(3);
  breakAt('webhook_take_up', 'after');
  stage.webhookWorker.start();
  const hits = await receiver.received(3);
  expect(hits.map(({ headers }) => headers['fc-sequence']).sort()).toEqual(['1', '2', '3']);
  expect(stage.faults).toHaveLength(1);
});

test('what could not be given back when the server ended is taken up by another', async () => {
  receiver.answer = () => undefined;
  await stage.record(30);
  stage.webhookWorker.start();
  await receiver.received(24);
  breakAt('webhook_give_back', 'before');
  await stage.webhookWorker.close(0);
  expect(stage.faults).toHaveLength(1);
  receiver.answer = (_request, response) => response.end();
  const other = await createWebhookStage({}, stage.test);
  other.webhookWorker.start();
  await succeeded(30);
  await other.close();
});

test('a worker whose connection broke has another place, and goes on', async () => {
  stage.webhookWorker.start();
  const [before] = await until(async () => {
    const found = await workers();
    return found.length === 1 && found;
  });
  await stage.test.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks
     WHERE locktype = 'advisory' AND classid = 3856 AND objid = $1`,
    [before],
  );
  await stage.record(2);
  await receiver.received(2);
  expect(await workers()).not.toContain(before);
});

test('a worker that others took for dead takes up nothing before it has another place', async () => {
  stage.webhookWorker.start();
  await stage.record(1);
  const { pool } = stage.test.database;
  // Until then it is in the hands of the worker that is about to be taken for dead.
  await succeeded(1);
  await pool.query('DELETE FROM webhook_worker');
  await stage.record(2);
  stage.webhookWorker.tell(stage.principal.accountId);
  await receiver.received(3);
  const { rows } = await pool.query(
    `SELECT count(*)::int AS stuck FROM webhook_delivery d
     WHERE d.taken_by IS NOT NULL AND NOT EXISTS (SELECT FROM webhook_worker w WHERE w.id = d.taken_by)`,
  );
  expect(rows).toEqual([{ stuck: 0 }]);
  expect(stage.faults).toEqual([]);
});

test('slow endpoints, however many, hold up no other', async () => {
  const stalled = await new TestReceiver().listen();
  stalled.answer = () => undefined;
  const other = await stage.newAccount('slow');
  const sensorId = await stage.newSensor('Slow', other);
  for (let count = 0; count < 30; count++) {
    await stage.webhooks.create(other, { url: stalled.url });
  }
  const pings = Array.from({ length: 30 }, (_, minute) => ({
    sensorId,
    flowrate: 1,
    datetime: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  }));
  await stage.pings.record(other, pings, { onConflict: 'REJECT' });
  stage.webhookWorker.start();
  await stalled.received(600);
  await stage.record(30);
  expect(await receiver.received(30)).toHaveLength(30);
  await stage.webhookWorker.close(0);
  await stalled.close();
});
