import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createWebhookFixture,
  TestReceiver,
  until,
  type WebhookFixture,
} from '../helpers/webhooks.js';

const HOUR = 3_600_000;

let fixture: WebhookFixture;
let receiver: TestReceiver;
let now: number;

beforeEach(async () => {
  now = Date.now();
  receiver = await new TestReceiver().listen();
  fixture = await createWebhookFixture({ clock: () => new Date(now), random: () => 0.5 });
});

afterEach(async () => {
  await fixture.close();
  await receiver.close();
  expect(fixture.failures).toEqual([]);
});

async function only(endpointId: number) {
  const found = await fixture.webhookDeliveries.windows(fixture.principal, [endpointId], {
    filter: {},
    take: 1,
    from: 'first',
  });
  return found.get(endpointId)!.items[0]!;
}

test('a delivery is FAILED after ten failed attempts over more than three days', async () => {
  receiver.answer = (_request, response) => response.writeHead(503).end();
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await fixture.record(1);
  fixture.webhookWorker.start();
  const delays: number[] = [];
  for (let attempt = 1; attempt <= 10; attempt++) {
    const delivery = await until(async () => {
      const found = await only(id);
      return found.attempts.length === attempt && found;
    });
    if (attempt === 10) expect(delivery.status).toBe('FAILED');
    else {
      delays.push(Math.round((delivery.nextAttemptAt!.getTime() - now) / 1000));
      now = delivery.nextAttemptAt!.getTime();
    }
  }
  expect(delays).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  expect(new Set(receiver.hits.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  receiver.answer = (_request, response) => response.end();
  const since = new Date(now - 200 * HOUR);
  const { webhookDeliveries, principal } = fixture;
  expect(await webhookDeliveries.redeliverFailed(principal, id, new Date(now))).toBe(0);
  expect(await webhookDeliveries.redeliverFailed(principal, id, since)).toBe(1);
  await until(async () => (await only(id)).status === 'SUCCEEDED');
});

test('a failure five days after the first one disables the endpoint, and what it missed is sent once it is enabled again', async () => {
  receiver.answer = (_request, response) => response.writeHead(500).end();
  const { principal, webhooks } = fixture;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  fixture.webhookWorker.start();
  await fixture.record(1);
  await until(async () => (await only(id)).attempts.length === 1);
  now += 120 * HOUR;
  await fixture.record(1);
  const disabled = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return !endpoint.enabled && endpoint;
  });
  expect(disabled.disabledReason).toMatch(/Every delivery failed from .* HTTP 500/);
  await fixture.record(2);
  receiver.answer = (_request, response) => response.end();
  await webhooks.update(principal, id, { enabled: true });
  await until(async () => {
    const { deliveries } = await fixture.eventsAfter(id, 0, 10);
    return deliveries.length === 4 && deliveries.every(({ status }) => status === 'SUCCEEDED');
  });
});

test('an attempt fails when the receiver does not answer in time', async () => {
  const slow = await createWebhookFixture({ attemptTimeoutMs: 100 });
  try {
    receiver.answer = () => undefined;
    const { id } = await slow.webhooks.create(slow.principal, { url: receiver.url });
    slow.webhookWorker.start();
    await slow.record(1);
    // How the endpoint is comes to be known after the attempt is.
    await until(async () => (await slow.webhooks.require(slow.principal, id)).pausedUntil !== null);
    const found = await slow.webhookDeliveries.windows(slow.principal, [id], {
      filter: { status: 'PENDING' },
      take: 1,
      from: 'first',
    });
    const [delivery] = found.get(id)!.items;
    expect(delivery?.attempts[0]?.error).toBe('There was no response within 0.1 s.');
  } finally {
    await slow.close();
  }
});

test('a dead endpoint is paused, then probed with one delivery at a time, and delays no other endpoint', async () => {
  const dead = await new TestReceiver().listen();
  dead.answer = (_request, response) => response.writeHead(500).end();
  const { principal, webhooks } = fixture;
  const { id } = await webhooks.create(principal, { url: dead.url });
  await webhooks.create(principal, { url: receiver.url });
  fixture.webhookWorker.start();
  await fixture.record(400);
  await receiver.received(400);
  const paused = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return endpoint.pausedUntil !== null && endpoint;
  });
  // It was sent no more than what was in flight when it was paused.
  expect(dead.hits.length).toBeLessThan(100);
  await until(async () => {
    const { rows } = await fixture.test.database.pool.query(
      'SELECT count(*)::int AS n FROM webhook_delivery WHERE endpoint_id = $1 AND taken_by IS NOT NULL',
      [id],
    );
    return rows[0].n === 0;
  });
  // The circuit is changed right after the attempts are recorded. The database's clock goes on.
  await until(async () => {
    const { pausedUntil } = await webhooks.require(principal, id);
    const { nextAttemptAt, createdAt } = await only(id);
    return Number(nextAttemptAt) === Math.max(Number(pausedUntil), Number(createdAt));
  });
  const before = dead.hits.length;
  now = paused.pausedUntil!.getTime() + 1;
  await fixture.record(1);
  await dead.received(before + 1);
  const again = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return endpoint.pausedUntil!.getTime() > now && endpoint;
  });
  expect(again.enabled).toBe(true);
  dead.answer = (_request, response) => response.end();
  now += 60 * HOUR;
  await fixture.record(1);
  await dead.received(before + 300);
  await dead.close();
});

