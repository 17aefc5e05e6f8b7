import { milliseconds } from '../../summaries/sql/segment.js';
import { piecesAsOf } from './pieces-as-of.js';
import { rangePieces } from './range-pieces.js';
import { IS_MEASURED, IS_OUTAGE, segmentsOf, type VolumeMethod } from './volume-method.js';

export const BOUNDARIES = '$3::timestamptz[]';
const START = `(${BOUNDARIES})[1]`;
const END = `(${BOUNDARIES})[cardinality(${BOUNDARIES})]`;

/**
 * Volumes of the sensor `s` by bucket. A piece lies within one bucket, and so do most of the
 * segments that lead to the next piece; those that cross boundaries are cut there.
 *
 * @param piecesOf the pieces in [start, end), as `rangePieces` gives them
 */
export function bucketVolumes(method: VolumeMethod, piecesOf = rangePieces): string {
  const { kind, columns, whole, part, lower, higher } = segmentsOf(method);
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
      SELECT crossed, 0, ${part},
        CASE WHEN ${IS_MEASURED} THEN ${part} ELSE 0 END,
        CASE WHEN ${IS_OUTAGE} THEN ${part} ELSE 0 END,
        CASE WHEN ${IS_MEASURED} THEN part_ms ELSE 0 END, part_ms,
        NULL, NULL, ${lower}, ${higher}
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

/** `bucketVolumes` of the pings as they were stored at the instant $4. */
export function bucketVolumesAsOf(method: VolumeMethod): string {
  return bucketVolumes(method, piecesAsOf);
}
