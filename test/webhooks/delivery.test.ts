import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
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

test('each newly stored ping is POSTed once, as documented, with the secret and the Standard Webhooks headers', async () => {
  const { principal, pings, sensorId } = stage;
  const endpoint = await stage.webhooks.create(principal, { url: receiver.url });
  await pings.record(
    principal,
    [{ sensorId, flowrate: 759.9, datetime: new Date('2019-02-05T20:15:08Z') }],
    { onConflict: 'REJECT' },
  );
  const [hit] = await receiver.received(1);
  const last = (await pings.last(principal, [sensorId])).get(sensorId)!;
  expect(hit!.body).toBe(
    `{"type":"ping_received","api_version":"1","data":{"id":${last.id},"sensor_id":${sensorId},` +
      `"sensor_name":"Sensor 1","flowrate":759.9,"datetime":"2019-02-05T20:15:08Z"}}`,
  );
  expect(hit!.path).toBe('/hook?a=1');
  expect(hit!.headers['content-type']).toBe('application/json');
  expect(hit!.headers['fc-signature']).toBe(endpoint.secret);
  expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(
    new Webhook(endpoint.secret!).verify(hit!.body, hit!.headers as Record<string, string>),
  ).toEqual(JSON.parse(hit!.body));
  const [delivery] = await settled(endpoint.id, 1);
  expect(delivery).toMatchObject({
    status: 'SUCCEEDED',
    webhookId: hit!.headers['webhook-id'],
    sequence: '1',
    payload: hit!.body,
    attempts: [{ status: 200, response: 'ok' }],
    nextAttemptAt: null,
  });
  expect(receiver.hits).toHaveLength(1);
});

test('a duplicate ping makes no delivery, a correction none but for those who asked for it', async () => {
  const { principal, pings, sensorId, webhooks } = stage;
  await webhooks.create(principal, { url: receiver.url });
  const other = await new TestReceiver().listen();
  await webhooks.create(principal, {
    url: other.url,
    eventTypes: ['ping_corrected', 'pings_deleted'],
  });
  const datetime = new Date('2026-01-01T00:00:00Z');
  const record = (flowrate: number, onConflict: 'REJECT' | 'OVERWRITE') =>
    pings.record(principal, [{ sensorId, flowrate, datetime }], { onConflict });
  await record(1, 'REJECT');
  await record(1, 'REJECT');
  await record(2.5, 'OVERWRITE');
  await record(2.5, 'OVERWRITE');
  const range = { start: datetime, end: new Date('2026-01-02T00:00:00.500Z') };
  await pings.delete(principal, sensorId, range, { dryRun: false });
  await record(3, 'REJECT');
  await receiver.received(2);
  await other.received(2);
  const id = JSON.parse(receiver.hits[0]!.body).data.id;
  expect(receiver.hits.map(({ body }) => JSON.parse(body).data.flowrate)).toEqual([1, 3]);
  expect(other.hits.map(({ body }) => body).sort()).toEqual([
    `{"type":"ping_corrected","api_version":"1","data":{"id":${id},"sensor_id":${sensorId},"sensor_name":"Sensor 1",` +
      '"flowrate":2.5,"datetime":"2026-01-01T00:00:00Z","previous_flowrate":1}}',
    `{"type":"pings_deleted","api_version":"1","data":{"sensor_id":${sensorId},"sensor_name":"Sensor 1",` +
      '"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00.500Z","count":1}}',
  ]);
  await other.close();
});

test('an endpoint that names sensors is told of those, and of no other account’s', async () => {
  const { principal, webhooks, newSensor, newAccount, pings, sensorId } = stage;
  const second = await newSensor('Sensor 2');
  const theirs = await newAccount('theirs');
  const foreign = await newSensor('Foreign', theirs);
  await webhooks.create(principal, { url: receiver.url, sensorIds: [second] });
  const all = await new TestReceiver().listen();
  await webhooks.create(principal, { url: all.url });
  const record = (owner: typeof principal, sensor: number) =>
    pings.record(owner, [{ sensorId: sensor, flowrate: 1, datetime: new Date('2026-01-01') }], {
      onConflict: 'REJECT',
    });
  await record(theirs, foreign);
  await record(principal, sensorId);
  await record(principal, second);
  const named = ({ hits }: TestReceiver) =>
    hits.map(({ body }) => JSON.parse(body).data.sensor_id).sort();
  await receiver.received(1);
  await all.received(2);
  expect(named(receiver)).toEqual([second]);
  expect(named(all)).toEqual([sensorId, second]);
  await all.close();
});

test('an endpoint that was disabled by hand is told of nothing, one that is new of nothing before it', async () => {
  const { principal, webhooks } = stage;
  await stage.record(1);
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await webhooks.update(principal, id, { enabled: false });
  await stage.record(1);
  await webhooks.update(principal, id, { enabled: true });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery!.sequence).toBe('1');
  expect((await stage.webhookDeliveries.counts(principal, [id], {})).get(id)).toBe(1);
});

test('what receivers answer is kept with each attempt, in whatever script', async () => {
  const { principal, webhooks } = stage;
  const answers = ['ok', 'größer als 5 bbl/d: "ja"', '流量 🛢️', ''];
  receiver.answer = ({ headers }, response) =>
    response.end(answers[Number(headers['fc-sequence']) - 1]);
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await stage.record(answers.length);
  const deliveries = await settled(id, answers.length);
  expect(deliveries.map(({ attempts }) => attempts[0]!.response ?? '')).toEqual(answers);
});

