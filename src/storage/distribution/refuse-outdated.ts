import type pg from 'pg';
import { StartupError } from '../postgres/startup-error.js';
import { CLUSTER_FUNCTIONS } from './cluster-functions.js';
import { isDistributed } from './distributed-tables.js';

/** @throws StartupError where a version of Flowgate distributed the database that made other functions than this one calls */
export async function refuseOutdated(pool: pg.Pool): Promise<void> {
  if (!(await isDistributed(pool))) return;
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regprocedure(name) IS NULL',
    [CLUSTER_FUNCTIONS.map(({ signature }) => signature)],
  );
  if (rows.length === 0) return;
  throw new StartupError(
    'The database was distributed by an earlier version of Flowgate: run flowgate distribute of this version.',
  );
}
