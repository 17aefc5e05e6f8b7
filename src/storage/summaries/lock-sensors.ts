import type { Statement, Transaction } from '../postgres/database.js';
import { isTimeout, LockTimeoutError } from '../postgres/pg-errors.js';

/**
 * The instant at which what a transaction writes counts as recorded, in milliseconds since 1970: to
 * be taken once its sensors are locked, so that it ascends from one writer of a sensor to the next.
 * It is rounded up, so that it is later than every instant in milliseconds that was past before.
 */
export const RECORDED_AT = `ceil(date_part('epoch', clock_timestamp()) * 1000)`;

const SELECT_LOCKED = `
    SELECT l.sensor_id AS id, l.account_id, l.max_gap, l.is_locked,
      round(date_part('epoch', l.last_at) * 1000) AS last_at,
      round(date_part('epoch', l.retired_at) * 1000) AS retired_at, l.recorded_at, l.entry_unit, l.checks,
      round(date_part('epoch', l.closed_until) * 1000) AS closed_until,
      round(date_part('epoch', l.thinned_until) * 1000) AS thinned_until,
      CASE WHEN row_number() OVER () = 1 THEN
        (SELECT string_agg(nextval('ping_id_seq')::text, ',') FROM generate_series(1, $2))
      END AS ping_ids,
      EXISTS (SELECT 1 FROM webhook_endpoint) AS is_outbox_used
    FROM locked l`;

/** A sensor that is to be locked, instants in milliseconds since 1970. */
export interface LockRow {
  readonly id: number;
  readonly account_id: number;
  readonly max_gap: number;
  readonly is_locked: boolean;
  readonly last_at: number | null;
  readonly retired_at: number | null;
  readonly entry_unit: string;
  readonly closed_until: number | null;
  readonly thinned_until: number | null;
  readonly checks: string | null;
  readonly recorded_at: number;
  readonly ping_ids: string | null;
  readonly is_outbox_used: boolean;
}

/**
 * Locks the pings of sensors (their summaries of all pings), and returns of each that exists its
 * account, its max gap, its unit of entry, its checks, the instant of its last ping, that of its retirement,
 * the end of its last closed period and that of its thinned pings (milliseconds since 1970) as of the lock. The first row also has the ids drawn, comma-separated; each says whether
 * there is any webhook endpoint, and when what is now written counts as recorded (milliseconds since
 * 1970).
 *
 * $1 int[] sensor ids, $2 int how many ping ids to draw
 */
export const lockSensors: Statement = {
  name: 'lock_sensors',
  text: `
    WITH locked AS MATERIALIZED (
      SELECT *, true AS is_locked, (SELECT ${RECORDED_AT}) AS recorded_at FROM lock_pings($1::int[])
    )
    ${SELECT_LOCKED}`,
};

/** The same without waiting: what another transaction has locked is returned as not locked. */
export const lockFreeSensors: Statement = {
  name: 'lock_free_sensors',
  text: `
    WITH locked AS MATERIALIZED (
      SELECT *, (SELECT ${RECORDED_AT}) AS recorded_at FROM lock_free_pings($1::int[])
    )
    ${SELECT_LOCKED}`,
};

// Longer than all but the largest groups of pings take: a transaction that locks a sensor for
// longer may do so for minutes.
const LOCK_TIMEOUT_MS = 500;

// Not lock_timeout, which does not reach the other nodes that sensors may be on.
const setTimeLimit: Statement = {
  name: 'set_lock_time_limit',
  text: `SET LOCAL statement_timeout = ${LOCK_TIMEOUT_MS}`,
};

const resetTimeLimit: Statement = {
  name: 'reset_lock_time_limit',
  text: 'SET LOCAL statement_timeout TO DEFAULT',
};

/**
 * Runs a statement that locks sensors.
 * @throws LockTimeoutError where it has waited for one for too long
 */
export async function withLockTimeout<T>(
  transaction: Transaction,
  lock: () => Promise<T>,
): Promise<T> {
  await transaction.query(setTimeLimit, []);
  const locked = await lock().catch((error: unknown) => {
    throw isTimeout(error) ? new LockTimeoutError(error) : error;
  });
  await transaction.query(resetTimeLimit, []);
  return locked;
}
