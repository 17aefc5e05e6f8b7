import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DemoFeed } from '../../src/demo/demo-feed.js';
import { createDemo } from '../../src/demo/demo.js';
import { NO_OUTBOX } from '../../src/storage/pings/ping-outbox.js';
import { DemoStore } from '../../src/storage/transfer/demo-store.js';
import { StagedPings } from '../../src/storage/transfer/staged-pings.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTestDomain } from '../helpers/domain.js';
import type { Domain } from '../../src/composition/domain.js';

const HOUR_MS = 3_600_000;
const MADE = new Date(Date.now() - 30 * HOUR_MS);

let db: TestDatabase;
let domain: Domain;
let now: Date;

beforeAll(async () => {
  db = await createTestDatabase();
  domain = createTestDomain(db.database, { clock: () => now });
});
afterAll(() => db.drop());

const feed = () =>
  new DemoFeed(domain, (error) => {
    throw error;
  });

async function lastReadings(): Promise<Map<string, number>> {
  const principal = await domain.accounts.operatorIn({ name: 'demo' });
  const { sensors } = await domain.sensors.window(principal, {
    filter: {},
    order: { field: 'ID', direction: 'ASC' },
    take: 100,
    from: 'first',
  });
  const last = await domain.pings.last(
    principal,
    sensors.map(({ id }) => id),
  );
  return new Map(sensors.map(({ id, name }) => [name, last.get(id)!.datetime.getTime()]));
}

test('without a demo account nothing is sent', async () => {
  now = MADE;
  expect(await feed().send()).toBe(0);
});

test('the demo’s sensors send what fell due, also while the server was stopped, and nothing twice', async () => {
  now = MADE;
  const store = new DemoStore(db.database, new StagedPings(NO_OUTBOX));
  await createDemo(store, now);
  const before = await lastReadings();
  now = new Date(MADE.getTime() + 30 * HOUR_MS);
  expect(await feed().send()).toBeGreaterThan(4 * 30 * 12);
  expect(await feed().send()).toBe(0);

  const after = await lastReadings();
  for (const [name, datetime] of after) {
    if (name === 'Big Spring lateral') {
      // It shows what a sensor looks like that fell silent.
      expect(datetime).toBe(before.get(name));
    } else {
      expect(now.getTime() - datetime).toBeLessThan(16 * 60_000);
      expect(datetime).toBeLessThanOrEqual(now.getTime());
    }
  }
  const principal = await domain.accounts.operatorIn({ name: 'demo' });
  const [crane] = await domain.sensors
    .window(principal, {
      filter: { search: 'Crane' },
      order: { field: 'ID', direction: 'ASC' },
      take: 1,
      from: 'first',
    })
    .then(({ sensors }) => sensors);
  const volumes = await domain.volumes.ofRange(
    principal,
    [crane!.id],
    { start: new Date(MADE.getTime() - HOUR_MS), end: new Date(now.getTime() - HOUR_MS) },
    'LINEAR',
  );
  expect(volumes.get(crane!.id)).toMatchObject({ coverage: 1 });
});

test('a demo sensor that has another name now sends no more', async () => {
  const principal = await domain.accounts.operatorIn({ name: 'demo' });
  const wink = [...(await lastReadings()).entries()].find(([name]) => name === 'Wink gathering')!;
  const { sensors } = await domain.sensors.window(principal, {
    filter: { search: 'Wink' },
    order: { field: 'ID', direction: 'ASC' },
    take: 1,
    from: 'first',
  });
  await domain.sensors.update(principal, sensors[0]!.id, { name: 'Ours' });
  now = new Date(now.getTime() + HOUR_MS);
  expect(await feed().send()).toBeGreaterThan(0);
  expect((await lastReadings()).get('Ours')).toBe(wink[1]);
});
