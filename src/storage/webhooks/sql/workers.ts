import type { Statement } from '../../postgres/database.js';

/** The class of the advisory locks that running workers hold. */
const WORKER_LOCK = 0x0f10;

/** @returns a new worker's id */
export const registerWorker: Statement = {
  name: 'webhook_register_worker',
  text: `
    WITH registered AS (INSERT INTO webhook_worker DEFAULT VALUES RETURNING id)
    SELECT id, pg_advisory_lock(${WORKER_LOCK}, id) FROM registered`,
};

/** A row where no other worker took this one for dead. $1 int worker */
export const isRegistered: Statement = {
  name: 'webhook_is_registered',
  text: `SELECT id FROM webhook_worker WHERE id = $1`,
};

/** Workers that died. A live one holds its lock before its row is visible. */
export const deadWorkers: Statement = {
  name: 'webhook_dead_workers',
  text: `
    SELECT id FROM webhook_worker w
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = ${WORKER_LOCK} AND l.objid = w.id AND l.objsubid = 2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )`,
};

/** $1 int[] workers */
export const deregisterWorkers: Statement = {
  name: 'webhook_deregister_workers',
  text: `DELETE FROM webhook_worker WHERE id = ANY ($1::int[])`,
};

/** Releases what workers had claimed. $1 int[] workers */
export const releaseFromWorkers: Statement = {
  name: 'webhook_release_from_workers',
  text: `
    UPDATE webhook_delivery SET taken_by = NULL
    WHERE status = 'PENDING' AND taken_by = ANY ($1::int[])`,
};
