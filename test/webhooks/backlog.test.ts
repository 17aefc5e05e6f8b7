import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DeliveryBacklog } from '../../src/domain/webhooks/backlog.js';
import type { Upstream } from '../../src/domain/transfer/upstream.js';
import { BacklogStore } from '../../src/storage/webhooks/backlog-store.js';
import { sentStatements } from '../helpers/sent-statements.js';
import {
  createWebhookFixture,
  TestReceiver,
  until,
  type WebhookFixture,
} from '../helpers/webhooks.js';

const MAX_WAITING = 100;
/** after which waiting deliveries are counted again */
const LATER_MS = 20_000;

let fixture: WebhookFixture;

beforeEach(async () => {
  fixture = await createWebhookFixture({ webhookMaxWaiting: MAX_WAITING });
});

afterEach(async () => {
  jest.restoreAllMocks();
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

test('changes of endpoints do not make what waits counted more often than a tenth of the time', async () => {
  const { principal, webhooks, test, sensorId } = fixture;
  const { accountId } = principal;
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(MAX_WAITING);
  const backlog = new DeliveryBacklog(new BacklogStore(test.database), MAX_WAITING);
  const time = jest.spyOn(performance, 'now').mockReturnValue(0);
  const texts = sentStatements(test.database.pool);
  const counts = () => texts.filter((text) => text.includes('PENDING')).length;
  const prepare = () => backlog.prepare(accountId, { inserted: [{ sensorId }] });

  const first = prepare();
  time.mockReturnValue(1000);
  await first;
  expect(counts()).toBe(1);
  for (let change = 0; change < 5; change++) {
    backlog.endpointsChanged(accountId);
    await prepare();
  }
  expect(counts()).toBe(1);
  time.mockReturnValue(10_001);
  await prepare();
  time.mockRestore();
  expect(counts()).toBe(2);
});

const AT = Date.parse('2026-02-01T00:00:00Z');

function readings(count: number, flowrate = 100) {
  return Array.from({ length: count }, (_, index) => ({
    sensorId: fixture.sensorId,
    flowrate,
    datetime: new Date(AT + index * 60_000),
  }));
}

test('requests that arrive together do not exceed the limit together', async () => {
  const { principal, webhooks, pings } = fixture;
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(1);
  const all = readings(120);
  const results = await Promise.allSettled(
    [0, 1, 2, 3].map((part) =>
      pings.record(principal, all.slice(part * 30, part * 30 + 30), { onConflict: 'REJECT' }),
    ),
  );
  expect(results.map(({ status }) => status).sort()).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
  ]);
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([91, 91]);
});

test('a refused request of a group leaves its pings to the others, which are recorded', async () => {
  const { principal, webhooks, pings } = fixture;
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  const record = (from: number, to: number) =>
    pings.record(principal, readings(to).slice(from), { onConflict: 'REJECT' });
  const [all, some] = await Promise.allSettled([record(0, 101), record(0, 50)]);
  expect([all.status, some]).toMatchObject([
    'rejected',
    { status: 'fulfilled', value: { recorded: 50, duplicates: 0 } },
  ]);
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([50, 50]);
});

test('pings that are stored already are duplicates although no more deliveries may wait', async () => {
  const { principal, webhooks, pings } = fixture;
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  const all = readings(MAX_WAITING);
  await pings.record(principal, all, { onConflict: 'REJECT' });
  const again = await pings.record(principal, all, { onConflict: 'REJECT' });
  expect(again).toEqual({ recorded: 0, duplicates: MAX_WAITING });
});

test('corrections and deletions are refused, and change nothing, while too many deliveries wait', async () => {
  const { principal, webhooks, pings } = fixture;
  await webhooks.create(principal, {
    url: 'http://127.0.0.1:9/',
    eventTypes: ['ping_received', 'ping_corrected', 'pings_deleted'],
  });
  await pings.record(principal, readings(MAX_WAITING), { onConflict: 'REJECT' });
  const corrected = pings.record(principal, readings(1, 5), { onConflict: 'OVERWRITE' });
  await expect(corrected).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  const range = { start: new Date(AT), end: new Date(AT + 1) };
  const deleted = pings.delete(principal, fixture.sensorId, range, { dryRun: false });
  await expect(deleted).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([
    MAX_WAITING,
    MAX_WAITING,
  ]);
});

