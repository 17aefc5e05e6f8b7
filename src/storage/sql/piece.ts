import { linearVolume, milliseconds, stepVolume } from './segment.js';

/**
 * A piece is a run of consecutive pings of one sensor: a single ping, or the
 * summary of an hour, a day, a block or all of them. Pieces in the order of
 * time merge into one; the segment between two neighbours is added as they do.
 */
export const PIECE_COLUMNS = `ping_count, first_at, first_flowrate, last_at, last_flowrate,
  linear_volume, step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum`;

/** One ping `p` as a piece. */
export const PING_AS_PIECE = `1::bigint AS ping_count,
  p.datetime AS first_at, p.flowrate AS first_flowrate, p.datetime AS last_at, p.flowrate AS last_flowrate,
  0::float8 AS linear_volume, 0::float8 AS step_volume, 0::bigint AS covered_ms, 0::bigint AS longest_gap_ms,
  p.flowrate AS min_flowrate, p.flowrate AS max_flowrate, p.flowrate AS flowrate_sum`;

/** Merges pieces, a relation of (max_gap, …a piece), into one; none where there are none. */
export function mergedPieces(pieces: string): string {
  const gap = 'gap_ms';
  return `
    SELECT sum(ping_count)::bigint AS ping_count,
      min(first_at) AS first_at, min(first_flowrate) FILTER (WHERE is_first) AS first_flowrate,
      max(last_at) AS last_at, min(last_flowrate) FILTER (WHERE next_at IS NULL) AS last_flowrate,
      sum(linear_volume + coalesce(${linearVolume('last_flowrate', 'next_flowrate', gap)}, 0)) AS linear_volume,
      sum(step_volume + coalesce(${stepVolume('last_flowrate', gap)}, 0)) AS step_volume,
      (sum(covered_ms) + coalesce(sum(gap_ms) FILTER (WHERE gap_ms <= max_gap * 1000::float8), 0))::bigint AS covered_ms,
      coalesce(greatest(max(longest_gap_ms), max(gap_ms)), 0)::bigint AS longest_gap_ms,
      min(min_flowrate) AS min_flowrate, max(max_flowrate) AS max_flowrate,
      sum(flowrate_sum) AS flowrate_sum
    FROM (
      SELECT *, ${milliseconds('last_at', 'next_at')} AS ${gap}
      FROM (
        SELECT *, lead(first_at) OVER in_time AS next_at, lead(first_flowrate) OVER in_time AS next_flowrate,
          row_number() OVER in_time = 1 AS is_first
        FROM (${pieces}) AS piece
        WINDOW in_time AS (ORDER BY first_at)
      ) AS neighbours
    ) AS gaps
    HAVING count(*) > 0`;
}
