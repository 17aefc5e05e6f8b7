import type { Statement } from '../../postgres/database.js';
import { inMs } from './in-ms.js';

/**
 * Of `webhook_delivery d`; an attempt is due where its endpoint `e` is enabled, after its pause.
 */
const COLUMNS = `
  d.id, d.endpoint_id, d.webhook_id, d.status, d.tries, d.sequence, ${inMs('d.created_at')} AS created_at,
  CASE WHEN d.status = 'PENDING' AND e.enabled THEN ${inMs(
    'greatest(d.due_at, d.created_at, (SELECT paused_until FROM webhook_endpoint_state WHERE endpoint_id = e.id))',
  )} END AS next_attempt_at,
  d.event_type, d.is_test, d.sensor_id, d.sensor_name, d.ping_id, ${inMs('d.datetime')} AS at, d.flowrate,
  d.previous_flowrate, d.quality, ${inMs('d.range_start')} AS range_start, ${inMs('d.range_end')} AS range_end, d.ping_count,
  d.data, d.attempts`;

/**
 * $3 text status, $4 text event type, $5 timestamptz since, $6 timestamptz until, $7 int sensor, $8
 * text webhook-id, $9 bigint number; each may be null
 */
const FILTER = `
  ($3::text IS NULL OR d.status = $3::delivery_status)
  AND ($4::text IS NULL OR d.event_type = $4)
  AND ($5::timestamptz IS NULL OR d.created_at >= $5)
  AND ($6::timestamptz IS NULL OR d.created_at < $6)
  AND ($7::int IS NULL OR d.sensor_id = $7)
  AND ($8::text IS NULL OR d.webhook_id::text = lower($8))
  AND ($9::bigint IS NULL OR d.sequence = $9)`;

/**
 * For each endpoint, deliveries between two ids, newest first or, for the caller to reverse, oldest
 * first.
 *
 * $1 int account, $2 int[] endpoints, $3 to $9 filter, $10 bigint, $11 bigint ids, both exclusive,
 * $12 int how many
 */
export const deliveryWindow: Record<'ASC' | 'DESC', Statement> = {
  ASC: windowIn('ASC'),
  DESC: windowIn('DESC'),
};

function windowIn(direction: 'ASC' | 'DESC'): Statement {
  return {
    name: `webhook_delivery_window_${direction.toLowerCase()}`,
    text: `
      SELECT d.* FROM webhook_endpoint e CROSS JOIN LATERAL (
        SELECT ${COLUMNS} FROM webhook_delivery d
        WHERE d.endpoint_id = e.id AND d.id > $10::bigint AND d.id < $11::bigint AND ${FILTER}
        ORDER BY d.id ${direction} LIMIT $12
      ) AS d
      WHERE e.account_id = $1 AND e.id = ANY ($2::int[])
      ORDER BY d.id ${direction}`,
  };
}

/** $1 int account, $2 int[] endpoints, $3 to $9 filter */
export const deliveryCounts: Statement = {
  name: 'webhook_delivery_counts',
  text: `
    SELECT e.id AS endpoint_id, (
      SELECT count(*)::float8 FROM webhook_delivery d WHERE d.endpoint_id = e.id AND ${FILTER}
    ) AS count
    FROM webhook_endpoint e WHERE e.account_id = $1 AND e.id = ANY ($2::int[])`,
};

/** $1 int account, $2 bigint[] deliveries */
export const findDeliveries: Statement = {
  name: 'webhook_find_deliveries',
  text: `
    SELECT ${COLUMNS} FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
    WHERE e.account_id = $1 AND d.id = ANY ($2::bigint[])`,
};

/**
 * For each endpoint, the events numbered after a given one, by number. Those without a recorded
 * attempt are found among the pending ones: their number is in no index.
 *
 * $1 int account, $2 int[] endpoints, $3 bigint number, $4 int how many
 */
export const deliveriesAfter: Statement = {
  name: 'webhook_deliveries_after',
  text: `
    SELECT d.* FROM webhook_endpoint e CROSS JOIN LATERAL (
      (
        SELECT ${COLUMNS} FROM webhook_delivery d
        WHERE d.endpoint_id = e.id AND d.logged_sequence > $3::bigint
        ORDER BY d.logged_sequence LIMIT $4
      ) UNION ALL (
        SELECT ${COLUMNS} FROM webhook_delivery d
        WHERE d.endpoint_id = e.id AND d.status = 'PENDING' AND d.logged_sequence IS NULL AND d.sequence > $3::bigint
        ORDER BY d.sequence LIMIT $4
      )
      ORDER BY sequence LIMIT $4
    ) AS d
    WHERE e.account_id = $1 AND e.id = ANY ($2::int[])
    ORDER BY d.endpoint_id, d.sequence`,
};

/**
 * Each endpoint's last number, and how many events have none yet. $1 int account, $2 int[]
 * endpoints
 */
