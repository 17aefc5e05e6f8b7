import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MIGRATIONS_DIRECTORY } from '../../../src/storage/migrations/schema-engine.js';
import { createUndistributedDatabase } from '../../helpers/database.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const MIGRATION = path.join(
  MIGRATIONS_DIRECTORY,
  '20261128093000_summary_outage_volumes',
  'migration.sql',
);
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const START = Date.UTC(2023, 10, 30);

/** The table as it was before: one sum of what is measured and what lies in outages. */
const BEFORE = `
  UPDATE ping_summary SET measured_linear_volume = measured_linear_volume + outage_linear_volume,
    measured_step_volume = measured_step_volume + outage_step_volume;
  ALTER TABLE ping_summary DROP COLUMN outage_linear_volume;
  ALTER TABLE ping_summary DROP COLUMN outage_step_volume;
  ALTER TABLE ping_summary RENAME COLUMN measured_linear_volume TO linear_volume;
  ALTER TABLE ping_summary RENAME COLUMN measured_step_volume TO step_volume`;

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry(createUndistributedDatabase);
});
afterAll(() => telemetry.test.drop());

test('the migration that keeps outages apart leaves every summary as its pings have it', async () => {
  const { pings, principal, summaries, test: scratch } = telemetry;
  const sensors = [
    await telemetry.newSensor(600),
    await telemetry.newSensor(3600),
    await telemetry.newSensor(86_400),
    await telemetry.newSensor(),
  ];
  // Gaps of seconds, of more than ten minutes, an hour, a day and 32 days.
  const gaps = [30 * SECOND, 900 * SECOND, 1.5 * HOUR, 30 * HOUR, 40 * 24 * HOUR];
  for (const sensorId of sensors.slice(0, 3)) {
    let at = START;
    const readings = Array.from({ length: 60 }, (_, index) => {
      at += gaps[index ** 3 % gaps.length]!;
      return { sensorId, datetime: new Date(at), flowrate: (index % 11) - 4.5 };
    });
    await pings.record(principal, readings, { onConflict: 'REJECT' });
  }

  await scratch.database.pool.query(BEFORE);
  await scratch.database.pool.query(await readFile(MIGRATION, 'utf8'));

  for (const sensor of sensors) expect(await summaries.check(sensor)).toEqual([]);
  const { rows } = await scratch.database.pool.query(
    `SELECT level, count(*) FILTER (WHERE outage_linear_volume <> 0) > 0 AS has_outages
     FROM ping_summary GROUP BY level ORDER BY level`,
  );
  expect(rows).toEqual([0, 1, 2, 3].map((level) => ({ level, has_outages: true })));
});
