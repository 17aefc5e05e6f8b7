import type { PieceColumn } from '../../summaries/sql/piece.js';
import { milliseconds } from '../../summaries/sql/segment.js';
import { piecesAsOf } from './pieces-as-of.js';
import { piecesBetweenCuts } from './pieces-between-cuts.js';
import {
  IS_MEASURED,
  IS_OUTAGE,
  segmentsOf,
  type Figures,
  type VolumeMethod,
} from './volume-method.js';

/** As `rangeCuts` makes them. */
const CUTS = '$3::timestamptz[]';

/**
 * What flowed through the sensor `s` in one range, in the columns of a bucket, its number 1: always
 * one row. Only the two outermost segments can cross the range's ends, so that it takes half the
 * time of `bucketVolumes`; columns that a statement does not read cost nothing.
 *
 * @param piecesOf the pieces in [start, end), in no order; and the ping on either side, `inside`
 * false
 * @param cuts the cuts of the range, SQL
 */
export function rangeVolume(
  method: VolumeMethod,
  figures: Figures,
  piecesOf?: (columns: readonly PieceColumn[]) => string,
  cuts = CUTS,
): string {
  const { kind, columns, part } = segmentsOf(method, figures);
  const { start, end } = endsOf(cuts);
  // OFFSET 0 keeps an expression from being computed again wherever it is used.
  return `
    SELECT 1 AS bucket,
      coalesce(${inside(`sum(measured_${kind} + outage_${kind})`)}, 0) + coalesce(sum(part_volume), 0) AS volume
      ${figures === 'ALL' ? `, ${besideVolume(method)}` : ''}
    FROM (
      SELECT *, ${part} AS part_volume
      FROM (
        SELECT *, gap_ms - before_ms - after_ms AS part_ms
        FROM (
          SELECT *, ${milliseconds('last_at', 'next_at')} AS gap_ms,
            CASE WHEN last_at < ${start} THEN ${milliseconds('last_at', start)} ELSE 0 END AS before_ms,
            CASE WHEN next_at > ${end} THEN ${milliseconds(end, 'next_at')} ELSE 0 END AS after_ms
          FROM (
            SELECT *, lead(first_at) OVER in_time AS next_at, lead(first_flowrate) OVER in_time AS next_flowrate
            FROM (${piecesOf?.(columns) ?? piecesBetweenCuts(cuts, columns)}) AS unordered
            WINDOW in_time AS (ORDER BY first_at)
          ) AS neighbours OFFSET 0
        ) AS clipped OFFSET 0
      ) AS part OFFSET 0
    ) AS piece`;
}

function endsOf(cuts: string): { readonly start: string; readonly end: string } {
  return { start: `(${cuts})[1]`, end: `(${cuts})[8]` };
}

function inside(aggregate: string): string {
  return `${aggregate} FILTER (WHERE inside)`;
}

// Sums of doubles are faster than those of bigints, which are numeric; of whole numbers they are exact.
function besideVolume(method: VolumeMethod): string {
  const { kind, lower, higher } = segmentsOf(method, 'ALL');
  const within = 'FILTER (WHERE part_ms > 0)';
  return `
      coalesce(${inside('sum(ping_count::float8)')}, 0) AS ping_count,
      coalesce(${inside(`sum(measured_${kind})`)}, 0)
        + coalesce(sum(part_volume) FILTER (WHERE ${IS_MEASURED}), 0) AS measured_volume,
      coalesce(${inside(`sum(outage_${kind})`)}, 0)
        + coalesce(sum(part_volume) FILTER (WHERE ${IS_OUTAGE}), 0) AS outage_volume,
      coalesce(${inside('sum(covered_ms::float8)')}, 0)
        + coalesce(sum(part_ms) FILTER (WHERE ${IS_MEASURED}), 0) AS covered_ms,
      coalesce(${inside(`sum(${milliseconds('first_at', 'last_at')})`)}, 0) + coalesce(sum(part_ms), 0) AS spanned_ms,
      ${inside('min(min_flowrate)')} AS min_flowrate, ${inside('max(max_flowrate)')} AS max_flowrate,
      coalesce(least(${inside('min(min_flowrate)')}, min(${lower}) ${within}), 0) AS lowest,
      coalesce(greatest(${inside('max(max_flowrate)')}, max(${higher}) ${within}), 0) AS highest`;
}

/** `rangeVolume` of the pings as they were stored at the instant $4. */
export function rangeVolumeAsOf(method: VolumeMethod, figures: Figures): string {
  const { start, end } = endsOf(CUTS);
  return rangeVolume(method, figures, (columns) => piecesAsOf(start, end, columns));
}