test('a failed delivery is tried again with the same webhook-id, body and number, and its attempts are kept', async () => {
  const { principal, webhooks, webhookDeliveries } = stage;
  receiver.answer = (_request, response) => {
    response.statusCode = receiver.hits.length === 1 ? 500 : 204;
    response.end(receiver.hits.length === 1 ? `oh\0 no ${'x'.repeat(2000)}` : undefined);
  };
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await stage.record(1);
  const [failed] = await settled(id, 1);
  expect(failed).toMatchObject({
    status: 'PENDING',
    attempts: [{ status: 500, error: 'HTTP 500' }],
  });
  expect(failed!.attempts[0]!.response).toHaveLength(1024);
  const inMs = failed!.nextAttemptAt!.getTime() - failed!.attempts[0]!.attemptedAt.getTime();
  expect(inMs).toBeGreaterThanOrEqual(4000);
  expect(inMs).toBeLessThan(7000);
  await webhookDeliveries.redeliver(principal, failed!.id);
  const [first, second] = await receiver.received(2);
  expect(second!.body).toBe(first!.body);
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(second!.headers['fc-sequence']).toBe('1');
  const over = await until(async () => {
    const found = await webhookDeliveries.find(principal, failed!.id);
    return found?.status === 'SUCCEEDED' && found;
  });
  expect(over.attempts.map(({ status }) => status)).toEqual([500, 204]);
  expect(over.attempts[1]!.request).toContain(`webhook-id: ${first!.headers['webhook-id']}`);
  expect(over.attempts[1]!.request).toContain(first!.body);
  expect(JSON.stringify(over.attempts)).not.toContain('whsec_');
});

test('410 Gone disables the endpoint, which says why; its events are queued, and sent once it is enabled', async () => {
  const { principal, webhooks } = stage;
  receiver.answer = (_request, response) => response.writeHead(410).end();
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await stage.record(1);
  await receiver.received(1);
  const disabled = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return !endpoint.enabled && endpoint;
  });
  expect(disabled.disabledReason).toMatch(/410 Gone/);
  await stage.record(3);
  expect((await stage.eventsAfter(id, 0, 10)).unnumbered).toBe(3);
  await expect(stage.webhookDeliveries.sendTest(principal, id)).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(receiver.hits).toHaveLength(1);
  receiver.answer = (_request, response) => response.end();
  const enabled = await webhooks.update(principal, id, { enabled: true });
  expect(enabled).toMatchObject({ enabled: true, disabledReason: null });
  await receiver.received(5);
  const deliveries = await until(async () => {
    const found = (await stage.eventsAfter(id, 0, 10)).deliveries;
    return found.every(({ status }) => status === 'SUCCEEDED') && found;
  });
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '4']);
});

test('after a rotation FC-Signature is the new secret at once, and the old one signs along until revoked', async () => {
  const { principal, webhooks } = stage;
  const old = await webhooks.create(principal, { url: receiver.url });
  const rotated = await webhooks.rotateSecret(principal, old.id);
  await stage.record(1);
  const [hit] = await receiver.received(1);
  expect(hit!.headers['fc-signature']).toBe(rotated.secret);
  const headers = hit!.headers as Record<string, string>;
  for (const { secret } of [old, rotated]) {
    expect(new Webhook(secret!).verify(hit!.body, headers)).toBeDefined();
  }
  await webhooks.revokePreviousSecret(principal, old.id);
  await stage.record(1);
  const next = (await receiver.received(2))[1]!;
  const nextHeaders = next.headers as Record<string, string>;
  expect(new Webhook(rotated.secret!).verify(next.body, nextHeaders)).toBeDefined();
  expect(() => new Webhook(old.secret!).verify(next.body, nextHeaders)).toThrow();
});

test('events have numbers without gaps, and a receiver can ask for those after any of them', async () => {
  const { principal, webhooks } = stage;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await Promise.all(Array.from({ length: 10 }, () => stage.record(30)));
  const hits = await receiver.received(300);
  const numbers = hits.map(({ headers }) => Number(headers['fc-sequence'])).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  const { deliveries, lastSequence, unnumbered } = await stage.eventsAfter(id, 290, 5);
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['291', '292', '293', '294', '295']);
  expect({ lastSequence, unnumbered }).toEqual({ lastSequence: '300', unnumbered: 0 });
});

test('an endless answer is read to a bound, and counts by its status', async () => {
  receiver.answer = (_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write('y'.repeat(16_384)));
    };
    response.on('drain', write).on('error', () => undefined);
    write();
  };
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery).toMatchObject({ status: 'SUCCEEDED', attempts: [{ status: 200 }] });
  expect(delivery!.attempts[0]!.response).toBe('y'.repeat(1024));
});

test('a deleted endpoint is sent nothing more, and its deliveries are gone', async () => {
  const { principal, webhooks, webhookDeliveries, webhookLog, test: on } = stage;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  await webhooks.delete(principal, id);
  await stage.record(1);
  expect(await webhookDeliveries.find(principal, delivery!.id)).toBeUndefined();
  expect(await webhookLog.prune()).toBe(1);
  const { rows } = await on.database.pool.query('SELECT count(*)::int AS n FROM webhook_delivery');
  expect(rows).toEqual([{ n: 0 }]);
  expect(receiver.hits).toHaveLength(1);
});
