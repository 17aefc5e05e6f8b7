// SQLSTATE classes and codes, never constraint names: those carry shard suffixes on Citus.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const AWAY = /^(08|53|57P0|58)/;
const AWAY_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** The database cannot be reached or is overloaded; what was asked was not done. */
export class DatabaseAwayError extends Error {
  constructor(cause: unknown) {
    super('The database is away.', { cause });
  }
}

export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

export function isSerializationFailure(error: unknown): boolean {
  const state = sqlState(error);
  return state === DEADLOCK_DETECTED || state === SERIALIZATION_FAILURE;
}

/** The same error, or a DatabaseAwayError caused by it where that is what it means. */
export function asAway(error: unknown): unknown {
  const state = sqlState(error);
  const message = error instanceof Error ? error.message : '';
  const away =
    (state !== undefined && (AWAY.test(state) || AWAY_SYSTEM.has(state))) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(message);
  return away ? new DatabaseAwayError(error) : error;
}
