import { milliseconds } from '../../summaries/sql/segment.js';
import type { PieceColumn } from '../../summaries/sql/piece.js';
import { piecesAsOf } from './pieces-as-of.js';
import { piecesBetweenCuts } from './pieces-between-cuts.js';
import { rangePieces } from './range-pieces.js';
import {
  IS_MEASURED,
  IS_OUTAGE,
  segmentsOf,
  type Figures,
  type VolumeMethod,
} from './volume-method.js';

export const BOUNDARIES = '$3::timestamptz[]';
/** as `rangeCuts` makes them, where the boundaries are those of summaries */
const CUTS = '$4::timestamptz[]';
const START = `(${BOUNDARIES})[1]`;
const BUCKETS = `(cardinality(${BOUNDARIES}) - 1)`;
const END = `(${BOUNDARIES})[cardinality(${BOUNDARIES})]`;

type PiecesOf = (start: string, end: string, columns: readonly PieceColumn[]) => string;

/**
 * Volumes of the sensor `s` by bucket. A piece lies within one bucket. Of the segment to the next
 * piece, what lies in the same bucket is added to the piece; what lies in the next piece's bucket,
 * and in those between, are parts of their own.
 *
 * @param piecesOf the pieces in [start, end), as `rangePieces` gives them
 */
export function bucketVolumes(
  method: VolumeMethod,
  figures: Figures,
  piecesOf: PiecesOf = rangePieces,
): string {
  const { kind, columns, part, lower, higher } = segmentsOf(method, figures);
  const all = (more: string) => (figures === 'ALL' ? `, ${more}` : '');
  const has = 'part_ms > 0';
  const inMeasured = `${has} AND ${IS_MEASURED}`;
  const inOutage = `${has} AND ${IS_OUTAGE}`;
  const when = (condition: string, value: string) =>
    `CASE WHEN ${condition} THEN ${value} ELSE 0 END`;
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
      SELECT bucket, measured_${kind} + outage_${kind} + ${when(has, part)} AS volume
        ${all(`ping_count::float8 AS ping_count,
        measured_${kind} + ${when(inMeasured, part)} AS measured_volume,
        outage_${kind} + ${when(inOutage, part)} AS outage_volume,
        covered_ms + ${when(inMeasured, 'part_ms')} AS covered_ms,
        ${milliseconds('first_at', 'last_at')} + ${when(has, 'part_ms')} AS spanned_ms,
        min_flowrate, max_flowrate,
        CASE WHEN ${has} THEN ${lower} END AS lower, CASE WHEN ${has} THEN ${higher} END AS higher`)}
      FROM (
        SELECT *, gap_ms - after_ms AS part_ms
        FROM (
          SELECT *, 0::float8 AS before_ms,
            CASE WHEN next_bucket > bucket THEN ${milliseconds(`(${BOUNDARIES})[bucket + 1]`, 'next_at')} ELSE 0 END AS after_ms
          FROM piece WHERE inside
        ) AS clipped OFFSET 0
      ) AS own
      UNION ALL
      SELECT crossed, ${part}
        ${all(`0, ${when(IS_MEASURED, part)}, ${when(IS_OUTAGE, part)},
        ${when(IS_MEASURED, 'part_ms')}, part_ms, NULL, NULL, ${lower}, ${higher}`)}
      FROM (
        SELECT *, gap_ms - before_ms - after_ms AS part_ms
        FROM (
          SELECT *, next_bucket AS crossed, ${milliseconds('last_at', `(${BOUNDARIES})[next_bucket]`)} AS before_ms,
            0::float8 AS after_ms
          FROM piece WHERE next_bucket > bucket AND next_bucket <= ${BUCKETS}
          UNION ALL
          SELECT piece.*, crossed, ${milliseconds('last_at', `(${BOUNDARIES})[crossed]`)},
            ${milliseconds(`(${BOUNDARIES})[crossed + 1]`, 'next_at')}
          FROM piece CROSS JOIN LATERAL generate_series(bucket + 1, next_bucket - 1) AS crossed
          WHERE next_bucket > bucket + 1
        ) AS cut
      ) AS clipped
      WHERE ${has}
    )
    SELECT bucket, sum(volume) AS volume
      ${all(`sum(ping_count) AS ping_count, sum(measured_volume) AS measured_volume,
      sum(outage_volume) AS outage_volume, sum(covered_ms) AS covered_ms, sum(spanned_ms) AS spanned_ms,
      min(min_flowrate) AS min_flowrate, max(max_flowrate) AS max_flowrate,
      least(min(min_flowrate), min(lower)) AS lowest, greatest(max(max_flowrate), max(higher)) AS highest`)}
    FROM part GROUP BY bucket`;
}

/** The same where all boundaries but the first and the last are those of summaries. */
export function bucketVolumesOfCuts(method: VolumeMethod, figures: Figures): string {
  return bucketVolumes(method, figures, (_start, _end, columns) =>
    piecesBetweenCuts(CUTS, columns),
  );
}

/** `bucketVolumes` of the pings as they were stored at the instant $4. */
export function bucketVolumesAsOf(method: VolumeMethod, figures: Figures): string {
  return bucketVolumes(method, figures, piecesAsOf);
}
