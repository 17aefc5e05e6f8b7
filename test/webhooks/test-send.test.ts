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
  fixture.webhookWorker.start();
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
  expect(fixture.failures).toEqual([]);
});

function answer(status: number): void {
  receiver.answer = (_request, response) => response.writeHead(status).end();
}

/** Sends a test. @returns its delivery, once it was attempted */
async function sendTest() {
  const { principal, webhookDeliveries } = fixture;
  const { id } = await webhookDeliveries.sendTest(principal, endpointId);
  return until(async () => {
    const found = await webhookDeliveries.find(principal, id);
    return found!.attempts.length > 0 && found;
  });
}

test('a test has the header FC-Test and no number, and an event has a number and no FC-Test', async () => {
  const { isTest, sequence, attempts } = await sendTest();
  expect({ isTest, sequence }).toEqual({ isTest: true, sequence: null });
  expect(attempts[0]!.request).toContain('\nFC-Test: true\n');
  expect(attempts[0]!.request).not.toContain('FC-Sequence');
  await fixture.record(1);
  const [first, second] = await receiver.received(2);
  expect(first!.headers).toMatchObject({ 'fc-test': 'true' });
  expect(first!.headers).not.toHaveProperty('fc-sequence');
  expect(second!.headers).toMatchObject({ 'fc-sequence': '1' });
  expect(second!.headers).not.toHaveProperty('fc-test');
});

test('tests leave no gap in the numbers of events, and are not counted as unnumbered', async () => {
  for (let count = 0; count < 3; count++) {
    await fixture.record(1);
    await sendTest();
  }
  await receiver.received(6);
  const { deliveries, lastSequence, unnumbered } = await fixture.eventsAfter(endpointId, 0, 10);
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['1', '2', '3']);
  expect({ lastSequence, unnumbered }).toEqual({ lastSequence: '3', unnumbered: 0 });
});

test.each([500, 429, 410])(
  'tests that fail with %i neither pause nor disable the endpoint',
  async (status) => {
    answer(status);
    for (let count = 0; count < 6; count++) await sendTest();
    const { principal, webhooks } = fixture;
    expect(await webhooks.require(principal, endpointId)).toMatchObject({
      enabled: true,
      disabledReason: null,
      failingSince: null,
      pausedUntil: null,
    });
    answer(200);
    await fixture.record(1);
    const hits = await receiver.received(7);
    expect(hits.at(-1)!.headers['fc-sequence']).toBe('1');
  },
);

test('a test that fails at a paused endpoint leaves it paused, and does not disable it', async () => {
  const { principal, webhooks } = fixture;
  answer(429);
  await fixture.record(1);
  const paused = await until(async () => {
    const endpoint = await webhooks.require(principal, endpointId);
    return endpoint.pausedUntil !== null && endpoint;
  });
  answer(410);
  await sendTest();
  const after = await until(async () => {
    const endpoint = await webhooks.require(principal, endpointId);
    return endpoint.pausedUntil !== null && endpoint;
  });
  expect(after.enabled).toBe(true);
  expect(after.failingSince).toEqual(paused.failingSince);
});
