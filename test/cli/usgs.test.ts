import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Accounts } from '../../src/domain/accounts/accounts.js';
import { AccountStore } from '../../src/storage/accounts/account-store.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTestDomain } from '../helpers/domain.js';
import { runFlowgate } from './flowgate.js';

const FIXTURE = path.resolve(import.meta.dirname, '../fixtures/usgs');
const MAX_DAILY_DEVIATION = 0.01;
const MAX_TOTAL_DEVIATION = 0.0015;

/** The volume of one day at a station, as published by the US Geological Survey. */
interface PublishedDay {
  readonly sensor: string;
  readonly start: Date;
  readonly end: Date;
  /** barrels */
  readonly volume: number;
}

describe('imported readings of real gauges', () => {
  let db: TestDatabase;
  let days: PublishedDay[];
  let measured: Map<PublishedDay, number>;

  beforeAll(async () => {
    db = await createTestDatabase();
    const { database } = db;
    await database.prisma.account.create({ data: { name: 'usgs' } });
    const file = path.join(FIXTURE, 'usgs_flow.csv');
    const args = ['import', file, '--account', 'usgs', '--create-sensors'];
    expect(await runFlowgate({ DATABASE_URL: db.url }, args)).toMatchObject({ status: 0 });
    const principal = await new Accounts(new AccountStore(database)).operatorIn({ name: 'usgs' });
    const sensors = await database.prisma.flowSensor.findMany();
    const volumes = createTestDomain(database).volumes;
    days = await publishedDays();
    measured = new Map();
    for (const day of days) {
      const sensor = sensors.find(({ name }) => name === day.sensor);
      if (!sensor) throw new Error(`${day.sensor} was not imported.`);
      measured.set(day, (await volumes.ofSensor(principal, sensor.id, day)).volume);
    }
  });
  afterAll(() => db.drop());

  test('imported gauge readings give every day within 1 % of the independently published volume', () => {
    const off = days
      .map((day) => ({ ...day, off: Math.abs((measured.get(day) ?? 0) / day.volume - 1) }))
      .filter(({ off }) => !(off <= MAX_DAILY_DEVIATION));
    expect(off).toEqual([]);
    expect(days.length).toBeGreaterThan(300);
  });

  test('imported gauge readings give each station’s total within 0.15 % of the published volume', () => {
    for (const sensor of new Set(days.map((day) => day.sensor))) {
      const ofSensor = days.filter((day) => day.sensor === sensor);
      const published = ofSensor.reduce((sum, { volume }) => sum + volume, 0);
      const total = ofSensor.reduce((sum, day) => sum + (measured.get(day) ?? 0), 0);
      expect(Math.abs(total / published - 1)).toBeLessThanOrEqual(MAX_TOTAL_DEVIATION);
    }
  });
});

async function publishedDays(): Promise<PublishedDay[]> {
  const text = await readFile(path.join(FIXTURE, 'usgs_daily.csv'), 'utf8');
  const [header = '', ...lines] = text.trim().split('\n');
  const columns = header.split(',');
  return lines.map((line) => {
    const row = Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell]));
    return {
      sensor: row.sensor_name as string,
      start: new Date(row.start_utc as string),
      end: new Date(row.end_utc as string),
      volume: Number(row.published_volume_bbl),
    };
  });
}
