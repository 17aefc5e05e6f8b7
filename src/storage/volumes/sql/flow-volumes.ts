import type { Statement } from '../../postgres/database.js';
import type { PieceColumn } from '../../summaries/sql/piece.js';
import { recordLayout } from '../../postgres/record-layout.js';
import { piecesAsOf } from './pieces-as-of.js';
import { rangePieces, splitBuckets } from './range-pieces.js';
import { rangeVolume } from './range-volume.js';
import { roundedVolume } from './rounded-volume.js';
import { IS_MEASURED, IS_OUTAGE, type VolumeMethod } from './segment-kind.js';
import {
  linearVolume,
  middleFlowrate,
  milliseconds,
  stepVolume,
} from '../../summaries/sql/segment.js';

/** The earlier methods of sensor `s`, null where it always had the same. */
export const METHOD_HISTORY = 's.method_changed_at, s.earlier_methods';

export const BOUNDARIES = '$3::timestamptz[]';
const START = `(${BOUNDARIES})[1]`;
const END = `(${BOUNDARIES})[cardinality(${BOUNDARIES})]`;

/** What is computed of each bucket: barrels, whole milliseconds, bbl/d. */
export const BUCKET_RECORD = recordLayout({
  bucket: 'int4',
  ping_count: 'float8',
  volume: 'float8',
  measured_volume: 'float8',
  outage_volume: 'float8',
  covered_ms: 'float8',
  spanned_ms: 'float8',
  min_flowrate: 'float8',
  max_flowrate: 'float8',
  lowest: 'float8',
  highest: 'float8',
});

// A bucket without a ping has neither a minimum nor a maximum.
const PACKED_BUCKETS = BUCKET_RECORD.packed({
  min_flowrate: 'coalesce(min_flowrate, 0)',
  max_flowrate: 'coalesce(max_flowrate, 0)',
});

/**
 * Flow volumes of sensors over the ranges between consecutive boundaries.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] boundaries, ascending
 *
 * Rows (sensor_id, buckets): a BUCKET_RECORD for each range that holds a ping or part of a segment,
 * numbered from 1; null where there are none.
 */
export const flowVolumes: Record<VolumeMethod, Statement> = {
  LINEAR: statement('flow_volumes', 'LINEAR', bucketVolumes, splitBuckets(BOUNDARIES)),
  STEP: statement('flow_volumes', 'STEP', bucketVolumes, splitBuckets(BOUNDARIES)),
};

/** The same of the pings as they were stored at the instant $4. */
export const flowVolumesAsOf: Record<VolumeMethod, Statement> = {
  LINEAR: statement('flow_volumes_as_of', 'LINEAR', bucketVolumesAsOf),
  STEP: statement('flow_volumes_as_of', 'STEP', bucketVolumesAsOf),
};

/**
 * The same over one range, in half the time. $1 int account id, $2 int[] sensor ids, $3
 * timestamptz[8] the cuts of the range
 */
export const rangeVolumes: Record<VolumeMethod, Statement> = {
  LINEAR: statement('range_volumes', 'LINEAR', rangeVolume),
  STEP: statement('range_volumes', 'STEP', rangeVolume),
};

/** The same of the pings as they were stored at the instant $4. */
export const rangeVolumesAsOf: Record<VolumeMethod, Statement> = {
  LINEAR: statement('range_volumes_as_of', 'LINEAR', rangeVolumeAsOf),
  STEP: statement('range_volumes_as_of', 'STEP', rangeVolumeAsOf),
};

/**
 * One sensor's flow volume over one range, rounded to 6 decimals, its name and its own methods: a
 * third less work than all the figures.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[8] the cuts of the range
 */
export const sensorVolume: Record<VolumeMethod, Statement> = {
  LINEAR: sensorStatement('sensor_volume', 'LINEAR', rangeVolume),
  STEP: sensorStatement('sensor_volume', 'STEP', rangeVolume),
};

/** The same of the pings as they were stored at the instant $4. */
export const sensorVolumeAsOf: Record<VolumeMethod, Statement> = {
  LINEAR: sensorStatement('sensor_volume_as_of', 'LINEAR', rangeVolumeAsOf),
  STEP: sensorStatement('sensor_volume_as_of', 'STEP', rangeVolumeAsOf),
};

