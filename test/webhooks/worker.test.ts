import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createWebhookStage, TestReceiver, until, type WebhookStage } from '../helpers/webhooks.js';

const HOUR = 3_600_000;

let stage: WebhookStage;
let receiver: TestReceiver;
let now: number;

beforeEach(async () => {
  now = Date.now();
  receiver = await new TestReceiver().listen();
  stage = await createWebhookStage({ clock: () => new Date(now), random: () => 0.5 });
});

afterEach(async () => {
  await stage.close();
  await receiver.close();
  expect(stage.faults).toEqual([]);
});

async function only(endpointId: number) {
  const found = await stage.webhookDeliveries.windows(stage.principal, [endpointId], {
    filter: {},
    take: 1,
    from: 'first',
  });
  return found.get(endpointId)!.deliveries[0]!;
}

test('a delivery that fails is tried ten times over more than three days, and has then FAILED', async () => {
  receiver.answer = (_request, response) => response.writeHead(503).end();
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  stage.webhookWorker.start();
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
  const { webhookDeliveries, principal } = stage;
  expect(await webhookDeliveries.redeliverFailed(principal, id, new Date(now))).toBe(0);
  expect(await webhookDeliveries.redeliverFailed(principal, id, since)).toBe(1);
  await until(async () => (await only(id)).status === 'SUCCEEDED');
});

test('a failure five days after the first one disables the endpoint, and what it missed is sent once it is enabled', async () => {
  receiver.answer = (_request, response) => response.writeHead(500).end();
  const { principal, webhooks } = stage;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  stage.webhookWorker.start();
  await stage.record(1);
  await until(async () => (await only(id)).attempts.length === 1);
  now += 120 * HOUR;
  await stage.record(1);
  const disabled = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return !endpoint.enabled && endpoint;
  });
  expect(disabled.disabledReason).toMatch(/Every delivery failed from .* HTTP 500/);
  await stage.record(2);
  receiver.answer = (_request, response) => response.end();
  await webhooks.update(principal, id, { enabled: true });
  await until(async () => {
    const { deliveries } = await stage.eventsAfter(id, 0, 10);
    return deliveries.length === 4 && deliveries.every(({ status }) => status === 'SUCCEEDED');
  });
});

test('a receiver that stalls has failed when the time for an attempt is over', async () => {
  const slow = await createWebhookStage({ attemptMs: 100 });
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
    const [delivery] = found.get(id)!.deliveries;
    expect(delivery?.attempts[0]?.error).toBe('no answer within 0.1 s');
  } finally {
    await slow.close();
  }
});

test('a dead endpoint is left alone and tried with one delivery at a time, and delays no other', async () => {
  const dead = await new TestReceiver().listen();
  dead.answer = (_request, response) => response.writeHead(500).end();
  const { principal, webhooks } = stage;
  const { id } = await webhooks.create(principal, { url: dead.url });
  await webhooks.create(principal, { url: receiver.url });
  stage.webhookWorker.start();
  await stage.record(400);
  await receiver.received(400);
  const paused = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return endpoint.pausedUntil !== null && endpoint;
  });
  // What was under way when it was paused is all that it was sent.
  expect(dead.hits.length).toBeLessThan(100);
  await until(async () => {
    const { rows } = await stage.test.database.pool.query(
      'SELECT count(*)::int AS n FROM webhook_delivery WHERE endpoint_id = $1 AND taken_by IS NOT NULL',
      [id],
    );
    return rows[0].n === 0;
  });
  const { pausedUntil } = await webhooks.require(principal, id);
  expect((await only(id)).nextAttemptAt).toEqual(pausedUntil);
  const before = dead.hits.length;
  now = paused.pausedUntil!.getTime() + 1;
  await stage.record(1);
  await dead.received(before + 1);
  const again = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return endpoint.pausedUntil!.getTime() > now && endpoint;
  });
  expect(again.enabled).toBe(true);
  dead.answer = (_request, response) => response.end();
  now += 60 * HOUR;
  await stage.record(1);
  await dead.received(before + 300);
  await dead.close();
});

test('several instances share the work: each delivery is made once, and numbers have no gaps', async () => {
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  const others = [
    await createWebhookStage({}, stage.test),
    await createWebhookStage({}, stage.test),
  ];
  await stage.record(1000);
  for (const { webhookWorker } of [stage, ...others]) webhookWorker.start();
  await Promise.all(Array.from({ length: 20 }, () => stage.record(25)));
  const hits = await receiver.received(1500);
  const numbers = hits.map(({ headers }) => Number(headers['fc-sequence']));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 1500 }, (_, at) => at + 1));
  expect(new Set(hits.map(({ headers }) => headers['webhook-id'])).size).toBe(1500);
  await until(async () => {
    const filter = { status: 'SUCCEEDED' as const };
    const counts = await stage.webhookDeliveries.counts(stage.principal, [id], filter);
    return counts.get(id) === 1500;
  });
  for (const other of others) await other.close();
});

test('events are found by number whether their first attempt was recorded or is under way', async () => {
  const held = new Promise<() => void>((resolve) => {
    receiver.answer = ({ headers }, response) => {
      if (headers['fc-sequence'] === '2') resolve(() => response.end());
      else response.end();
    };
  });
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(3);
  stage.webhookWorker.start();
  const release = await held;
  const { deliveries } = await until(async () => {
    const found = await stage.eventsAfter(id, 0, 10);
    return found.deliveries.filter(({ status }) => status === 'SUCCEEDED').length === 2 && found;
  });
  expect(deliveries.map(({ sequence, status }) => [sequence, status])).toEqual([
    ['1', 'SUCCEEDED'],
    ['2', 'PENDING'],
    ['3', 'SUCCEEDED'],
  ]);
  const next = await stage.eventsAfter(id, 1, 1);
  expect(next.deliveries.map(({ sequence }) => sequence)).toEqual(['2']);
  release();
  await until(async () => {
    const [second] = (await stage.eventsAfter(id, 1, 1)).deliveries;
    return second?.status === 'SUCCEEDED';
  });
});

test('closing waits for what is under way; what it cuts is made again and is no failure', async () => {
  const first = await createWebhookStage({}, stage.test);
  const held = new Promise<void>((resolve) => {
    receiver.answer = (_request, response) => {
      if (receiver.hits.length === 1) resolve();
      else response.end();
    };
  });
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await first.record(1);
  first.webhookWorker.start();
  await held;
  await first.webhookWorker.close(50);
  expect(await only(id)).toMatchObject({ status: 'PENDING', attempts: [], sequence: '1' });
  stage.webhookWorker.start();
  const [cut, made] = await receiver.received(2);
  expect(made!.headers['webhook-id']).toBe(cut!.headers['webhook-id']);
  expect(made!.headers['fc-sequence']).toBe('1');
});

test('the log is kept for so many days, but for what waits at an enabled endpoint', async () => {
  const { principal, webhooks, webhookLog, test: on } = stage;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  stage.webhookWorker.start();
  await stage.record(3);
  await until(async () => (await only(id)).status === 'SUCCEEDED');
  await on.database.pool.query(
    `UPDATE webhook_delivery SET created_at = now() - interval '31 days' WHERE sequence <= 2`,
  );
  await on.database.pool.query(
    `UPDATE webhook_delivery SET status = 'PENDING', due_at = now() + interval '90 days' WHERE sequence = 2`,
  );
  expect(await webhookLog.prune()).toBe(1);
  const { deliveries } = await stage.eventsAfter(id, 0, 10);
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['2', '3']);
  await webhooks.update(principal, id, { enabled: false });
  expect(await webhookLog.prune()).toBe(1);
});
