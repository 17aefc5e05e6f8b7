import type pg from 'pg';
import { isMigrated } from './migrate.js';

/**
 * Whether the database answers, takes writes, and has this version's migrations. A standby takes no
 * writes.
 */
export async function isDatabaseReady(pool: pg.Pool): Promise<boolean> {
  return (await takesWrites(pool)) && (await isMigrated(pool));
}

async function takesWrites(pool: pg.Pool): Promise<boolean> {
  const client = await pool.connect();
  let isReadOnly = true;
  try {
    const { rows } = await client.query<{ read_only: string }>(
      `SELECT current_setting('transaction_read_only') AS read_only`,
    );
    isReadOnly = rows[0]?.read_only !== 'off';
    return !isReadOnly;
  } finally {
    // It may be the session alone that takes no writes, from a time when the database took none.
    client.release(isReadOnly);
  }
}
