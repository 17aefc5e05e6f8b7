import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { sqlState } from '../postgres/pg-errors.js';
import { isDistributed } from '../distribution/distributed-tables.js';
import { oneLine, StartupError } from '../postgres/startup-error.js';
import {
  listMigrationNames,
  NO_FILTER,
  readMigrations,
  withSchemaEngine,
} from './schema-engine.js';

// Any number that nothing else in the database locks.
const MIGRATION_LOCK = 0x666c6f77;
const SLOW_AFTER_MS = 5000;

/** The migrations could not be applied; the message is one line for the operator. */
export class MigrationError extends StartupError {}

export interface MigrateOptions {
  /** called with one line each time that migrating has to wait for other sessions */
  readonly onWait?: (reason: string) => void;
  /** where the migrations are; this package's unless given */
  readonly directory?: string;
  /** only those of these names, which must be the first ones */
  readonly names?: readonly string[];
}

/**
 * Applies the migrations that the database lacks, as `prisma migrate deploy` does and in the same
 * table. Instances that start together wait for each other. With nothing to apply it costs one
 * query.
 *
 * @returns the names of the migrations that were applied, in order
 * @throws MigrationError where a migration fails, the database has migrations that this version does
 * not know, or lacks some and is distributed
 */
export async function migrate(pool: pg.Pool, options: MigrateOptions = {}): Promise<string[]> {
  const known = options.names ?? (await listMigrationNames(options.directory));
  if (await isUpToDate(pool, known)) return [];
  // Sessions of their own, which end here: Prisma's engine never releases its advisory lock, and on
  // a session that is used again it would keep every later version from migrating.
  const own = new pg.Pool({
    ...pool.options,
    // The pool hides it from code that copies its options.
    password: pool.options.password,
    application_name: 'flowgate migration',
    max: 2,
  });
  own.on('error', () => undefined);
  try {
    await lock(own, options);
    if (await isUpToDate(own, known)) return [];
    await refuseDistributed(own);
    return await apply(own, options);
  } finally {
    await own.end();
  }
}

/**
 * Whether the database has every migration of this version of Flowgate, and perhaps of later ones.
 */
export async function isMigrated(pool: pg.Pool, known?: readonly string[]): Promise<boolean> {
  const expected = known ?? (await listMigrationNames());
  const applied = new Set(await listApplied(pool));
  return expected.every((name) => applied.has(name));
}

/**
 * @throws MigrationError where a later version has migrated the database: by older rules it would
 * be filled wrongly
 */
async function isUpToDate(pool: pg.Pool, known: readonly string[]): Promise<boolean> {
  const applied = new Set(await listApplied(pool));
  const unknown = [...applied].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database was migrated by a newer version of Flowgate (${unknown.sort().join(', ')}). ` +
        'Run that version, or restore a backup from before the upgrade.',
    );
  }
  return known.every((name) => applied.has(name));
}

const UNDEFINED_TABLE = '42P01';

/** The names of the migrations that the database has; none where it has no tables. */
export async function listApplied(connection: Pick<pg.Pool, 'query'>): Promise<string[]> {
  try {
    const { rows } = await connection.query<{ migration_name: string }>(
      `SELECT migration_name FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    return rows.map((row) => row.migration_name);
  } catch (error) {
    if (sqlState(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}

/**
 * Takes the lock that instances queue for, until the pool ends: the engine gives up on its own
 * after 10 s, which is short for a big table.
 */
async function lock(pool: pg.Pool, { onWait }: MigrateOptions): Promise<void> {
  const client = await pool.connect();
  const { rows } = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS locked',
    [MIGRATION_LOCK],
  );
  if (!rows[0]?.locked) {
    onWait?.('Waiting for another process that is migrating the database.');
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  }
  client.release();
}

/** Citus refuses what the scripts of migrations do to distributed tables, and would leave half of it done. */
async function refuseDistributed(pool: pg.Pool): Promise<void> {
  if (!(await isDistributed(pool))) return;
  throw new MigrationError(
    'The database is distributed over a Citus cluster, which takes no migrations: stop all instances, ' +
      'run flowgate distribute --undo, which migrates it, and then flowgate distribute.',
  );
}

async function apply(pool: pg.Pool, options: MigrateOptions): Promise<string[]> {
  const { onWait, directory, names } = options;
  const migrationsList = await readMigrations(directory, names);
  const slow = setInterval(() => {
    onWait?.('The database is still being migrated; other sessions may have to end first.');
  }, SLOW_AFTER_MS);
  try {
    const { appliedMigrationNames } = await withSchemaEngine(new PrismaPg(pool), (engine) =>
      engine.applyMigrations({ migrationsList, filters: NO_FILTER }),
    );
    return appliedMigrationNames;
  } catch (error) {
    throw new MigrationError(`The database could not be migrated: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    clearInterval(slow);
  }
}

/** On one line, without the engine's own trace: ` 0: sql_schema_connector::… with … at …`. */
function reasonOf(error: unknown): string {
  return oneLine(error).replace(/\s+\d+: \w+::\w+.*$/, '');
}