export const numbering: Statement = {
  name: 'webhook_numbering',
  text: `
    SELECT e.id AS endpoint_id, s.last_sequence, (
      SELECT count(*)::float8 FROM webhook_delivery d
      WHERE d.endpoint_id = e.id AND d.status = 'PENDING' AND d.sequence IS NULL AND NOT d.is_test
    ) AS unnumbered
    FROM webhook_endpoint e JOIN webhook_endpoint_state s ON s.endpoint_id = e.id
    WHERE e.account_id = $1 AND e.id = ANY ($2::int[])`,
};

/**
 * Queues a test ahead of all that waits. $1 int endpoint, $2 int sensor, $3 text its name, $4
 * bigint ping, $5 timestamptz, $6 float8, $7 text traceparent
 */
export const queueTest: Statement = {
  name: 'webhook_queue_test',
  text: `
    INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, is_test, sensor_id, sensor_name, ping_id, datetime,
      flowrate, traceparent)
    VALUES ($1, '-infinity', 'ping_received', true, $2, $3, $4, $5, $6, $7) RETURNING id`,
};

/**
 * Queues a delivery of any status again, ahead of all that waits. One that is claimed may be in
 * flight: it is marked, and queued again when its attempt is recorded. $1 bigint delivery
 */
export const queueAgain: Statement = {
  name: 'webhook_queue_again',
  text: `
    UPDATE webhook_delivery
    SET status = 'PENDING', redeliver = taken_by IS NOT NULL,
      due_at = CASE WHEN taken_by IS NULL THEN '-infinity' ELSE due_at END,
      tries = CASE WHEN taken_by IS NULL THEN 0 ELSE tries END
    WHERE id = $1`,
};

/** All or, where they are more than there is room for, none. $1 int endpoint, $2 timestamptz since, $3 bigint room */
export const queueFailedAgain: Statement = {
  name: 'webhook_queue_failed_again',
  text: `
    WITH failed AS MATERIALIZED (
      SELECT 1 FROM webhook_delivery
      WHERE endpoint_id = $1 AND status = 'FAILED' AND created_at >= $2
      LIMIT $3::int8 + 1
    ), requeued AS (
      UPDATE webhook_delivery SET status = 'PENDING', due_at = 'epoch', tries = 0
      WHERE endpoint_id = $1 AND status = 'FAILED' AND created_at >= $2
        AND (SELECT count(*) FROM failed) <= $3::int8
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM requeued)::float8 AS count,
      (SELECT count(*) FROM failed) <= $3::int8 AS fits`,
};

/** Makes all that waits due now, ahead of none. $1 int endpoint */
export const queuePendingNow: Statement = {
  name: 'webhook_queue_pending_now',
  text: `
    WITH due AS (
      UPDATE webhook_delivery SET due_at = 'epoch', tries = 0
      WHERE endpoint_id = $1 AND status = 'PENDING' AND taken_by IS NULL
      RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM due`,
};

/** $1 int endpoint */
export const makeDue: Statement = {
  name: 'webhook_make_due',
  text: `
    UPDATE webhook_delivery SET due_at = 'epoch'
    WHERE endpoint_id = $1 AND status = 'PENDING' AND due_at > 'epoch' AND taken_by IS NULL`,
};

/**
 * Removes those of the oldest deliveries that are past their retention. Pending deliveries of an
 * enabled endpoint stay. $1 timestamptz kept from, $2 int how many of the oldest to consider
 */
export const pruneDeliveries: Statement = {
  name: 'webhook_prune_deliveries',
  text: `
    WITH pruned AS (
      DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(
        SELECT d.id FROM (SELECT * FROM webhook_delivery ORDER BY id LIMIT $2) AS d
        LEFT JOIN webhook_endpoint e ON e.id = d.endpoint_id
        WHERE d.created_at < $1 AND NOT (d.status = 'PENDING' AND coalesce(e.enabled, false))
      ))
      RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM pruned`,
};

/**
 * Deleted endpoints that still have deliveries, found by skipping from one endpoint to the next.
 */
export const deletedEndpoints: Statement = {
  name: 'webhook_deleted_endpoints',
  text: `
    WITH RECURSIVE known (id) AS (
      SELECT min(endpoint_id) FROM webhook_delivery
      UNION ALL
      SELECT (SELECT min(endpoint_id) FROM webhook_delivery WHERE endpoint_id > known.id) FROM known
      WHERE known.id IS NOT NULL
    )
    SELECT id FROM known WHERE id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM webhook_endpoint e WHERE e.id = known.id)`,
};

/** $1 int endpoint, $2 int how many */
export const removeDeliveries: Statement = {
  name: 'webhook_remove_deliveries',
  text: `
    WITH removed AS (
      DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(
        SELECT id FROM webhook_delivery WHERE endpoint_id = $1 ORDER BY id LIMIT $2
      ))
      RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM removed`,
};
