import type pg from 'pg';

/** A connection, such as a `pg.Client`. */
export type Session = Pick<pg.Client, 'query'>;

const ROUNDS = 3;

/**
 * Whether each of two connections keeps a session of its own. A pooler that hands out sessions by
 * the transaction does not: the second connection gets the session that the first one has just
 * used. Subscriptions, locks, prepared statements and settings belong to a session.
 */
export async function hasOwnSessions(one: Session, other: Session): Promise<boolean> {
  const first = await sessionOf(one);
  for (let round = 0; round < ROUNDS; round++) {
    await other.query('BEGIN');
    const second = await sessionOf(other);
    const isSame = (await sessionOf(one)) === first;
    await other.query('ROLLBACK');
    if (second === first || !isSame) return false;
  }
  return true;
}

async function sessionOf(session: Session): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
