import type pg from 'pg';
import { toUnavailable } from './pg-errors.js';

/** A session that may hold locks. */
export interface LockSession extends Pick<pg.PoolClient, 'on' | 'off' | 'release'> {
  query(text: string, values: readonly string[]): Promise<{ rows: { locked?: boolean }[] }>;
}

export interface LockPool {
  connect(): Promise<LockSession>;
}

/**
 * Runs the work unless another session on this database is running work of the same name. An
 * advisory lock shows that; it is released with this session, however the session ends.
 * @param work its signal is aborted where the session has ended, and another one may begin the same
 */
export async function tryExclusively(
  pool: LockPool,
  name: string,
  work: (lost: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toUnavailable(error);
  });
  // Its connection may break while the work runs on others; unheard, that would end the process.
  let broken: Error | undefined;
  const lost = new AbortController();
  const onError = (error: Error): void => {
    broken = error;
    lost.abort();
  };
  client.on('error', onError);
  try {
    const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [
      name,
    ]);
    if (!rows[0]?.locked) return;
    try {
      await work(lost.signal);
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtext($1))', [name]).catch(onError);
    }
  } catch (error) {
    throw toUnavailable(error);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
