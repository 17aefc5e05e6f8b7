import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { runFlowgate, type Environment } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;

beforeAll(async () => {
  db = await createTestDatabase();
  environment = { DATABASE_URL: db.url };
});

afterAll(() => db.drop());

test('rollup check finds a wrong summary, and rollup rebuild corrects it', async () => {
  await db.database.prisma.account.create({ data: { name: 'rollups' } });
  const csv = 'sensor_name,datetime,flowrate\nA,2020-01-01,1\nA,2020-01-01T00:30:00Z,3\n';
  const load = ['import', '-', '--account', 'rollups', '--create-sensors'];
  expect(await runFlowgate(environment, load, csv)).toMatchObject({ status: 0 });
  const { id } = await db.database.prisma.flowSensor.findFirstOrThrow();
  await db.database.prisma.pingSummary.updateMany({
    where: { sensorId: id, level: 0 },
    data: { measuredLinearVolume: 99 },
  });
  const found = await runFlowgate(environment, ['rollup', 'check', '--sensor', String(id)]);
  expect(found.status).toBe(1);
  expect(found.stdout).toMatch(/sensor \d+: .*hour.*2020-01-01T00:00:00Z/);
  expect(await runFlowgate(environment, ['rollup', 'rebuild'])).toMatchObject({ status: 0 });
  expect(await runFlowgate(environment, ['rollup', 'check'])).toMatchObject({
    status: 0,
    stdout: '',
  });
});
