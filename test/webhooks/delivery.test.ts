import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
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

test('each newly stored ping is POSTed once, as documented, with the secret and the Standard Webhooks headers', async () => {
  const { principal, pings, sensorId } = fixture;
  const endpoint = await fixture.webhooks.create(principal, { url: receiver.url });
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
  const [delivery] = await attempted(endpoint.id, 1);
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

test('a duplicate ping makes no delivery, and a correction only makes one for endpoints that ask for corrections', async () => {
  const { principal, pings, sensorId, webhooks } = fixture;
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

test('a bad reading makes no delivery, and the quality of others is in the body where they are not good', async () => {
  const { principal, pings, sensorId, webhooks } = fixture;
  const eventTypes = ['ping_received', 'ping_corrected'];
  await webhooks.create(principal, { url: receiver.url, eventTypes });
  const judged = (hour: number, quality: 'GOOD' | 'UNCERTAIN' | 'BAD') => ({
    ...{ sensorId, flowrate: hour, quality },
    datetime: new Date(Date.UTC(2026, 0, 1, hour)),
  });
  const record = (...all: ReturnType<typeof judged>[]) =>
    pings.record(principal, all, { onConflict: 'OVERWRITE' });
  await record(judged(1, 'BAD'), judged(2, 'UNCERTAIN'), judged(3, 'GOOD'));
  await record(judged(1, 'GOOD'), judged(3, 'BAD'));
  await receiver.received(4);
  const bodies = receiver.hits.map(({ body }) => JSON.parse(body));
  const seen = bodies.map(({ type, data }) => [type, data.flowrate, data.quality]);
  expect(seen.sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
    ['ping_corrected', 1, undefined],
    ['ping_corrected', 3, 'BAD'],
    ['ping_received', 2, 'UNCERTAIN'],
    ['ping_received', 3, undefined],
  ]);
});

test('an endpoint that names sensors receives their events only, and none receives another account’s', async () => {
  const { principal, webhooks, newSensor, newAccount, pings, sensorId } = fixture;
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

test('events are not queued for an endpoint while it is disabled by hand, nor for one that does not exist yet', async () => {
  const { principal, webhooks } = fixture;
  await fixture.record(1);
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await webhooks.update(principal, id, { enabled: false });
  await fixture.record(1);
  await webhooks.update(principal, id, { enabled: true });
  await fixture.record(1);
  const [delivery] = await attempted(id, 1);
  expect(delivery!.sequence).toBe('1');
  expect((await fixture.webhookDeliveries.counts(principal, [id], {})).get(id)).toBe(1);
});

test('the response to each attempt is logged, in any script', async () => {
  const { principal, webhooks } = fixture;
  const answers = ['ok', 'größer als 5 bbl/d: "ja"', '流量 🛢️', ''];
  receiver.answer = ({ headers }, response) =>
    response.end(answers[Number(headers['fc-sequence']) - 1]);
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await fixture.record(answers.length);
  const deliveries = await attempted(id, answers.length);
  expect(deliveries.map(({ attempts }) => attempts[0]!.response ?? '')).toEqual(answers);
});

test('a failed delivery is retried with the same webhook-id, body and number, and its attempts are logged', async () => {
  const { principal, webhooks, webhookDeliveries } = fixture;
  receiver.answer = (_request, response) => {
    response.statusCode = receiver.hits.length === 1 ? 500 : 204;
    response.end(receiver.hits.length === 1 ? `oh\0 no ${'x'.repeat(2000)}` : undefined);
  };
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await fixture.record(1);
  const [failed] = await attempted(id, 1);
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

test('410 Gone disables the endpoint, which says why; its events are queued, and sent once it is enabled again', async () => {
  const { principal, webhooks } = fixture;
  receiver.answer = (_request, response) => response.writeHead(410).end();
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await fixture.record(1);
  await receiver.received(1);
  const disabled = await until(async () => {
    const endpoint = await webhooks.require(principal, id);
    return !endpoint.enabled && endpoint;
  });
  expect(disabled.disabledReason).toMatch(/410 Gone/);
  await fixture.record(3);
  expect((await fixture.eventsAfter(id, 0, 10)).unnumbered).toBe(3);
  await expect(fixture.webhookDeliveries.sendTest(principal, id)).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(receiver.hits).toHaveLength(1);
  receiver.answer = (_request, response) => response.end();
  const enabled = await webhooks.update(principal, id, { enabled: true });
  expect(enabled).toMatchObject({ enabled: true, disabledReason: null });
  await receiver.received(5);
  const deliveries = await until(async () => {
    const found = (await fixture.eventsAfter(id, 0, 10)).deliveries;
    return found.every(({ status }) => status === 'SUCCEEDED') && found;
  });
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '4']);
});

test('after a rotation FC-Signature is the new secret at once, and requests are also signed with the previous one until it is revoked', async () => {
  const { principal, webhooks } = fixture;
  const old = await webhooks.create(principal, { url: receiver.url });
  const rotated = await webhooks.rotateSecret(principal, old.id);
  await fixture.record(1);
  const [hit] = await receiver.received(1);
  expect(hit!.headers['fc-signature']).toBe(rotated.secret);
  const headers = hit!.headers as Record<string, string>;
  for (const { secret } of [old, rotated]) {
    expect(new Webhook(secret!).verify(hit!.body, headers)).toBeDefined();
  }
  await webhooks.revokePreviousSecret(principal, old.id);
  await fixture.record(1);
  const next = (await receiver.received(2))[1]!;
  const nextHeaders = next.headers as Record<string, string>;
  expect(new Webhook(rotated.secret!).verify(next.body, nextHeaders)).toBeDefined();
  expect(() => new Webhook(old.secret!).verify(next.body, nextHeaders)).toThrow();
});

test('events are numbered without gaps, and a receiver can query those after any number', async () => {
  const { principal, webhooks } = fixture;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await Promise.all(Array.from({ length: 10 }, () => fixture.record(30)));
  const hits = await receiver.received(300);
  const numbers = hits.map(({ headers }) => Number(headers['fc-sequence'])).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  const { deliveries, lastSequence, unnumbered } = await fixture.eventsAfter(id, 290, 5);
  expect(deliveries.map(({ sequence }) => sequence)).toEqual(['291', '292', '293', '294', '295']);
  expect({ lastSequence, unnumbered }).toEqual({ lastSequence: '300', unnumbered: 0 });
});

test('an endless response is read up to a limit, and counts by its status', async () => {
  receiver.answer = (_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write('y'.repeat(16_384)));
    };
    response.on('drain', write).on('error', () => undefined);
    write();
  };
  const { id } = await fixture.webhooks.create(fixture.principal, { url: receiver.url });
  await fixture.record(1);
  const [delivery] = await attempted(id, 1);
  expect(delivery).toMatchObject({ status: 'SUCCEEDED', attempts: [{ status: 200 }] });
  expect(delivery!.attempts[0]!.response).toBe('y'.repeat(1024));
});

test('a deleted endpoint is sent nothing more, and its deliveries are removed', async () => {
  const { principal, webhooks, webhookDeliveries, webhookRetention, test: on } = fixture;
  const { id } = await webhooks.create(principal, { url: receiver.url });
  await fixture.record(1);
  const [delivery] = await attempted(id, 1);
  await webhooks.delete(principal, id);
  await fixture.record(1);
  expect(await webhookDeliveries.find(principal, delivery!.id)).toBeUndefined();
  expect(await webhookRetention.prune()).toBe(1);
  const { rows } = await on.database.pool.query('SELECT count(*)::int AS n FROM webhook_delivery');
  expect(rows).toEqual([{ n: 0 }]);
  expect(receiver.hits).toHaveLength(1);
});
