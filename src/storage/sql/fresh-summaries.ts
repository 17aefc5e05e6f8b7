import { ALL, HOUR, LEVELS, type Level } from './level.js';
import { mergedPieces, PIECE_COLUMNS, PING_AS_PIECE } from './piece.js';

/**
 * A query for the summaries of some buckets of one level, (sensor_id, start,
 * …a piece), computed from what lies below them: an hour's from its pings, the
 * others' from the stored summaries of the level before. Buckets that hold
 * nothing have no row.
 *
 * @param buckets a query for (sensor id, start of the bucket), distinct
 */
export function freshSummaries(level: Level, buckets: string): string {
  return `
    SELECT t.sensor_id, t.start, merged.*
    FROM (${buckets}) AS t (sensor_id, start)
    JOIN flow_sensor s ON s.id = t.sensor_id
    CROSS JOIN LATERAL (${mergedPieces(`SELECT s.max_gap, child.* FROM (${children(level)}) AS child`)}) AS merged`;
}

// OFFSET 0 keeps each bucket a range scan of its own, however the planner
// estimates: it would else scan whole tables and join.
function children(level: Level): string {
  if (level === HOUR) {
    return `SELECT ${PING_AS_PIECE} FROM ping p
      WHERE p.sensor_id = t.sensor_id
        AND p.datetime >= t.start AND p.datetime < t.start + interval '${LEVELS[HOUR].width}'
      OFFSET 0`;
  }
  const within =
    level === ALL
      ? ''
      : `AND start >= t.start AND start < t.start + interval '${LEVELS[level].width}'`;
  return `SELECT ${PIECE_COLUMNS} FROM ping_summary
      WHERE sensor_id = t.sensor_id AND level = ${level - 1} ${within}
      OFFSET 0`;
}
