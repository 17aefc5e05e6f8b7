import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  listMigrationNames,
  MIGRATIONS_DIRECTORY,
} from '../../../src/storage/migrations/schema-engine.js';
import { formatInstant } from '../../../src/domain/shared/time.js';
import { createTestDomain } from '../../helpers/domain.js';
import { createUndistributedDatabase } from '../../helpers/database.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const MIGRATIONS = ['20261128141500_ping_recorded_at', '20261128170000_entry_unit'];

/** The tables as they were before. */
const BEFORE = `
  ALTER TABLE flow_sensor DROP COLUMN entry_unit, DROP COLUMN closed_until;
  ALTER TABLE ping DROP COLUMN recorded_at;
  ALTER TABLE ping_revision DROP COLUMN ping_recorded_at, DROP COLUMN reason_code, DROP COLUMN update_type;
  ALTER TABLE ping_revision ALTER COLUMN old_flowrate SET NOT NULL;
  DROP TABLE ping_recording_start, reason_code;
  DROP FUNCTION await_pings;
  DROP TYPE history_update_type`;

let telemetry: Telemetry;
beforeEach(async () => {
  telemetry = await createTelemetry(createUndistributedDatabase);
});
afterEach(() => telemetry.test.drop());

async function migrateAgain(): Promise<void> {
  const { pool } = telemetry.test.database;
  await pool.query(BEFORE);
  for (const name of MIGRATIONS) await pool.query(await sqlOf(name));
  // Later ones replace functions of these.
  const texts = await Promise.all((await listMigrationNames()).map(sqlOf));
  const last = texts.findLast((text) => /FUNCTION "lock_pings"/.test(text));
  for (const [statement] of last!.matchAll(FUNCTION)) await pool.query(statement);
}

const FUNCTION = /DROP FUNCTION [^;]+;|CREATE (?:OR REPLACE )?FUNCTION [^]*?\$\$;/g;

function sqlOf(migration: string): Promise<string> {
  return readFile(path.join(MIGRATIONS_DIRECTORY, migration, 'migration.sql'), 'utf8');
}

test('the migration that adds recorded_at gives earlier pings its own instant without writing them, and revisions their type', async () => {
  const { pings, principal, newSensor } = telemetry;
  const { pool } = telemetry.test.database;
  const sensorId = await newSensor();
  const ping = (second: number, flowrate: number) => ({
    sensorId,
    datetime: new Date(second * 1000),
    flowrate,
  });
  await pings.record(principal, [ping(1, 1), ping(2, 2), ping(3, 3)], { onConflict: 'REJECT' });
  await pings.record(principal, [ping(1, 7)], { onConflict: 'OVERWRITE' });
  const range = { start: new Date(2000), end: new Date(3000) };
  await pings.delete(principal, sensorId, range, { dryRun: false });
  const all = { start: new Date(0), end: new Date(10_000) };
  const { volume } = await telemetry.volumes.ofSensor(principal, sensorId, all);
  const places = async () => (await pool.query('SELECT ctid, xmin FROM ping ORDER BY id')).rows;
  const before = await places();

  const started = Date.now();
  await migrateAgain();

  expect(await places()).toEqual(before);
  const domain = createTestDomain(telemetry.test.database);
  const since = (await domain.recordHistory.recordedSince())!;
  expect(since.getTime()).toBeGreaterThanOrEqual(started);
  const recorded = async () =>
    (await pool.query<{ recorded_at: Date }>('SELECT recorded_at FROM ping ORDER BY id')).rows.map(
      ({ recorded_at }) => recorded_at,
    );
  expect(await recorded()).toEqual([since, since]);
  const { rows } = await pool.query(
    'SELECT update_type, new_flowrate, reason_code FROM ping_revision ORDER BY id',
  );
  expect(rows).toEqual([
    { update_type: 'REPLACE', new_flowrate: 7, reason_code: null },
    { update_type: 'DELETE', new_flowrate: null, reason_code: null },
  ]);
  const asOf = (at: number) =>
    domain.volumes.ofSensor(principal, sensorId, all, 'LINEAR', new Date(at));
  expect(await asOf(since.getTime())).toMatchObject({ volume });
  const tooEarly = since.getTime() - 1;
  await expect(asOf(tooEarly)).rejects.toThrow(
    `Must not be before ${formatInstant(since)}, since when the server keeps the instant at which readings are recorded; got ${formatInstant(new Date(tooEarly))}.`,
  );
  await domain.pings.record(principal, [ping(4, 4)], { onConflict: 'REJECT' });
  expect((await recorded()).at(-1)!.getTime()).toBeGreaterThan(since.getTime());
});

test('a database that never had a ping keeps when each was recorded from the first one on', async () => {
  await migrateAgain();
  const domain = createTestDomain(telemetry.test.database);
  expect(await domain.recordHistory.recordedSince()).toBeUndefined();
});
