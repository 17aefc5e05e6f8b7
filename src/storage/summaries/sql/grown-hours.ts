import { COUNTS } from '../../pings/quality.js';
import { HOUR, LEVELS, levelStart } from './level.js';
import { maxGapAt } from './max-gap.js';
import { COLUMNS, mergedSummaries, pingAsPiece } from './piece.js';

/**
 * A query for the summaries of hours that pings have changed, (sensor_id, start, …a piece).
 *
 * An hour that has changed only after its last ping is merged from its stored summary and the later
 * pings, whatever the number of its pings. The result is the same to the last bit as from all of
 * them, since sums add up in the order of time.
 *
 * $1 int[] sensor ids, $2 timestamptz[] instants, pairwise: of each hour with changes at least the
 * earliest
 */
export function grownHours(): string {
  const pieces = `
    SELECT g.sensor_id, g.start, ${COLUMNS.map((column) => `g.${column}`).join(', ')} FROM ping_summary g
    WHERE g.sensor_id = s.id AND g.level = ${HOUR} AND g.start = h.start
    UNION ALL
    SELECT p.sensor_id, p.datetime, ${pingAsPiece()} FROM ping p
    WHERE p.sensor_id = s.id AND p.datetime >= CASE WHEN h.start IS NULL THEN t.start ELSE t.since END
      AND p.datetime < t.start + interval '${LEVELS[HOUR].width}' AND ${COUNTS}`;
  return `
    SELECT s.id, t.start, merged.*
    FROM (
      SELECT sensor_id, ${levelStart(HOUR, 'at')} AS start, min(at) AS since
      FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)
      GROUP BY 1, 2
    ) AS t
    JOIN flow_sensor s ON s.id = t.sensor_id
    LEFT JOIN ping_summary h
      ON h.sensor_id = s.id AND h.level = ${HOUR} AND h.start = t.start AND h.last_at < t.since
    CROSS JOIN LATERAL (${mergedSummaries(pieces, maxGapAt)}) AS merged`;
}
