import type { Statement } from '../../postgres/database.js';
import { rangePieces, splitBuckets } from './range-pieces.js';
import { roundedVolume } from './rounded-volume.js';
import {
  linearVolume,
  middleFlowrate,
  milliseconds,
  stepVolume,
} from '../../summaries/sql/segment.js';

/** How flowrate runs between two pings: linearly, or held until the next. */
export type VolumeMethod = 'LINEAR' | 'STEP';

export const BOUNDARIES = '$3::timestamptz[]';
const START = `(${BOUNDARIES})[1]`;
const END = `(${BOUNDARIES})[cardinality(${BOUNDARIES})]`;

// Where there is no ping, there is neither the least nor the greatest.
const PACKED_SUMS = `int4send(bucket) || float8send(ping_count) || float8send(volume) || float8send(covered_ms)
  || float8send(spanned_ms) || float8send(coalesce(min_flowrate, 0)) || float8send(coalesce(max_flowrate, 0))
  || float8send(lowest) || float8send(highest)`;

/**
 * Flow volumes of sensors over the ranges between consecutive edges.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] edges, ascending
 *
 * Rows (sensor_id, sums), the sums of the ranges that hold a ping or part of a segment one after the other in
 * PostgreSQL's binary form, in base64: the bucket, from 1, of 4 bytes, and the figures of 8 each; null where there are
 * none.
 */
export const flowVolumes: Record<VolumeMethod, Statement> = {
  LINEAR: statement('LINEAR'),
  STEP: statement('STEP'),
};

/**
 * One sensor's flow volume over one range, rounded to 6 decimals, and its name: a third less work than all the figures.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[2] range
 */
export const sensorVolume: Statement = {
  name: 'sensor_volume',
  text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT s.name AS sensor_name, coalesce(${roundedVolume('v.volume')}, 0) AS volume
    FROM flow_sensor s
    LEFT JOIN LATERAL (${bucketVolumes('LINEAR')}) AS v ON true
    WHERE s.account_id = $1 AND s.id = $2`,
};

function statement(method: VolumeMethod): Statement {
  return {
    name: `flow_volumes_${method.toLowerCase()}`,
    text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT s.id AS sensor_id, v.sums
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT encode(string_agg(${PACKED_SUMS}, ''::bytea), 'base64') AS sums
      FROM (${bucketVolumes(method)}) AS b
    ) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
}

/**
 * Volumes of the sensor `s` by bucket. A piece lies within one bucket, and so
 * do most of the segments that lead to the next piece; those that cross edges
 * are cut there.
 */
export function bucketVolumes(method: VolumeMethod): string {
  const [internal, whole, bounds] =
    method === 'LINEAR'
      ? [
          'linear_volume',
          linearVolume('last_flowrate', 'next_flowrate', 'gap_ms'),
          'least(last_flowrate, next_flowrate), greatest(last_flowrate, next_flowrate)',
        ]
      : ['step_volume', stepVolume('last_flowrate', 'gap_ms'), 'last_flowrate, last_flowrate'];
  return `
    WITH piece AS MATERIALIZED (
      SELECT *, ${milliseconds('last_at', 'next_at')} AS gap_ms
      FROM (
        SELECT *, lead(first_at) OVER in_time AS next_at, lead(first_flowrate) OVER in_time AS next_flowrate,
          lead(bucket) OVER in_time AS next_bucket
        FROM (
          SELECT *, width_bucket(first_at, ${BOUNDARIES}) AS bucket
          FROM (${rangePieces(START, END)}) AS unordered
        ) AS placed
        WINDOW in_time AS (ORDER BY first_at)
      ) AS neighbours
    ),
    part AS (
      SELECT bucket, ping_count, ${internal} + CASE WHEN next_bucket = bucket THEN ${whole} ELSE 0 END AS volume,
        covered_ms + CASE WHEN next_bucket = bucket AND gap_ms <= s.max_gap * 1000::float8 THEN gap_ms ELSE 0 END AS covered_ms,
        CASE WHEN next_bucket = bucket THEN ${milliseconds('first_at', 'next_at')}
          ELSE ${milliseconds('first_at', 'last_at')} END AS spanned_ms,
        min_flowrate, max_flowrate, min_flowrate AS lowest, max_flowrate AS highest
      FROM piece WHERE inside
      UNION ALL
      SELECT crossed, 0, ${clippedVolume(method)},
        CASE WHEN gap_ms <= s.max_gap * 1000::float8 THEN part_ms ELSE 0 END, part_ms,
        NULL, NULL, ${bounds}
      FROM (
        SELECT *, gap_ms - before_ms - after_ms AS part_ms
        FROM (
          SELECT piece.*, crossed,
            CASE WHEN crossed > bucket THEN ${milliseconds('last_at', `(${BOUNDARIES})[crossed]`)} ELSE 0 END AS before_ms,
            CASE WHEN crossed < next_bucket THEN ${milliseconds(`(${BOUNDARIES})[crossed + 1]`, 'next_at')} ELSE 0 END AS after_ms
          FROM piece
          CROSS JOIN LATERAL generate_series(
            greatest(bucket, 1), least(next_bucket, cardinality(${BOUNDARIES}) - 1)
          ) AS crossed
          WHERE next_bucket <> bucket
        ) AS cut
      ) AS clipped
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
    'gap_ms',
  );
  return `CASE WHEN part_ms = gap_ms THEN ${linearVolume('last_flowrate', 'next_flowrate', 'gap_ms')}
    ELSE ${stepVolume(middle, 'part_ms')} END`;
}