test('deliveries that are tests or sent again count in the limit and are refused while too many deliveries wait', async () => {
  const { principal, webhooks, webhookDeliveries, test } = fixture;
  const { id } = await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(MAX_WAITING);
  const waiting = async () =>
    (await webhookDeliveries.counts(principal, [id], { status: 'PENDING' })).get(id);
  const refused = { code: 'RATE_LIMITED', retryAfterSeconds: 10 };
  await expect(webhookDeliveries.sendTest(principal, id)).rejects.toMatchObject(refused);

  const { rows } = await test.database.pool.query(
    `UPDATE webhook_delivery SET status = 'FAILED'
     WHERE id IN (SELECT id FROM webhook_delivery LIMIT 60) RETURNING id`,
  );
  const now = performance.now();
  jest.spyOn(performance, 'now').mockReturnValue(now + LATER_MS);
  await fixture.record(10);
  jest.restoreAllMocks();
  await webhookDeliveries.sendTest(principal, id);
  const since = new Date(0);
  const all = webhookDeliveries.redeliverFailed(principal, id, since);
  await expect(all).rejects.toMatchObject(refused);
  expect(await waiting()).toBe(51);
  await webhookDeliveries.redeliver(principal, rows[0].id);
  await fixture.record(48);
  await expect(webhookDeliveries.redeliver(principal, rows[1].id)).rejects.toMatchObject(refused);
  expect(await waiting()).toBe(MAX_WAITING);
});

async function load(rows: number): Promise<void> {
  const lines = readings(rows).map(
    ({ sensorId, datetime, flowrate }) => `${sensorId},${datetime.toISOString()},${flowrate}`,
  );
  const file = ['sensor_id,datetime,flowrate', ...lines].join('\n');
  // oxlint-disable-next-line typescript/require-await -- what an import reads is asynchronous
  async function* text() {
    yield file;
  }
  await fixture.imports.run(fixture.principal, text(), {
    unit: 'bbl/d',
    onConflict: 'REJECT',
    createSensors: false,
    dryRun: false,
    comment: 'test',
  });
}

test('an import that would queue more deliveries than may wait loads nothing and says how many may', async () => {
  const { principal, webhooks } = fixture;
  await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(60);
  await expect(load(41)).rejects.toMatchObject({
    errors: [{ message: expect.stringMatching(/more webhook deliveries than .* room for 40\./) }],
  });
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([60, 60]);
  await load(40);
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([100, 100]);
});

test('an import of an account without endpoints has no such limit', async () => {
  await load(MAX_WAITING + 1);
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([MAX_WAITING + 1, 0]);
});

test('a sync stops where too many deliveries wait, and continues there when it is run again', async () => {
  const { principal, webhooks, sync } = fixture;
  const { id } = await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(60);
  const all = readings(50);
  const last = all.at(-1)!.datetime;
  const upstream: Upstream = {
    address: 'http://127.0.0.1:9',
    async *sensors() {
      yield await Promise.resolve([
        {
          id: 7,
          name: 'Upstream',
          latitude: null,
          longitude: null,
          pipeDiameter: null,
          lastPingAt: last,
        },
      ]);
    },
    async *pings(_sensorId, start, end) {
      yield await Promise.resolve(
        all.filter(({ datetime }) => datetime >= start && datetime <= end),
      );
    },
    firstPingAt: () => Promise.resolve(all[0]!.datetime),
    volume: () => Promise.resolve(0),
  };
  const run = () => sync.run(principal, upstream, { lookBackMs: 0 });
  await expect(run()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect([await count('ping'), await count('webhook_delivery')]).toEqual([60, 60]);
  await webhooks.update(principal, id, { enabled: false });
  expect(await run()).toMatchObject({ recorded: 50 });
  expect(await count('ping')).toBe(110);
});
