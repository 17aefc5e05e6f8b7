import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createWebhookFixture,
  TestReceiver,
  until,
  type WebhookFixture,
} from '../helpers/webhooks.js';

let fixture: WebhookFixture;
let receiver: TestReceiver;

beforeEach(async () => {
  // Nothing that a poll would heal later counts as delivered here.
  fixture = await createWebhookFixture({ pollIntervalMs: 3_600_000 });
  receiver = await new TestReceiver().listen();
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
  expect(fixture.failures).toEqual([]);
});

/** A ping's delivery whose first attempt the receiver has, but not answered. */
async function deliveryInFlight() {
  const { principal, webhooks, webhookDeliveries } = fixture;
  const requested = new Promise<(status: number) => void>((resolve) => {
    receiver.answer = (_request, response) => {
      if (receiver.hits.length > 1) response.end();
      else resolve((status) => response.writeHead(status).end());
    };
  });
  const { id } = await webhooks.create(principal, { url: receiver.url });
  fixture.webhookWorker.start();
  await fixture.record(1);
  const answer = await requested;
  const filter = { filter: {}, take: 1, from: 'first' as const };
  const found = await webhookDeliveries.windows(principal, [id], filter);
  return { answer, deliveryId: found.get(id)!.items[0]!.id };
}

test.each([200, 500])(
  'a delivery that is sent again before its attempt is answered with %i is sent a second time, without a poll',
  async (status) => {
    const { principal, webhookDeliveries } = fixture;
    const { answer, deliveryId } = await deliveryInFlight();
    await webhookDeliveries.redeliver(principal, deliveryId);
    answer(status);
    const [first, second] = await receiver.received(2);
    for (const header of ['webhook-id', 'fc-sequence']) {
      expect(second!.headers[header]).toBe(first!.headers[header]);
    }
    const delivery = await until(async () => {
      const found = await webhookDeliveries.find(principal, deliveryId);
      return found?.status === 'SUCCEEDED' && found;
    });
    expect(delivery.attempts.map((attempt) => attempt.status)).toEqual([status, 200]);
    expect(receiver.hits).toHaveLength(2);
  },
);

test('a delivery that is sent again while its attempt is being recorded is sent a second time, without a poll', async () => {
  const { principal, webhookDeliveries, test: on } = fixture;
  const { answer, deliveryId } = await deliveryInFlight();
  // The record of the attempt waits for this transaction, and the redelivery for the record.
  const client = await on.database.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM webhook_delivery WHERE id = $1 FOR UPDATE', [deliveryId]);
  answer(200);
  const waiters = (count: number) =>
    until(async () => {
      const { rows } = await on.database.pool.query(
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0].count >= count;
    });
  await waiters(1);
  const redelivered = webhookDeliveries.redeliver(principal, deliveryId);
  await waiters(2);
  await client.query('COMMIT');
  client.release();
  await redelivered;
  expect(await receiver.received(2)).toHaveLength(2);
});
