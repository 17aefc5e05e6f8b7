import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { distribute } from '../../../src/storage/distribution/distribute.js';
import { DISTRIBUTED_TABLES } from '../../../src/storage/distribution/placements.js';
import { migrate } from '../../../src/storage/migrations/migrate.js';
import { MIGRATIONS_DIRECTORY } from '../../../src/storage/migrations/schema-engine.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.pool.query(`INSERT INTO account (name) VALUES ('one')`);
  await db.database.pool.query(
    `INSERT INTO flow_sensor (account_id, name, max_gap_changed_at, earlier_max_gaps, method_changed_at, earlier_methods)
     SELECT 1, 'Sensor ' || n, '{}', '{}', '{}', '{}' FROM generate_series(1, 20) AS n`,
  );
  await db.database.pool.query(
    `INSERT INTO ping (sensor_id, datetime, flowrate)
     SELECT 1 + n % 20, timestamptz '2020-01-01' + n * interval '1 minute', n FROM generate_series(1, 2000) AS n`,
  );
});
afterAll(() => db.drop());

const move = (options: Partial<{ undo: boolean; dryRun: boolean }> = {}) =>
  distribute(db.database.pool, { undo: false, dryRun: false, ...options });

/** All columns, indexes and constraints. */
async function schema(): Promise<unknown> {
  const { rows } = await db.database.pool.query(`
    SELECT 'column', table_name || '.' || column_name, data_type || coalesce(column_default, '') AS definition
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    ORDER BY 1, 2, 3`);
  return rows;
}

async function sums(): Promise<unknown> {
  const { rows } = await db.database.pool.query(
    'SELECT sensor_id, count(*), sum(flowrate), min(id), max(id) FROM ping GROUP BY sensor_id ORDER BY sensor_id',
  );
  return rows;
}

describe('On a cluster', () => {
  test('undoing brings every row back and leaves the schema of the migrations; then all is distributed again', async () => {
    const before = await sums();
    const { rows } = await move({ undo: true });
    expect(rows).toMatchObject({ flow_sensor: 20, ping: 2000 });
    expect(Object.keys(rows)).toEqual(DISTRIBUTED_TABLES);
    expect(await sums()).toEqual(before);
    const plain = await schema();
    expect(await move({ undo: true })).toEqual({ steps: [], rows: {} });

    const dry = await move({ dryRun: true });
    expect(dry.rows).toEqual({});
    expect(await schema()).toEqual(plain);
    expect(await move()).toEqual({ steps: dry.steps, rows });
    expect(await sums()).toEqual(before);
    expect(await move()).toEqual({ steps: [], rows: {} });

    await move({ undo: true });
    expect(await schema()).toEqual(plain);
    await move();
  });

  test('a migration is applied once the tables are brought back, and is on every node once they are distributed again', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'flowgate-migrations-'));
    try {
      await cp(MIGRATIONS_DIRECTORY, directory, { recursive: true });
      const name = '20991231000000_more';
      await mkdir(path.join(directory, name));
      await writeFile(
        path.join(directory, name, 'migration.sql'),
        `CREATE TYPE "weather" AS ENUM ('DRY', 'WET');
         ALTER TABLE "flow_sensor" ADD COLUMN "note" TEXT, ADD COLUMN "weather" "weather" NOT NULL DEFAULT 'DRY';
         ALTER TABLE "ping_revision" ALTER COLUMN "revised_by" DROP NOT NULL;
         CREATE INDEX "ping_flag_note" ON "ping_flag"("sensor_id", "comment");
         CREATE TABLE "sensor_photo" ("sensor_id" INTEGER NOT NULL, "id" BIGSERIAL, PRIMARY KEY ("sensor_id", "id"));`,
      );
      await expect(migrate(db.database.pool, { directory })).rejects.toThrow(
        'run flowgate distribute --undo, which migrates it, and then flowgate distribute',
      );
      await move({ undo: true });
      expect(await migrate(db.database.pool, { directory })).toEqual([name]);
      await move();
      const { rows } = await db.database.pool.query(
        `UPDATE flow_sensor SET note = 'x' WHERE id = 7 RETURNING note, weather`,
      );
      expect(rows).toEqual([{ note: 'x', weather: 'DRY' }]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
