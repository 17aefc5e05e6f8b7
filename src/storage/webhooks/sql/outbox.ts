import type { Statement } from '../../postgres/database.js';
import { COUNTS } from '../../pings/quality.js';

/** Events are queued for enabled endpoints `e`, and for those that were disabled by failures. */
export const RECEIVES_EVENTS = '(e.enabled OR e.disabled_reason IS NOT NULL)';

/**
 * The endpoints that receive events of some sensors. It is separate from the rest, because sensors
 * may be stored on other nodes than endpoints.
 * @param condition on `flow_sensor s`
 */
function targets(condition: string): string {
  return `
    sensor AS MATERIALIZED (
      SELECT s.id, s.account_id, s.name FROM flow_sensor s
      WHERE ${condition} AND EXISTS (SELECT 1 FROM webhook_endpoint)
    ),
    target AS MATERIALIZED (
      SELECT e.id AS endpoint_id, e.event_types, s.id AS sensor_id, s.name AS sensor_name
      FROM sensor s JOIN webhook_endpoint e ON e.account_id = s.account_id
      WHERE ${RECEIVES_EVENTS} AND (e.sensor_ids = '{}' OR s.id = ANY (e.sensor_ids))
    )`;
}

const INSERT_PINGS = `
  INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name, ping_id, datetime,
    flowrate, previous_flowrate, quality, traceparent)
  SELECT t.endpoint_id, 'epoch', p.event_type, t.sensor_id, t.sensor_name, p.id, p.datetime, p.flowrate,
    p.previous_flowrate, p.quality, p.traceparent`;

/**
 * Queues deliveries of pings that were corrected or inserted.
 *
 * $1 int[] the sensors, each once; pairwise $2 int[] sensor ids, $3 bigint[] ping ids, $4
 * timestamptz[] instants, $5 float8[] flowrates, $6 float8[] previous flowrates of the first pings,
 * which were corrected; the others are new; $7 smallint[] severities of the first pings, null of good
 * ones and of those beyond the list; $8 text[] traceparents, null of those beyond the list
 */
export const enqueuePings: Statement = {
  name: 'webhook_enqueue_pings',
  text: `
    WITH ${targets('s.id = ANY($1::int[])')}
    ${INSERT_PINGS}
    FROM (
      SELECT p.*, CASE WHEN previous_flowrate IS NULL THEN 'ping_received' ELSE 'ping_corrected' END AS event_type
      FROM unnest($2::int[], $3::bigint[], $4::timestamptz[], $5::float8[], $6::float8[], $7::smallint[],
        $8::text[]) AS p (sensor_id, id, datetime, flowrate, previous_flowrate, quality, traceparent)
    ) AS p
    JOIN target t ON t.sensor_id = p.sensor_id AND p.event_type = ANY (t.event_types)
    WHERE EXISTS (SELECT 1 FROM target)
    ORDER BY p.id`,
};

/**
 * Queues deliveries of the pings in the transaction's temporary table staged_ping, which may hold
 * an instant more than once. What a correction replaced is the ping's last revision, made by this
 * transaction.
 *
 * $1 int account id, $2 bigint, $3 bigint the smallest and largest id of new pings, null where none
 * is new, $4 bigint the most deliveries to queue, null for all, $5 timestamptz when this
 * transaction's revisions are made, $6 text traceparent
 */