function sensorStatement(
  name: string,
  method: VolumeMethod,
  volumeOf: (method: VolumeMethod) => string,
): Statement {
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    SELECT s.name AS sensor_name, s.method, ${METHOD_HISTORY}, ${roundedVolume('v.volume')} AS volume
    FROM flow_sensor s CROSS JOIN LATERAL (${volumeOf(method)}) AS v
    WHERE s.account_id = $1 AND s.id = $2`,
  };
}

function statement(
  name: string,
  method: VolumeMethod,
  bucketsOf: (method: VolumeMethod) => string,
  expressions?: string,
): Statement {
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    ${expressions ? `WITH ${expressions}` : ''}
    SELECT s.id AS sensor_id, v.buckets
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT ${PACKED_BUCKETS} AS buckets
      FROM (${bucketsOf(method)}) AS b
    ) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
}

/** `bucketVolumes` of the pings as they were stored at the instant $4. */
export function bucketVolumesAsOf(method: VolumeMethod): string {
  return bucketVolumes(method, piecesAsOf);
}

function rangeVolumeAsOf(method: VolumeMethod): string {
  return rangeVolume(method, piecesAsOf);
}

/**
 * Volumes of the sensor `s` by bucket. A piece lies within one bucket, and so do most of the
 * segments that lead to the next piece; those that cross boundaries are cut there.
 *
 * @param piecesOf the pieces in [start, end), as `rangePieces` gives them
 */
export function bucketVolumes(method: VolumeMethod, piecesOf = rangePieces): string {
  const [kind, whole, bounds] =
    method === 'LINEAR'
      ? [
          'linear_volume' as const,
          linearVolume('last_flowrate', 'next_flowrate', 'gap_ms'),
          'least(last_flowrate, next_flowrate), greatest(last_flowrate, next_flowrate)',
        ]
      : [
          'step_volume' as const,
          stepVolume('last_flowrate', 'gap_ms'),
          'last_flowrate, last_flowrate',
        ];
  const clipped = clippedVolume(method);
  const columns: PieceColumn[] = [
    ...(['ping_count', 'first_at', 'first_flowrate', 'last_at', 'last_flowrate'] as const),
    ...([`measured_${kind}`, `outage_${kind}`] as const),
    ...(['covered_ms', 'min_flowrate', 'max_flowrate'] as const),
  ];
  return `
    WITH piece AS MATERIALIZED (
      SELECT *, ${milliseconds('last_at', 'next_at')} AS gap_ms
      FROM (
        SELECT *, lead(first_at) OVER in_time AS next_at, lead(first_flowrate) OVER in_time AS next_flowrate,
          lead(bucket) OVER in_time AS next_bucket
        FROM (
          SELECT *, width_bucket(first_at, ${BOUNDARIES}) AS bucket
          FROM (${piecesOf(START, END, columns)}) AS unordered
        ) AS placed
        WINDOW in_time AS (ORDER BY first_at)
      ) AS neighbours
    ),
    part AS (
      SELECT bucket, ping_count,
        measured_${kind} + outage_${kind} + CASE WHEN next_bucket = bucket THEN ${whole} ELSE 0 END AS volume,
        measured_${kind} + CASE WHEN next_bucket = bucket AND ${IS_MEASURED} THEN ${whole} ELSE 0 END AS measured_volume,
        outage_${kind} + CASE WHEN next_bucket = bucket AND ${IS_OUTAGE} THEN ${whole} ELSE 0 END AS outage_volume,
        covered_ms + CASE WHEN next_bucket = bucket AND ${IS_MEASURED} THEN gap_ms ELSE 0 END AS covered_ms,
        CASE WHEN next_bucket = bucket THEN ${milliseconds('first_at', 'next_at')}
          ELSE ${milliseconds('first_at', 'last_at')} END AS spanned_ms,
        min_flowrate, max_flowrate, min_flowrate AS lowest, max_flowrate AS highest
      FROM piece WHERE inside
      UNION ALL
      SELECT crossed, 0, ${clipped},
        CASE WHEN ${IS_MEASURED} THEN ${clipped} ELSE 0 END,
        CASE WHEN ${IS_OUTAGE} THEN ${clipped} ELSE 0 END,
        CASE WHEN ${IS_MEASURED} THEN part_ms ELSE 0 END, part_ms,
        NULL, NULL, ${bounds}
      FROM (
        SELECT *, gap_ms - before_ms - after_ms AS part_ms
        FROM (
          SELECT piece.*, bucket AS crossed, 0::float8 AS before_ms,
            ${milliseconds(`(${BOUNDARIES})[bucket + 1]`, 'next_at')} AS after_ms
          FROM piece WHERE next_bucket <> bucket AND bucket > 0
          UNION ALL
          SELECT piece.*, next_bucket, ${milliseconds('last_at', `(${BOUNDARIES})[next_bucket]`)}, 0
          FROM piece WHERE next_bucket <> bucket AND next_bucket < cardinality(${BOUNDARIES})
          UNION ALL
          SELECT piece.*, crossed, ${milliseconds('last_at', `(${BOUNDARIES})[crossed]`)},
            ${milliseconds(`(${BOUNDARIES})[crossed + 1]`, 'next_at')}
          FROM piece
          CROSS JOIN LATERAL generate_series(
            bucket + 1, least(next_bucket, cardinality(${BOUNDARIES})) - 1
          ) AS crossed
          WHERE next_bucket > bucket + 1
        ) AS cut
      ) AS clipped
      WHERE part_ms > 0
    )
    SELECT bucket, sum(ping_count)::float8 AS ping_count, sum(volume) AS volume,
      sum(measured_volume) AS measured_volume, sum(outage_volume) AS outage_volume,
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
