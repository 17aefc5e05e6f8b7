import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sentStatements } from '../helpers/sent-statements.js';
import { createWebhookFixture, TestReceiver, type WebhookFixture } from '../helpers/webhooks.js';

let fixture: WebhookFixture;
let receiver: TestReceiver;

beforeEach(async () => {
  fixture = await createWebhookFixture();
  receiver = await new TestReceiver().listen();
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
});

test('a thousand pings and five endpoints take one statement to queue five thousand deliveries', async () => {
  const { principal, webhooks, sensorId, backlog, test: on } = fixture;
  const texts = sentStatements(on.database.pool);
  const count = async (endpoints: number): Promise<number> => {
    for (let index = 0; index < endpoints; index++) {
      await webhooks.create(principal, { url: receiver.url });
    }
    // So that the endpoints are known.
    await backlog.room(principal.accountId);
    texts.length = 0;
    await fixture.record(1000, sensorId);
    return texts.filter((text) => !text.includes('pg_notify')).length;
  };
  const without = await count(0);
  const withFive = await count(5);
  expect(withFive).toBe(without);
  const { rows } = await on.database.pool.query('SELECT count(*)::int AS n FROM webhook_delivery');
  expect(rows).toEqual([{ n: 5000 }]);
});

test('queueing waits neither for a transaction that queues for the same endpoint nor for one that numbers its events', async () => {
  const { principal, webhooks, newSensor, test: on } = fixture;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  const second = await newSensor('Sensor 2');
  const other = await on.database.pool.connect();
  await other.query('BEGIN');
  await other.query(
    `INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name)
     VALUES ($1, 'epoch', 'ping_received', 1, 'Sensor 1')`,
    [id],
  );
  await other.query('SELECT FROM webhook_endpoint_state WHERE endpoint_id = $1 FOR UPDATE', [id]);
  await fixture.record(2, second);
  expect((await fixture.eventsAfter(id, 0, 10)).unnumbered).toBe(2);
  await other.query('ROLLBACK');
  other.release();
});
