import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { createDomain } from '../../src/composition/domain.js';
import { createTestDomain } from '../helpers/domain.js';
import { createWebhookFixture, TestReceiver, type WebhookFixture } from '../helpers/webhooks.js';

const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);

let now: Date;
let fixture: WebhookFixture;
let receiver: TestReceiver;
let other: ReturnType<typeof createDomain>;

beforeEach(async () => {
  now = at(60);
  const options = { imbalanceIntervalMs: 20, clock: () => now };
  fixture = await createWebhookFixture(options);
  // Another instance on the same database looks for imbalances as well.
  other = createTestDomain(fixture.test.database, options);
  receiver = await new TestReceiver().listen();
  fixture.webhookWorker.start();
});

afterEach(async () => {
  await other.imbalanceNotices.close();
  await other.realtime.close();
  await fixture.imbalanceNotices.close();
  await fixture.close();
  await receiver.close();
  expect(fixture.failures).toEqual([]);
});

const bodies = async (count: number) =>
  (await receiver.received(count)).map(({ body }) => JSON.parse(body));

async function record(
  sensorId: number,
  hours: readonly number[],
  flowrate: number,
  principal = fixture.principal,
): Promise<void> {
  const readings = hours.map((hour) => ({ sensorId, datetime: at(hour), flowrate }));
  await fixture.pings.record(principal, readings, { onConflict: 'OVERWRITE' });
}

const hoursOf = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A group with a calendar whose days begin at six, of a well and an outlet. */
async function newGroup(principal = fixture.principal) {
  const { calendars, sensors, groups } = fixture;
  await calendars.save(principal, { name: 'from six', timeZone: 'UTC', dayStart: '06:00' });
  const [well, outlet] = [
    await sensors.create(principal, { name: 'well', maxGap: 3600 }),
    await sensors.create(principal, { name: 'outlet', maxGap: 3600 }),
  ];
  const input = { name: 'field', calendar: 'from six', maxImbalancePercent: 5 };
  const group = await groups.create(principal, { ...input, maxImbalanceVolume: 150 });
  await groups.setMembers(principal, group.id, [
    { sensorId: well.id, direction: 'IN' },
    { sensorId: outlet.id, direction: 'OUT' },
  ]);
  return { group, well: well.id, outlet: outlet.id };
}

test('a day that is over, wholly measured and out of balance is sent once, and again only when its figure has changed materially', async () => {
  const { principal, webhooks, groups } = fixture;
  const { group, well, outlet } = await newGroup();
  const eventTypes = ['imbalance_detected'];
  await webhooks.create(principal, { url: receiver.url, eventTypes, sensorIds: [outlet] });
  const others = await new TestReceiver().listen();
  await webhooks.create(principal, { url: others.url, eventTypes, sensorIds: [fixture.sensorId] });
  const theirs = await fixture.newAccount('theirs');
  await webhooks.create(theirs, { url: others.url, eventTypes });
  // Balanced on the day from six of the first; the next one is out of balance, and has a gap.
  await record(well, hoursOf(0, 80), 2400);
  await record(outlet, hoursOf(0, 30), 2400);
  await record(outlet, [...hoursOf(31, 40), ...hoursOf(43, 80)], 2280);
  fixture.imbalanceNotices.start();
  other.imbalanceNotices.start();
  // Its gap is filled: 5 % of 2400 bbl is not exceeded, since the first hour is between both flowrates.
  await record(outlet, [41, 42], 2280);
  await record(outlet, [45], 0);
  const [first] = await bodies(1);
  expect(first).toEqual({
    ...{ type: 'imbalance_detected', api_version: '1' },
    data: {
      ...{ group_id: group.id, group_name: 'field' },
      ...{ start: '2026-01-02T06:00:00Z', end: '2026-01-03T06:00:00Z' },
      ...{ volume_in: 2400, volume_out: 2187.5, imbalance: 212.5, imbalance_percent: 8.854167 },
      ...{ volume_in_measured: 2400, volume_out_measured: 2187.5, imbalance_measured: 212.5 },
      ...{ max_imbalance_percent: 5, max_imbalance_volume: 150 },
    },
  });
  // Less than a tenth of 212.5 bbl more, then more than that.
  await record(outlet, [46], 2000);
  await record(outlet, [47], 1200);
  const [, second] = await bodies(2);
  expect(second.data.imbalance).toBeCloseTo(269.166667, 5);
  // Above no threshold any more; a day that ends later is sent as its own.
  await groups.update(principal, group.id, { maxImbalancePercent: null });
  await record(outlet, hoursOf(45, 47), 2280);
  await record(outlet, [60], 0);
  await record(outlet, [61], -7000);
  now = at(81);
  await record(outlet, [81], 2280);
  await record(well, [81], 2400);
  const [, , third] = await bodies(3);
  expect(third.data).toMatchObject({
    ...{ start: '2026-01-03T06:00:00Z', max_imbalance_percent: null, max_imbalance_volume: 150 },
  });
  expect(others.hits).toEqual([]);
  await others.close();
});

test('another account has its own thresholds, days and events', async () => {
  const theirs = await fixture.newAccount('theirs');
  const ours = await newGroup();
  const their = await newGroup(theirs);
  const eventTypes = ['imbalance_detected'];
  const otherReceiver = await new TestReceiver().listen();
  await fixture.webhooks.create(fixture.principal, { url: otherReceiver.url, eventTypes });
  await fixture.webhooks.create(theirs, { url: receiver.url, eventTypes });
  for (const [principal, { well, outlet }, flowrate] of [
    ...([[fixture.principal, ours, 2400] as const, [theirs, their, 1200] as const] as const),
  ]) {
    await record(well, hoursOf(0, 50), 2400, principal);
    await record(outlet, hoursOf(0, 50), flowrate, principal);
  }
  fixture.imbalanceNotices.start();
  const [event] = await bodies(1);
  expect(event.data).toMatchObject({ group_id: their.group.id, imbalance: 1200 });
  expect(otherReceiver.hits).toEqual([]);
  await otherReceiver.close();
});