export const enqueueStagedPings: Statement = {
  name: 'webhook_enqueue_staged_pings',
  text: `
    WITH ${targets('s.account_id = $1')},
    staged AS MATERIALIZED (
      SELECT DISTINCT sensor_id, datetime FROM staged_ping
      WHERE EXISTS (SELECT 1 FROM target)
    ),
    revised AS MATERIALIZED (
      SELECT DISTINCT ON (r.sensor_id, r.ping_id) r.sensor_id, r.ping_id, r.old_flowrate
      FROM staged s JOIN ping_revision r ON r.sensor_id = s.sensor_id AND r.datetime = s.datetime
      WHERE r.update_type = 'REPLACE' AND r.revised_at = $5::timestamptz
      ORDER BY r.sensor_id, r.ping_id, r.id DESC
    ),
    changed AS (
      SELECT p.sensor_id, p.id, p.datetime, p.flowrate, r.old_flowrate AS previous_flowrate, p.quality,
        $6::text AS traceparent, CASE WHEN r.ping_id IS NULL THEN 'ping_received' ELSE 'ping_corrected' END AS event_type
      FROM staged s
      JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime
      LEFT JOIN revised r ON r.sensor_id = p.sensor_id AND r.ping_id = p.id
      WHERE p.id BETWEEN $2::bigint AND $3::bigint AND ${COUNTS} OR r.ping_id IS NOT NULL
    )
    ${INSERT_PINGS}
    FROM changed p JOIN target t ON t.sensor_id = p.sensor_id AND p.event_type = ANY (t.event_types)
    ORDER BY p.id LIMIT $4`,
};

/** $1 int account id, $2 int sensor id, $3, $4 timestamptz range, $5 int how many, $6 text traceparent */
export const enqueueDeletion: Statement = {
  name: 'webhook_enqueue_deletion',
  text: `
    WITH ${targets('s.account_id = $1 AND s.id = $2')}
    INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name, range_start, range_end,
      ping_count, traceparent)
    SELECT endpoint_id, 'epoch', 'pings_deleted', sensor_id, sensor_name, $3::timestamptz, $4::timestamptz, $5::int,
      $6::text
    FROM target WHERE 'pings_deleted' = ANY (event_types)`,
};

/**
 * Queues deliveries of an event that is not about pings.
 *
 * $1 int account id, $2 text event type, $3 int[] the sensors that it is about, $4 int the sensor of
 * the delivery or 0, $5 text its name or ''; $6 json the body's data, $7 text
 * traceparent
 */
export const enqueueEvent: Statement = {
  name: 'webhook_enqueue_event',
  text: `
    INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name, data, traceparent)
    SELECT e.id, 'epoch', $2::text, $4::int, $5::text, $6::json, $7::text
    FROM webhook_endpoint e
    WHERE e.account_id = $1 AND ${RECEIVES_EVENTS} AND $2 = ANY (e.event_types)
      AND (e.sensor_ids = '{}' OR e.sensor_ids && $3::int[])`,
};

/**
 * Queues deliveries of the deletion of the pings in the transaction's temporary table removed_ping:
 * one for each run of them between pings that stay, so that no range has any other ping in it.
 *
 * $1 int account id, $2 bigint the most deliveries to queue, null for all, $3 text traceparent
 */
export const enqueueRemovedPings: Statement = {
  name: 'webhook_enqueue_removed_pings',
  text: `
    WITH ${targets('s.account_id = $1')},
    span AS MATERIALIZED (
      SELECT sensor_id, min(datetime) AS start, max(datetime) AS end FROM removed_ping
      WHERE EXISTS (SELECT 1 FROM target WHERE 'pings_deleted' = ANY (event_types))
      GROUP BY sensor_id
    ),
    near AS (
      SELECT r.sensor_id, r.datetime, true AS is_removed FROM removed_ping r JOIN span USING (sensor_id)
      UNION ALL
      SELECT p.sensor_id, p.datetime, false
      FROM span JOIN ping p ON p.sensor_id = span.sensor_id AND p.datetime BETWEEN span.start AND span.end
    ),
    numbered AS (
      SELECT *, count(*) FILTER (WHERE NOT is_removed) OVER (PARTITION BY sensor_id ORDER BY datetime) AS run FROM near
    ),
    run AS (
      SELECT sensor_id, min(datetime) AS start, max(datetime) + interval '1 millisecond' AS end, count(*)::int AS count
      FROM numbered WHERE is_removed GROUP BY sensor_id, run
    )
    INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name, range_start, range_end,
      ping_count, traceparent)
    SELECT t.endpoint_id, 'epoch', 'pings_deleted', t.sensor_id, t.sensor_name, run.start, run.end, run.count, $3::text
    FROM run JOIN target t ON t.sensor_id = run.sensor_id AND 'pings_deleted' = ANY (t.event_types)
    ORDER BY run.sensor_id, run.start LIMIT $2`,
};
