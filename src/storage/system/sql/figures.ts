import { ALL } from '../../summaries/sql/level.js';
import type { Statement } from '../../postgres/database.js';

/** The server's version, and its clock in ms since 1970. */
export const databaseFigures: Statement = {
  name: 'system_database',
  text: `
    SELECT current_setting('server_version') AS version,
      (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS clock`,
};

const SIZE = 'SELECT pg_database_size(current_database())::float8 AS bytes';

/** The size of the database in bytes. */
export const databaseSize: Statement = { name: 'system_database_size', text: SIZE };

/** The same on all nodes of a cluster together, null where one of them does not answer. */
export const clusterSize: Statement = {
  name: 'system_cluster_size',
  text: `
    SELECT CASE WHEN bool_and(success) THEN sum(result::float8) FILTER (WHERE success) END AS bytes
    FROM run_command_on_all_nodes('${SIZE}')`,
};

/**
 * How many deliveries wait at enabled endpoints, and when the oldest of them was queued, in ms
 * since 1970. Of each endpoint those that are due first are looked at.
 *
 * $1 int the most to look at for each endpoint
 */
export const queueFigures: Statement = {
  name: 'system_queue',
  text: `
    SELECT count(*)::float8 AS depth,
      (extract(epoch FROM min(waiting.created_at)) * 1000)::float8 AS oldest
    FROM webhook_endpoint e CROSS JOIN LATERAL (
      SELECT d.created_at FROM webhook_delivery d
      WHERE d.endpoint_id = e.id AND d.status = 'PENDING'
      ORDER BY d.due_at, d.id LIMIT $1
    ) AS waiting
    WHERE e.enabled`,
};

/** How many sensors in service report, are silent for longer than their maxGap, or never reported. */
export const sensorFigures: Statement = {
  name: 'system_sensors',
  text: `
    SELECT count(*) FILTER (WHERE a.last_at >= now() - s.max_gap * interval '1 second')::float8 AS reporting,
      count(*) FILTER (WHERE a.last_at < now() - s.max_gap * interval '1 second')::float8 AS silent,
      count(*) FILTER (WHERE a.last_at IS NULL)::float8 AS never
    FROM flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}
    WHERE s.retired_at IS NULL`,
};
