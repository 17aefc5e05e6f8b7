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
  fixture = await createWebhookFixture();
  receiver = await new TestReceiver().listen();
  fixture.webhookWorker.start();
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
  expect(fixture.failures).toEqual([]);
});

/** The endpoint's deliveries that were attempted, oldest first, once there are this many. */
async function attempted(endpointId: number, count: number) {
  return until(async () => {
    const windows = await fixture.webhookDeliveries.windows(fixture.principal, [endpointId], {
      filter: {},
      take: 100,
      from: 'last',
    });
    const found = windows.get(endpointId)!.items.filter(({ attempts }) => attempts.length > 0);
    return found.length >= count && found.reverse();
  });
}

test('redirects are not followed', async () => {
  receiver.answer = (_request, response) => response.writeHead(307, { Location: '/other' }).end();
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await fixture.record(1);
  const [delivery] = await attempted(id, 1);
  expect(delivery!.attempts).toMatchObject([
    { status: 307, error: 'HTTP 307, and redirects are not followed' },
  ]);
  expect(receiver.hits.map(({ path }) => path)).toEqual(['/hook?a=1']);
});

test('an attempt fails when the receiver closes the connection', async () => {
  receiver.answer = (request) => request.socket.destroy();
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await fixture.record(1);
  const [delivery] = await attempted(id, 1);
  expect(delivery).toMatchObject({
    status: 'PENDING',
    attempts: [{ error: 'The connection was closed before a response came. (other side closed)' }],
  });
});

test('Retry-After delays both the delivery and its endpoint', async () => {
  receiver.answer = (_request, response) => response.writeHead(429, { 'Retry-After': '90' }).end();
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await fixture.record(1);
  const [delivery] = await attempted(id, 1);
  const at = delivery!.attempts[0]!.attemptedAt.getTime();
  expect(delivery!.nextAttemptAt!.getTime() - at).toBeGreaterThanOrEqual(90_000);
  const { pausedUntil } = await until(async () => {
    const endpoint = await fixture.webhooks.require(fixture.principal, id);
    return endpoint.pausedUntil !== null && endpoint;
  });
  expect(pausedUntil!.getTime() - at).toBeGreaterThanOrEqual(90_000);
});

test('a response whose body does not end counts by its status once the attempt times out', async () => {
  const slow = await createWebhookFixture({ attemptTimeoutMs: 200 }, fixture.test);
  await fixture.webhookWorker.close(0);
  receiver.answer = (_request, response) => response.write('so far');
  const { id } = await slow.webhooks.create(slow.principal, { url: receiver.url });
  slow.webhookWorker.start();
  await slow.record(1);
  const [delivery] = await attempted(id, 1);
  expect(delivery).toMatchObject({
    status: 'SUCCEEDED',
    attempts: [{ status: 200, response: 'so far' }],
  });
  await slow.close();
});

test('a test goes ahead of what waits, also at an endpoint that is probed', async () => {
  const { principal, webhooks, webhookDeliveries } = fixture;
  receiver.answer = (_request, response) => response.writeHead(429).end();
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await fixture.record(1);
  await attempted(id, 1);
  await until(async () => (await webhooks.require(principal, id)).pausedUntil !== null);
  await fixture.record(5);
  const before = receiver.hits.length;
  const { webhookId } = await webhookDeliveries.sendTest(principal, id);
  const hits = await receiver.received(before + 1);
  expect(hits[before]!.headers['webhook-id']).toBe(webhookId);
});
