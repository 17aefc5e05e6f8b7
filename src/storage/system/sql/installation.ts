import type { Statement } from '../../postgres/database.js';

/** What the role may do and the settings of PostgreSQL that Flowgate depends on. */
export const installation: Statement = {
  name: 'system_installation',
  text: `
    SELECT has_database_privilege(current_database(), 'TEMPORARY') AS "mayMakeTemporary",
      has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
      current_setting('transaction_read_only') = 'on' AS "isReadOnly",
      current_setting('max_connections')::int AS "maxConnections",
      current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS full_page_writes,
      current_setting('synchronous_commit') AS synchronous_commit,
      current_setting('autovacuum') AS autovacuum`,
};

/**
 * By how many seconds local time is ahead of UTC. Pairwise $1 text[] IANA zones, $2 timestamptz[]
 * instants
 */
export const zoneOffsets: Statement = {
  name: 'system_zone_offsets',
  text: `
    SELECT extract(epoch FROM (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC'))::float8 AS offset
    FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS given (zone, at, place)
    ORDER BY place`,
};

/** Ids of some sensors, chosen at random. $1 int at most how many */
export const sensorSample: Statement = {
  name: 'system_sensor_sample',
  text: `SELECT id FROM flow_sensor ORDER BY random() LIMIT $1`,
};

/** Endpoints that were disabled because their deliveries failed. */
export const disabledEndpoints: Statement = {
  name: 'system_disabled_endpoints',
  text: `
    SELECT id FROM webhook_endpoint
    WHERE NOT enabled AND disabled_reason IS NOT NULL ORDER BY id LIMIT 20`,
};
