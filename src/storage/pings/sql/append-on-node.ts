import type { Statement } from '../../postgres/database.js';

/** The functions of `appendOnNode` and `prepareNode`. */
export const APPEND_ON_NODE = 'flowgate_append_pings';
export const PREPARE_NODE = 'flowgate_prepare_append';

/** What `appendOnNode` returns where the session of the node is not prepared, and nothing was recorded. */
export const UNPREPARED = -1;

/** $1 int a sensor of the node, $2 bigint[] shards of flow_sensor that it has */
export const prepareNode: Statement = {
  name: 'prepare_node',
  text: `SELECT ${PREPARE_NODE}($1, $2)`,
};

/**
 * What appending on a cluster needs of its coordinator: ids for the pings, whether the accounts have any webhook endpoint,
 * and where the sensors are, of which there are fewer rows in a database that is not distributed.
 *
 * $1 int[] sensor ids, $2 int how many ping ids to draw, $3 int[] account ids
 */
export const prepareAppend: Statement = {
  name: 'prepare_append',
  text: `
    SELECT (SELECT string_agg(nextval('ping_id_seq')::text, ',') FROM generate_series(1, $2)) AS ping_ids,
      EXISTS (SELECT 1 FROM webhook_endpoint WHERE account_id = ANY($3::int[])) AS is_outbox_used,
      json_agg(json_build_object('sensorId', s.sensor_id, 'shardId', s.shard_id::text, 'nodeId', p.groupid)) AS places
    FROM (
      SELECT k.sensor_id, get_shard_id_for_distribution_column('flow_sensor', k.sensor_id) AS shard_id
      FROM pg_dist_partition d CROSS JOIN unnest($1::int[]) AS k (sensor_id)
      WHERE d.logicalrelid = 'flow_sensor'::regclass AND to_regproc('${PREPARE_NODE}') IS NOT NULL
      OFFSET 0
    ) AS s
    JOIN pg_dist_placement p ON p.shardid = s.shard_id`,
};

export interface PrepareAppendRow {
  /** ascending, comma-separated */
  readonly ping_ids: string;
  readonly is_outbox_used: boolean;
  readonly places: readonly SensorPlace[] | null;
}

/** Where a cluster has a sensor. */
export interface SensorPlace {
  readonly sensorId: number;
  readonly shardId: string;
  readonly nodeId: number;
}

/**
 * Records pings as `appendPings` does, of sensors that are all on one node, in a session that is prepared; without what is
 * delivered to webhook endpoints.
 *
 * $1 int one of the sensors. Of the sensors, each once, ascending: $2 bigint[] the shards of flow_sensor that have them, $3
 * int[] ids, $4 int[] accounts, $5, $6 timestamptz[] the first and the last instant, within one day (UTC). Of the pings,
 * by sensor and instant: $7 int[] sensor ids, $8 timestamptz[] instants, $9 float8[] bbl/d, $10 bigint[] ids
 *
 * One row (recorded_at), milliseconds since 1970; null where nothing was recorded, or UNPREPARED.
 */
export const appendOnNode: Statement = {
  name: 'append_on_node',
  text: `SELECT ${APPEND_ON_NODE}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS recorded_at`,
};
