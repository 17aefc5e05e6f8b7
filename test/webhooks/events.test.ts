import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createWebhookFixture, TestReceiver, type WebhookFixture } from '../helpers/webhooks.js';

let fixture: WebhookFixture;
let receiver: TestReceiver;

beforeEach(async () => {
  fixture = await createWebhookFixture({ revisionIntervalMs: 20 });
  receiver = await new TestReceiver().listen();
  fixture.webhookWorker.start();
});

afterEach(async () => {
  await fixture.revisionNotices.close();
  await fixture.close();
  await receiver.close();
  expect(fixture.failures).toEqual([]);
});

const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);
const bodies = async (count: number) =>
  (await receiver.received(count)).map(({ body }) => JSON.parse(body));

async function record(flowrates: Readonly<Record<number, number>>): Promise<void> {
  const { principal, pings, sensorId } = fixture;
  const readings = Object.entries(flowrates).map(([hour, flowrate]) => {
    return { sensorId, datetime: at(Number(hour)), flowrate };
  });
  await pings.record(principal, readings, { onConflict: 'OVERWRITE' });
}

const hourly = (hours: number, flowrate: number) =>
  Object.fromEntries(Array.from({ length: hours }, (_, hour) => [hour, flowrate]));

test('a period that is closed and a statement that is issued are sent to endpoints that ask for them and for one of their sensors', async () => {
  const { principal, groups, periods, statements, sensorId, webhooks, newSensor } = fixture;
  await record(hourly(49, 2400));
  const eventTypes = ['period_closed', 'statement_issued'];
  const other = await new TestReceiver().listen();
  await webhooks.create(principal, { url: other.url });
  const others = [await newSensor('another')];
  await webhooks.create(principal, { url: other.url, eventTypes, sensorIds: others });
  await webhooks.create(await fixture.newAccount('theirs'), { url: other.url, eventTypes });
  await webhooks.create(principal, { url: receiver.url, eventTypes, sensorIds: [sensorId] });
  const group = await groups.create(principal, { name: 'field' });
  await groups.setMembers(principal, group.id, [{ sensorId, direction: 'OUT' }]);
  const input = { start: at(0), end: at(48), reason: 'January' };
  const period = await periods.close(principal, group.id, input);
  const [closed] = await bodies(1);
  expect(closed).toEqual({
    ...{ type: 'period_closed', api_version: '1' },
    data: {
      ...{ id: period.id, group_id: group.id, group_name: 'field' },
      ...{ start: '2026-01-01T00:00:00Z', end: '2026-01-03T00:00:00Z' },
      closed_at: period.closedAt.toISOString(),
      ...{ closed_by: 'operator', reason: 'January' },
      sensors: [{ sensor_id: sensorId, direction: 'OUT', volume: 4800 }],
    },
  });
  const { header, hash } = await statements.issue(principal, {
    ...{ sensorIds: [sensorId], start: at(0), end: at(48) },
  });
  const [, issued] = await bodies(2);
  expect(issued).toEqual({
    ...{ type: 'statement_issued', api_version: '1' },
    data: {
      ...{ number: 1, version: 1, supersedes: null },
      ...{ start: '2026-01-01T00:00:00Z', end: '2026-01-03T00:00:00Z' },
      ...{ issued_at: header.issuedAt, issued_by: 'operator', hash, volume: 4800 },
      sensors: [{ sensor_id: sensorId, volume: 4800 }],
    },
  });
  // The log has the body too, and nobody else was sent any of it.
  const where = { url: receiver.url };
  const endpoint = await fixture.test.database.prisma.webhookEndpoint.findFirstOrThrow({ where });
  const window = { filter: {}, take: 10, from: 'first' } as const;
  const log = await fixture.webhookDeliveries.windows(principal, [endpoint.id], window);
  expect(log.get(endpoint.id)!.items.map(({ payload }) => JSON.parse(payload))).toEqual([
    ...[issued, closed],
  ]);
  await record({ 60: 1 });
  expect((await other.received(1)).map(({ body }) => JSON.parse(body).type)).toEqual([
    'ping_received',
  ]);
  await other.close();
});

