import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ClaimedDelivery } from '../../src/domain/webhooks/delivery-queue.js';
import { EndpointSender } from '../../src/webhooks/endpoint-sender.js';
import { openConnector } from '../../src/webhooks/guarded-connector.js';
import { TestReceiver } from '../helpers/webhooks.js';

let receiver: TestReceiver;
let sender: EndpointSender;

beforeEach(async () => {
  receiver = await new TestReceiver().listen();
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] as const;
  const endpoint = { endpointId: 1, accountId: 1, revision: 0, url: receiver.url, secrets };
  sender = new EndpointSender(endpoint, openConnector(), 5000);
});

afterEach(async () => {
  await sender.abort();
  await receiver.close();
});

let next = 0;
function claimed(count: number, isProbe = false): ClaimedDelivery[] {
  return Array.from({ length: count }, () => {
    const id = String(++next);
    const of = { endpointId: 1, revision: 0, tries: 0, body: '{}' };
    return {
      id,
      webhookId: id,
      sequence: id,
      isProbe,
      isTest: false,
      traceparent: undefined,
      ...of,
    };
  });
}

function answer(status: number): void {
  receiver.answer = (_request, response) => response.writeHead(status).end();
}

/** Sends what the sender may send, one after the other. */
async function sendAll(): Promise<void> {
  while (sender.isReady) await sender.sendNext(new Date());
}

test('a sender is sending until everything is sent, and idle then', async () => {
  expect(sender.state).toBe('idle');
  sender.add(claimed(3), false);
  expect(sender.state).toBe('sending');
  await sendAll();
  expect(sender.state).toBe('idle');
  expect(receiver.hits).toHaveLength(3);
});

test('a sender is paused by five failures in a row, until they are recorded', async () => {
  answer(500);
  sender.add(claimed(7), false);
  await sendAll();
  expect(sender.state).toBe('paused');
  sender.add(claimed(1), false);
  expect(sender.isReady).toBe(false);
  expect(receiver.hits).toHaveLength(5);
  answer(200);
  sender.failuresRecorded(true);
  expect(sender.state).toBe('sending');
  await sendAll();
  expect(receiver.hits).toHaveLength(8);
  expect(sender.state).toBe('idle');
});

test('a paused sender probes with one delivery, and sends again once that is delivered', async () => {
  answer(500);
  sender.add(claimed(5), false);
  await sendAll();
  sender.failuresRecorded(false);
  expect(sender.state).toBe('paused');
  sender.add(claimed(1, true), false);
  expect(sender.state).toBe('probing');
  await sendAll();
  expect(sender.state).toBe('paused');
  sender.failuresRecorded(false);
  answer(200);
  sender.add(claimed(1, true), false);
  await sendAll();
  expect(sender.state).toBe('idle');
  sender.add(claimed(2), false);
  expect(sender.state).toBe('sending');
});

test('a sender whose endpoint is gone sends nothing more', async () => {
  sender.add(claimed(2), false);
  sender.drain();
  await sender.close();
  expect(sender.state).toBe('gone');
  sender.add(claimed(1), false);
  sender.failuresRecorded(true);
  expect(sender.isReady).toBe(false);
  expect(sender.state).toBe('gone');
});
