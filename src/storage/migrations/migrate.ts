import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { sqlState } from '../postgres/pg-errors.js';
import {
  listMigrationNames,
  NO_FILTER,
  readMigrations,
  withSchemaEngine,
} from './schema-engine.js';
import { oneLine, StartupError } from '../postgres/startup-error.js';

// Any number that nothing else in the database locks.
const MIGRATION_LOCK = 0x666c6f77;

/** The migrations could not be applied; the message is one line for the operator. */
export class MigrationError extends StartupError {}

/**
 * Applies the migrations that the database lacks, as `prisma migrate deploy`
 * does and in the same table, and returns their names in order. Instances that
 * start together wait for each other. With nothing to do it costs one query.
 *
 * @throws MigrationError where a migration fails or the database's history is not ours
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const known = await listMigrationNames();
  if (await isMigrated(pool, known)) return [];
  // The engine gives up on its own lock after 10 s, which is short for a big
  // table; so the instances queue for this one first.
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return (await isMigrated(pool, known)) ? [] : await apply(pool);
  } finally {
    // Closing the session is what gives the lock back, whatever happened in between.
    client.release(true);
  }
}

/** Whether the database holds every migration of this version of Flowgate. */
export async function isMigrated(pool: pg.Pool, known?: readonly string[]): Promise<boolean> {
  const expected = known ?? (await listMigrationNames());
  const applied = new Set(await listApplied(pool));
  return expected.every((name) => applied.has(name));
}

const UNDEFINED_TABLE = '42P01';

async function listApplied(pool: pg.Pool): Promise<string[]> {
  try {
    const { rows } = await pool.query<{ migration_name: string }>(
      `SELECT migration_name FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    return rows.map((row) => row.migration_name);
  } catch (error) {
    if (sqlState(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}

async function apply(pool: pg.Pool): Promise<string[]> {
  const migrationsList = await readMigrations();
  try {
    const { appliedMigrationNames } = await withSchemaEngine(new PrismaPg(pool), (engine) =>
      engine.applyMigrations({ migrationsList, filters: NO_FILTER }),
    );
    return appliedMigrationNames;
  } catch (error) {
    throw new MigrationError(`The database could not be migrated: ${oneLine(error)}`, {
      cause: error,
    });
  }
}
