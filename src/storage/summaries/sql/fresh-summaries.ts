import { COUNTS } from '../../pings/quality.js';
import { ALL, HOUR, LEVELS, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { mergedPings, mergedSummaries, PIECE_COLUMNS } from './piece.js';

/**
 * A query for the summaries of some buckets of one level, (sensor_id, start, …a piece), computed
 * from the level below: an hour's from its pings, the others' from the stored summaries of the
 * previous level. Empty buckets have no row.
 *
 * @param buckets a query for (sensor id, start of the bucket), distinct
 */
export function freshSummaries(level: Level, buckets: string): string {
  return `
    SELECT s.id, t.start, merged.*
    FROM (${buckets}) AS t (sensor_id, start)
    JOIN flow_sensor s ON s.id = t.sensor_id
    CROSS JOIN LATERAL (${mergedChildren(level)}) AS merged`;
}

function mergedChildren(level: Level): string {
  if (level === HOUR) {
    const pings = `SELECT p.sensor_id, p.datetime, p.flowrate FROM ping p
      WHERE p.sensor_id = s.id AND p.datetime >= t.start
        AND p.datetime < t.start + interval '${LEVELS[HOUR].width}' AND ${COUNTS}`;
    return mergedPings(pings, maxGapAt);
  }
  const within =
    level === ALL
      ? ''
      : `AND start >= t.start AND start < t.start + interval '${LEVELS[level].width}'`;
  const summaries = `SELECT sensor_id, start, ${PIECE_COLUMNS} FROM ping_summary
      WHERE sensor_id = s.id AND level = ${level - 1} ${within}`;
  return mergedSummaries(summaries, maxGapAt);
}
