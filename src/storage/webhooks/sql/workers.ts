import type { Statement } from '../../postgres/database.js';

/** Advisory locks of this class tell which workers live. */
const WORKER_LOCK = 0x0f10;

/** A new worker's id. */
export const registerWorker: Statement = {
  name: 'webhook_enlist_worker',
  text: `
    WITH enlisted AS (INSERT INTO webhook_worker DEFAULT VALUES RETURNING id)
    SELECT id, pg_advisory_lock(${WORKER_LOCK}, id) FROM enlisted`,
};

/** A row where the worker was not taken for dead. $1 int worker */
export const isRegistered: Statement = {
  name: 'webhook_is_enlisted',
  text: `SELECT id FROM webhook_worker WHERE id = $1`,
};

/** Workers that died. One holds its lock before its row can be seen. */
export const deadWorkers: Statement = {
  name: 'webhook_dead_workers',
  text: `
    SELECT id FROM webhook_worker w
    WHERE NOT EXISTS (
      SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = ${WORKER_LOCK} AND l.objid = w.id AND l.objsubid = 2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )`,
};

/** $1 int[] workers */
export const deregisterWorkers: Statement = {
  name: 'webhook_dismiss_workers',
  text: `DELETE FROM webhook_worker WHERE id = ANY ($1::int[])`,
};

/** Gives back what workers had in hand. $1 int[] workers */
export const takeFromWorkers: Statement = {
  name: 'webhook_take_from_workers',
  text: `
    UPDATE webhook_delivery SET taken_by = NULL
    WHERE status = 'PENDING' AND taken_by = ANY ($1::int[])`,
};
