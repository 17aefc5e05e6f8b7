import pg from 'pg';
import { sqlState } from './pg-errors.js';
import { missingSettings, type Session, type Settings } from './session-settings.js';

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

const NEEDS_STATEMENTS =
  'named statements get lost between the sessions that a pooler shares; Flowgate needs PgBouncer 1.21 or newer with ' +
  'max_prepared_statements = 1000, or pool_mode = session';
// invalid_sql_statement_name, duplicate_prepared_statement
const LOST: readonly (string | undefined)[] = ['26000', '42P05'];

/**
 * Checks that two connections that share sessions can be used: that each finds the statements that it
 * has prepared, and that the sessions have the settings.
 * @param of the role and the database, to be named to the operator
 * @throws an error that says what to do
 */
export async function checkSharedSessions(
  [one, other]: readonly [Session, Session],
  settings: Settings,
  { role, database }: { readonly role: string; readonly database: string },
): Promise<void> {
  try {
    await prepared(one);
    await other.query('BEGIN');
    await prepared(other);
    await prepared(one);
    await other.query('ROLLBACK');
    await prepared(other);
  } catch (error) {
    throw LOST.includes(sqlState(error)) ? new Error(NEEDS_STATEMENTS, { cause: error }) : error;
  }
  const missing = Object.entries(await missingSettings(one, settings));
  if (missing.length === 0) return;
  const alter = `ALTER ROLE ${pg.escapeIdentifier(role)} IN DATABASE ${pg.escapeIdentifier(database)} SET`;
  const statements = missing.map(([name, value]) => `${alter} ${name} = ${valueOf(name, value)};`);
  throw new Error(
    'sessions that a pooler shares need settings of the role: run ' +
      `${statements.join(' ')} and then RECONNECT in the pooler`,
  );
}

/** Runs a named statement, which a connection prepares once. */
async function prepared(session: Session): Promise<void> {
  await session.query({ name: 'flowgate_check', text: 'SELECT 1', values: [] });
}

/** An identifier is a value of search_path as it is. */
function valueOf(name: string, value: string): string {
  return name === 'search_path' ? value : pg.escapeLiteral(value);
}