test('all that changed the volume of a past day since the last notice makes one event, with the figures before and after', async () => {
  const { principal, calendars, sensors, webhooks, sensorId, groups, periods } = fixture;
  await calendars.save(principal, { name: 'from six', timeZone: 'UTC', dayStart: '06:00' });
  await sensors.update(principal, sensorId, { calendar: 'from six' });
  await record(hourly(80, 2400));
  await webhooks.create(principal, { url: receiver.url, eventTypes: ['volume_revised'] });
  const theirs = await fixture.newAccount('theirs');
  const other = await new TestReceiver().listen();
  await webhooks.create(theirs, { url: other.url, eventTypes: ['volume_revised'] });
  // Two requests, before anybody looks.
  await record({ 10: 4800 });
  await record({ 10: 7200, 36: 0 });
  fixture.revisionNotices.start();
  const revised = (await bodies(2)).map(({ data }) => data);
  const sensor = { sensor_id: sensorId, sensor_name: 'Sensor 1', approval: 'PROVISIONAL' };
  expect(revised).toEqual([
    {
      ...{ ...sensor, start: '2026-01-01T06:00:00Z', end: '2026-01-02T06:00:00Z' },
      ...{ before: 2400, after: 2600, cause: { revisions: 2, reason_codes: [], settings: [] } },
    },
    {
      ...{ ...sensor, start: '2026-01-02T06:00:00Z', end: '2026-01-03T06:00:00Z' },
      ...{ before: 2400, after: 2300, cause: { revisions: 1, reason_codes: [], settings: [] } },
    },
  ]);
  // The next one goes on from there; a closed day is approved.
  const group = await groups.create(principal, { name: 'field', calendar: 'from six' });
  await groups.setMembers(principal, group.id, [{ sensorId, direction: null }]);
  await periods.close(principal, group.id, { start: at(6), end: at(30) });
  const range = { start: at(10), end: at(11) };
  const reason = { reasonCode: 'METER_ERROR' };
  await fixture.pings.delete(principal, sensorId, range, { dryRun: false, ...reason });
  const [, , last] = await bodies(3);
  expect(last).toEqual({
    ...{ type: 'volume_revised', api_version: '1' },
    data: {
      ...{ ...sensor, approval: 'APPROVED' },
      ...{ start: '2026-01-01T06:00:00Z', end: '2026-01-02T06:00:00Z' },
      ...{ before: 2600, after: 2400 },
      cause: { revisions: 1, reason_codes: ['METER_ERROR'], settings: [] },
    },
  });
  // A change that leaves every volume as it was, such as another quality, makes no event.
  const uncertain = { sensorId, datetime: at(50), flowrate: 2400, quality: 'UNCERTAIN' } as const;
  await fixture.pings.record(principal, [uncertain], { onConflict: 'OVERWRITE' });
  await record({ 55: 0 });
  const [, , , next] = await bodies(4);
  expect(next.data).toMatchObject({ start: '2026-01-03T06:00:00Z', after: 2300 });
  expect(other.hits).toEqual([]);
  await other.close();
});

test('settings that change the volumes of past days make events, those of before the subscription and of other accounts none', async () => {
  const { principal, sensors, webhooks, sensorId } = fixture;
  await record(hourly(73, 2400));
  const factor = (meterFactor: number, hours: number) =>
    sensors.update(principal, sensorId, { meterFactor }, { effectiveFrom: at(hours) });
  await factor(1.5, 60);
  const eventTypes = ['volume_revised'];
  await webhooks.create(principal, { url: receiver.url, eventTypes });
  const other = await new TestReceiver().listen();
  await webhooks.create(await fixture.newAccount('theirs'), { url: other.url, eventTypes });
  await factor(1.1, 36);
  await sensors.update(principal, sensorId, { name: 'Renamed', maxGap: 7200 });
  fixture.revisionNotices.start();
  const day = (date: number, before: number, after: number) => ({
    ...{ sensor_id: sensorId, sensor_name: 'Renamed', approval: 'PROVISIONAL' },
    ...{ start: `2026-01-0${date}T00:00:00Z`, end: `2026-01-0${date + 1}T00:00:00Z` },
    ...{ before, after },
  });
  const cause = { revisions: 0, reason_codes: [], settings: ['METER_FACTOR'] };
  expect((await bodies(2)).map(({ data }) => data)).toEqual([
    { ...day(2, 2400, 2520), cause },
    { ...day(3, 3000, 2640), cause },
  ]);
  // A revision and a setting that are found together make one event for each day.
  await fixture.revisionNotices.close();
  await record({ 30: 4800 });
  await sensors.update(principal, sensorId, { method: 'STEP' }, { effectiveFrom: at(48) });
  await record({ 70: 0 });
  fixture.revisionNotices.start();
  const [, , second, third] = await bodies(4);
  expect(second.data).toEqual({
    ...day(2, 2520, 2620),
    cause: { ...cause, revisions: 1, settings: [] },
  });
  expect(third.data).toMatchObject({ cause: { revisions: 1, settings: ['METHOD'] } });
  expect(other.hits).toEqual([]);
  await other.close();
});
