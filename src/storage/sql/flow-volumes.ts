import type { Statement } from '../database.js';
import { rangePieces, splitBuckets } from './range-pieces.js';
import { linearVolume, middleFlowrate, milliseconds, stepVolume } from './segment.js';

/** How flowrate runs between two pings: linearly, or held until the next. */
export type VolumeMethod = 'LINEAR' | 'STEP';

export const EDGES = '$3::timestamptz[]';
const START = `(${EDGES})[1]`;
const END = `(${EDGES})[cardinality(${EDGES})]`;

/**
 * Flow volumes of sensors over the ranges between consecutive edges.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] edges, ascending
 *
 * Rows (sensor_id, sensor_name, bucket from 1, …) for the ranges that hold a
 * ping or part of a segment; one row with a null bucket for a sensor without any.
 */
export const flowVolumes: Record<VolumeMethod, Statement> = {
  LINEAR: statement('LINEAR'),
  STEP: statement('STEP'),
};

function statement(method: VolumeMethod): Statement {
  return {
    name: `flow_volumes_${method.toLowerCase()}`,
    text: `
    WITH ${splitBuckets(EDGES)}
    SELECT s.id AS sensor_id, s.name AS sensor_name, v.*
    FROM flow_sensor s
    LEFT JOIN LATERAL (${bucketVolumes(method)}) AS v ON true
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
}

/**
 * Volumes of the sensor `s` by bucket. Pieces lie within one bucket each; the
 * segments between them may cross edges, and are cut there.
 */
export function bucketVolumes(method: VolumeMethod): string {
  const internal = method === 'LINEAR' ? 'linear_volume' : 'step_volume';
  const bounds =
    method === 'LINEAR'
      ? 'least(last_flowrate, next_flowrate), greatest(last_flowrate, next_flowrate)'
      : 'last_flowrate, last_flowrate';
  return `
    WITH piece AS MATERIALIZED (
      SELECT *, lead(first_at) OVER in_time AS next_at, lead(first_flowrate) OVER in_time AS next_flowrate
      FROM (${rangePieces(START, END)}) AS unordered
      WINDOW in_time AS (ORDER BY first_at)
    ),
    crossing AS (
      SELECT bucket, last_flowrate, next_flowrate, ${milliseconds('last_at', 'next_at')} AS length_ms,
        CASE WHEN (${EDGES})[bucket] > last_at
          THEN ${milliseconds('last_at', `(${EDGES})[bucket]`)} ELSE 0 END AS before_ms,
        CASE WHEN (${EDGES})[bucket + 1] < next_at
          THEN ${milliseconds(`(${EDGES})[bucket + 1]`, 'next_at')} ELSE 0 END AS after_ms
      FROM piece
      CROSS JOIN LATERAL generate_series(
        greatest(width_bucket(last_at, ${EDGES}), 1),
        least(width_bucket(next_at, ${EDGES}), cardinality(${EDGES}) - 1)
      ) AS bucket
      WHERE next_at IS NOT NULL
    ),
    part AS (
      SELECT width_bucket(first_at, ${EDGES}) AS bucket, ping_count, ${internal} AS volume,
        covered_ms::float8 AS covered_ms, ${milliseconds('first_at', 'last_at')} AS spanned_ms,
        min_flowrate, max_flowrate, min_flowrate AS lowest, max_flowrate AS highest
      FROM piece WHERE inside
      UNION ALL
      SELECT bucket, 0, ${clippedVolume(method)},
        CASE WHEN length_ms <= s.max_gap * 1000::float8 THEN part_ms ELSE 0 END, part_ms,
        NULL, NULL, ${bounds}
      FROM (SELECT *, length_ms - before_ms - after_ms AS part_ms FROM crossing) AS clipped
      WHERE part_ms > 0
    )
    SELECT bucket, sum(ping_count)::float8 AS ping_count, sum(volume) AS volume,
      sum(covered_ms) AS covered_ms, sum(spanned_ms) AS spanned_ms,
      min(min_flowrate) AS min_flowrate, max(max_flowrate) AS max_flowrate,
      min(lowest) AS lowest, max(highest) AS highest
    FROM part GROUP BY bucket`;
}

function clippedVolume(method: VolumeMethod): string {
  if (method === 'STEP') return stepVolume('last_flowrate', 'part_ms');
  const middle = middleFlowrate(
    'last_flowrate',
    'next_flowrate',
    'before_ms',
    'after_ms',
    'length_ms',
  );
  return `CASE WHEN part_ms = length_ms THEN ${linearVolume('last_flowrate', 'next_flowrate', 'length_ms')}
    ELSE ${stepVolume(middle, 'part_ms')} END`;
}
