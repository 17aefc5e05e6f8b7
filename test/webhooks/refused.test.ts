import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createWebhookStage, TestReceiver, until, type WebhookStage } from '../helpers/webhooks.js';

let stage: WebhookStage;
let receiver: TestReceiver;

beforeEach(async () => {
  stage = await createWebhookStage();
  receiver = await new TestReceiver().listen();
  stage.webhookWorker.start();
});

afterEach(async () => {
  await stage.close();
  await receiver.close();
  expect(stage.faults).toEqual([]);
});

/** The endpoint's deliveries once there are so many that are over, oldest first. */
async function settled(endpointId: number, count: number) {
  return until(async () => {
    const windows = await stage.webhookDeliveries.windows(stage.principal, [endpointId], {
      filter: {},
      take: 100,
      from: 'last',
    });
    const over = windows.get(endpointId)!.deliveries.filter(({ attempts }) => attempts.length > 0);
    return over.length >= count && over.reverse();
  });
}

test('redirects are not followed', async () => {
  receiver.answer = (_request, response) => response.writeHead(307, { Location: '/other' }).end();
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery!.attempts).toMatchObject([
    { status: 307, error: 'HTTP 307, and redirects are not followed' },
  ]);
  expect(receiver.hits.map(({ path }) => path)).toEqual(['/hook?a=1']);
});

test('a receiver that closes the connection has failed', async () => {
  receiver.answer = (request) => request.socket.destroy();
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery).toMatchObject({ status: 'PENDING', attempts: [{ error: 'other side closed' }] });
});

test('a Retry-After is waited for, by the delivery and by its endpoint', async () => {
  receiver.answer = (_request, response) => response.writeHead(429, { 'Retry-After': '90' }).end();
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  const at = delivery!.attempts[0]!.attemptedAt.getTime();
  expect(delivery!.nextAttemptAt!.getTime() - at).toBeGreaterThanOrEqual(90_000);
  const { pausedUntil } = await until(async () => {
    const endpoint = await stage.webhooks.require(stage.principal, id);
    return endpoint.pausedUntil !== null && endpoint;
  });
  expect(pausedUntil!.getTime() - at).toBeGreaterThanOrEqual(90_000);
});

test('an answer whose body does not end counts by its status once the time for an attempt is over', async () => {
  const slow = await createWebhookStage({ attemptMs: 200 }, stage.test);
  await stage.webhookWorker.close(0);
  receiver.answer = (_request, response) => response.write('so far');
  const { id } = await slow.webhooks.create(slow.principal, { url: receiver.url });
  slow.webhookWorker.start();
  await slow.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery).toMatchObject({
    status: 'SUCCEEDED',
    attempts: [{ status: 200, response: 'so far' }],
  });
  await slow.close();
});

test('what is asked for by hand goes ahead of what waits, also at an endpoint that is tried with one', async () => {
  const { principal, webhooks, webhookDeliveries } = stage;
  receiver.answer = (_request, response) => response.writeHead(429).end();
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await stage.record(1);
  await settled(id, 1);
  await until(async () => (await webhooks.require(principal, id)).pausedUntil !== null);
  await stage.record(5);
  const before = receiver.hits.length;
  const { webhookId } = await webhookDeliveries.sendTest(principal, id);
  const hits = await receiver.received(before + 1);
  expect(hits[before]!.headers['webhook-id']).toBe(webhookId);
});
