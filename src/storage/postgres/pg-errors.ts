// SQLSTATE classes and codes, never constraint names: those carry shard suffixes on Citus.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const QUERY_CANCELED = '57014';
const FEATURE_NOT_SUPPORTED = '0A000';
const READ_ONLY_TRANSACTION = '25006';
// Of no connection, no resources, an end, the system; and read_only_sql_transaction: a standby, or
// a server that fails over.
const AWAY = /^(08|53|57P0|58|25006)/;
const AWAY_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
]);

// What Prisma makes of the same: not reachable, timed out, closed, no connection free, too many
// connections.
// https://www.prisma.io/docs/orm/reference/error-reference
const AWAY_PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);
// A driver's messages, and what Prisma says of an interactive transaction that waited too long: its
// code P2028 also means that one was used after its end.
const AWAY_MESSAGE = new RegExp(
  [
    'Connection terminated',
    'connection error and is not queryable',
    'timeout exceeded when trying to connect',
    'after calling end on the pool',
    'Unable to start a transaction in the given time',
    'cannot be executed on an expired transaction',
  ].join('|'),
);
// Of a foreign key, and of RESTRICT, which has a state of its own since PostgreSQL 18.
const REFERENCED = new Set(['23503', '23001']);
const UNIQUE_VIOLATION = new Set(['23505', 'P2002']);

/** The database cannot be reached or is overloaded; the operation was not done. */
export class DatabaseUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The database is away.', { cause });
  }
}

/**
 * A read took too long, had too many before it, or its client has gone: the database itself is
 * available.
 */
export class ReadRefusedError extends DatabaseUnavailableError {}

/**
 * Waiting for a sensor that something else has locked took too long; the operation was not done.
 */
export class LockTimeoutError extends Error {
  constructor(cause: unknown) {
    super('The sensors are locked.', { cause });
  }
}

/** PostgreSQL's SQLSTATE; of an error that has none, the system's or Prisma's code. */
export function sqlState(error: unknown): string | undefined {
  const { code, meta } = (error ?? {}) as {
    code?: unknown;
    meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
  };
  const state = meta?.driverAdapterError?.cause?.originalCode ?? code;
  return typeof state === 'string' ? state : undefined;
}

/** Whether a row that others refer to was to be deleted. */
export function isReferenced(error: unknown): boolean {
  return REFERENCED.has(sqlState(error) ?? '');
}

/** Whether a unique constraint was violated. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.has(sqlState(error) ?? '');
}

export function isSerializationFailure(error: unknown): boolean {
  const state = sqlState(error);
  return state === DEADLOCK_DETECTED || state === SERIALIZATION_FAILURE;
}

/**
 * Whether the session takes no writes. Some servers decide that when a session begins: then it
 * stays so after the server takes writes again.
 */
export function isReadOnly(error: unknown): boolean {
  return sqlState(error) === READ_ONLY_TRANSACTION;
}

/** Whether the database has no way to run the statement, as Citus has none for some. */
export function isNotSupported(error: unknown): boolean {
  return sqlState(error) === FEATURE_NOT_SUPPORTED;
}

/** Whether a statement took longer than it may. */
export function isTimeout(error: unknown): boolean {
  return sqlState(error) === QUERY_CANCELED;
}

/** The same error, or a DatabaseUnavailableError caused by it if it means that. */
export function toUnavailable(error: unknown): unknown {
  const state = sqlState(error);
  const message = error instanceof Error ? error.message : '';
  const away =
    (state !== undefined &&
      (AWAY.test(state) || AWAY_SYSTEM.has(state) || AWAY_PRISMA.has(state))) ||
    AWAY_MESSAGE.test(message);
  return away ? new DatabaseUnavailableError(error) : error;
}
