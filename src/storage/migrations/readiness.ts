import type pg from 'pg';
import { isMigrated } from './migrate.js';

/**
 * Whether the database answers, takes writes, and has this version's migrations. A standby takes no
 * writes.
 */
export async function isDatabaseReady(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ read_only: string }>(
    `SELECT current_setting('transaction_read_only') AS read_only`,
  );
  return rows[0]?.read_only === 'off' && (await isMigrated(pool));
}
