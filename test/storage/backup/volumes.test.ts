import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readVolumes } from '../../../src/storage/backup/volumes.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';
import { createTenant } from '../../helpers/graphql.js';

const DAY = 86_400_000;

let source: TestDatabase;
beforeAll(async () => {
  source = await createTestDatabase();
});
afterAll(() => source.drop());

test('a backup has the volumes that the APIs serve over all time, by both methods', async () => {
  const { pings, sensors, volumes } = createTestDomain(source.database);
  const { principal } = await createTenant(source, 'ours');
  const { id } = await sensors.create(principal, { name: 'one' });
  const { id: empty } = await sensors.create(principal, { name: 'without pings' });
  const start = new Date('2026-01-01T00:10:00Z');
  const end = new Date(start.getTime() + 40 * DAY);
  const readings = [1000, 3000, 500].map((flowrate, index) => ({
    sensorId: id,
    datetime: new Date(start.getTime() + 20 * DAY * index),
    flowrate,
  }));
  await pings.record(principal, readings, { onConflict: 'REJECT' });

  const found = await source.database.transaction(readVolumes);

  expect(found).toEqual([
    { sensorId: id, linear: 75_000, step: 80_000 },
    { sensorId: empty, linear: 0, step: 0 },
  ]);
  const served = await volumes.ofSensor(principal, id, { start, end }, 'LINEAR');
  expect(served.volume).toBe(75_000);
});