test('several instances share the work: each delivery is sent once, and numbers have no gaps', async () => {
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  const others = [
    await createWebhookFixture({}, fixture.test),
    await createWebhookFixture({}, fixture.test),
  ];
  await fixture.record(1000);
  for (const { webhookWorker } of [fixture, ...others]) webhookWorker.start();
  await Promise.all(Array.from({ length: 20 }, () => fixture.record(25)));
  const hits = await receiver.received(1500);
  const numbers = hits.map(({ headers }) => Number(headers['fc-sequence']));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 1500 }, (_, at) => at + 1));
  expect(new Set(hits.map(({ headers }) => headers['webhook-id'])).size).toBe(1500);
  await until(async () => {
    const filter = { status: 'SUCCEEDED' as const };
    const counts = await fixture.webhookDeliveries.counts(fixture.principal, [id], filter);
    return counts.get(id) === 1500;
  });
  for (const other of others) await other.close();
});

test('events are found by number whether their first attempt is recorded or in flight', async () => {
  const attempted = new Promise<() => void>((resolve) => {
    receiver.answer = ({ headers }, response) => {
      if (headers['fc-sequence'] === '2') resolve(() => response.end());
      else response.end();
    };
  });
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await fixture.record(3);
  fixture.webhookWorker.start();
  const release = await attempted;
  const { deliveries } = await until(async () => {
    const found = await fixture.eventsAfter(id, 0, 10);
    return found.deliveries.filter(({ status }) => status === 'SUCCEEDED').length === 2 && found;
  });
  expect(deliveries.map(({ sequence, status }) => [sequence, status])).toEqual([
    ['1', 'SUCCEEDED'],
    ['2', 'PENDING'],
    ['3', 'SUCCEEDED'],
  ]);
  const next = await fixture.eventsAfter(id, 1, 1);
  expect(next.deliveries.map(({ sequence }) => sequence)).toEqual(['2']);
  release();
  await until(async () => {
    const [second] = (await fixture.eventsAfter(id, 1, 1)).deliveries;
    return second?.status === 'SUCCEEDED';
  });
});

test('closing a worker waits for what is in flight; what it aborts is sent again and is not a failure', async () => {
  const first = await createWebhookFixture({}, fixture.test);
  const requested = new Promise<void>((resolve) => {
    receiver.answer = (_request, response) => {
      if (receiver.hits.length === 1) resolve();
      else response.end();
    };
  });
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await first.record(1);
  first.webhookWorker.start();
  await requested;
  await first.webhookWorker.close(50);
  expect(await only(id)).toMatchObject({ status: 'PENDING', attempts: [], sequence: '1' });
  fixture.webhookWorker.start();
  const [aborted, repeated] = await receiver.received(2);
  expect(repeated!.headers['webhook-id']).toBe(aborted!.headers['webhook-id']);
  expect(repeated!.headers['fc-sequence']).toBe('1');
});

test('the log is kept for the configured number of days, and what waits at an enabled endpoint longer', async () => {
  const { principal, webhooks, webhookRetention, test: on } = fixture;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  fixture.webhookWorker.start();
  await fixture.record(3);
  await until(async () => (await only(id)).status === 'SUCCEEDED');
  await on.database.pool.query(
    `UPDATE webhook_delivery SET created_at = now() - interval '31 days' WHERE sequence <= 2`,
  );
  await on.database.pool.query(
    `UPDATE webhook_delivery SET status = 'PENDING', due_at = now() + interval '90 days' WHERE sequence = 2`,
  );
  expect(await webhookRetention.prune()).toBe(1);
  const { deliveries } = await fixture.eventsAfter(id, 0, 10);
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['2', '3']);
  await webhooks.update(principal, id, { enabled: false });
  expect(await webhookRetention.prune()).toBe(1);
});
