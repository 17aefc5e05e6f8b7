import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createWebhookFixture,
  TestReceiver,
  until,
  type WebhookFixture,
} from '../helpers/webhooks.js';

const MAX_WAITING = 100;

let fixture: WebhookFixture;

beforeEach(async () => {
  fixture = await createWebhookFixture({ webhookMaxWaiting: MAX_WAITING });
});

afterEach(async () => {
  await fixture.close();
  expect(fixture.failures).toEqual([]);
});

async function count(table: 'ping' | 'webhook_delivery'): Promise<number> {
  const { rows } = await fixture.test.database.pool.query(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  return rows[0].count;
}

test('pings are refused, and nothing is recorded, while too many deliveries wait; later they are recorded and nothing is lost', async () => {
  const { principal, webhooks } = fixture;
  const receiver = await new TestReceiver().listen();
  await webhooks.create(principal, { url: receiver.url });
  await fixture.record(60);
  await expect(fixture.record(60)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 10,
    message: expect.stringMatching(/at most 100.*Repair, disable or delete/),
  });
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([60, 60]);
  await fixture.record(40);
  fixture.webhookWorker.start();
  await until(() =>
    fixture.record(60).then(
      () => true,
      () => false,
    ),
  );
  await receiver.received(160);
  await receiver.close();
});

test('a request that would queue more deliveries than may wait says how many pings it may have', async () => {
  const { principal, webhooks, newSensor } = fixture;
  const other = await newSensor('Other');
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/a' });
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/b', sensorIds: [other] });
  await fixture.record(100);
  await expect(fixture.record(101)).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
    message: expect.stringMatching(/101 webhook deliveries; .*at most 100\. Send at most 100 /),
  });
  await expect(fixture.record(51, other)).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
    message: expect.stringMatching(/102 webhook deliveries; .*at most 100\. Send at most 50 /),
  });
  expect(await count('ping')).toBe(100);
});

test('another account’s pings are recorded while one account has too many deliveries waiting', async () => {
  const { principal, webhooks, newAccount, newSensor, pings } = fixture;
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(MAX_WAITING);
  await expect(fixture.record(1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  const others = await newAccount('others');
  const sensorId = await newSensor('Theirs', others);
  const ping = { sensorId, flowrate: 1, datetime: new Date('2026-01-01T00:00:00Z') };
  const recorded = await pings.record(others, [ping], { onConflict: 'REJECT' });
  expect(recorded).toEqual({ recorded: 1, duplicates: 0 });
});

test('pings are recorded at once when the endpoints that do not accept their deliveries are disabled or deleted', async () => {
  const { principal, webhooks } = fixture;
  const { id } = await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(MAX_WAITING);
  await expect(fixture.record(1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await webhooks.update(principal, id, { enabled: false });
  await fixture.record(1);
  await webhooks.update(principal, id, { enabled: true });
  await expect(fixture.record(1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await webhooks.delete(principal, id);
  await fixture.record(1);
  expect(await count('ping')).toBe(MAX_WAITING + 2);
});
