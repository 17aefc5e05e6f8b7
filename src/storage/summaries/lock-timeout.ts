import type { Statement, Transaction } from '../postgres/database.js';
import { isTimeout, LockTimeoutError } from '../postgres/pg-errors.js';

// Longer than all but the largest groups of pings take: what holds a sensor for longer may do so for minutes.
const PATIENCE_MS = 500;

// Not lock_timeout, which does not reach where sensors may be: on other nodes.
const limit: Statement = {
  name: 'limit_patience',
  text: `SET LOCAL statement_timeout = ${PATIENCE_MS}`,
};

const unlimit: Statement = {
  name: 'unlimit_patience',
  text: 'SET LOCAL statement_timeout TO DEFAULT',
};

/**
 * Runs a statement that locks sensors.
 * @throws SensorsHeldError where it has waited for one for a while
 */
export async function withLockTimeout<T>(
  transaction: Transaction,
  lock: () => Promise<T>,
): Promise<T> {
  await transaction.query(limit, []);
  const locked = await lock().catch((error: unknown) => {
    throw isTimeout(error) ? new LockTimeoutError(error) : error;
  });
  await transaction.query(unlimit, []);
  return locked;
}
