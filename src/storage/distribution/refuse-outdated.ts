import type pg from 'pg';
import { StartupError } from '../postgres/startup-error.js';
import { CLUSTER_OBJECTS } from './cluster-objects.js';
import { isDistributed } from './distributed-tables.js';

/** @throws StartupError where a version of Flowgate distributed the database that made not all of what this one needs */
export async function refuseOutdated(pool: pg.Pool): Promise<void> {
  if (!(await isDistributed(pool))) return;
  const { rows } = await pool.query<{ found: boolean }>(
    `SELECT ${CLUSTER_OBJECTS.map(({ exists }) => exists).join(' AND ')} AS found`,
  );
  if (rows[0]!.found) return;
  throw new StartupError(
    'The database was distributed by an earlier version of Flowgate: run flowgate distribute of this version.',
  );
}
