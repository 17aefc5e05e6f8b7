import type { Statement } from '../../postgres/database.js';
import {
  isKept,
  KEPT,
  keptColumn,
  LEVELS_ABOVE_HOURS,
  NOTHING_BEFORE,
  REPLACED,
  wholeOf,
  WRITTEN_BY,
} from './before-last.js';
import { ALL, DAY, HOUR, levelStart, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { COLUMNS, mergedSummaries, PIECE_COLUMNS, type PieceColumn } from './piece.js';

/**
 * Refreshes the day, the block and the summary of all pings after pings were appended: a statement
 * for the three of them, in which each is made of two pieces instead of all its children.
 *
 * Only the last child of each has changed, or new ones follow it. What the others come to, with the
 * segment that leads to the last, is kept beside the summary (`before_last`), and new children carry
 * it on, so the result is the same to the last bit: sums add up in the order of time. Where it is
 * not kept, it is merged from the children; so it is where another transaction has written the
 * summary since, which may have been of a version that does not know of it.
 *
 * $1 int[] sensor ids, ascending, each once; $2 timestamptz[] an instant in the hour of each one's
 * last ping. That ping counts, all that has changed is pings that were appended to the others within
 * its day (UTC), and the hours are refreshed.
 */
export const appendToSummaries: Statement = {
  name: 'append_to_summaries',
  text: `
    INSERT INTO ping_summary (level, sensor_id, start, ${PIECE_COLUMNS}, before_last, before_last_written_by)
    SELECT above.level, k.sensor_id, above.start, ${COLUMNS.map((column) => `above.${column}`).join(', ')},
      above.before_last, ${WRITTEN_BY}
    FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)
    JOIN flow_sensor s ON s.id = k.sensor_id
    JOIN ping_summary piece_${HOUR} ON ${isBucket(`piece_${HOUR}`, HOUR)}
    ${LEVELS_ABOVE_HOURS.map(madeOfTwo).join('')}
    CROSS JOIN LATERAL (
      ${LEVELS_ABOVE_HOURS.map(
        (level) => `SELECT ${level} AS level, ${levelStart(level, 'k.at')} AS start,
        piece_${level}.*, kept_${level}.before_last`,
      ).join(' UNION ALL ')}
    ) AS above
    ON CONFLICT (sensor_id, level, start) DO UPDATE SET
      ${REPLACED}`,
};

/** The piece of one level, from the piece of the level below. */
function madeOfTwo(level: Level): string {
  const stored = `stored_${level}`;
  const kept = `kept_${level}.before_last`;
  const last = `piece_${level - 1}`;
  const lastStart = levelStart((level - 1) as Level, 'k.at');
  const counts = isKept(stored);
  const since = level === ALL ? `'-infinity'` : levelStart(level, 'k.at');
  const before = `SELECT sensor_id, start, ${PIECE_COLUMNS} FROM ping_summary
      WHERE sensor_id = k.sensor_id AND level = ${level - 1} AND start < ${lastStart}
        AND start >= CASE WHEN ${counts} THEN ${levelStart((level - 1) as Level, `${stored}.last_at`)} ELSE ${since} END
      UNION ALL
      SELECT k.sensor_id, '-infinity', ${COLUMNS.map((column) => keptOf(column, stored)).join(', ')} WHERE ${counts}`;
  const columns: Readonly<Partial<Record<PieceColumn, string>>> = {
    ...wholeOf(kept, last),
    first_at: `coalesce(${stored}.first_at, ${first(level, 'first_at')})`,
    first_flowrate: `coalesce(${stored}.first_flowrate, ${first(level, 'first_flowrate')})`,
  };
  // OFFSET 0 keeps what is kept from being computed again wherever it is used.
  return `
    LEFT JOIN ping_summary ${stored} ON ${isBucket(stored, level)}
    CROSS JOIN LATERAL (
      SELECT coalesce(
        CASE WHEN ${stored}.last_at >= ${lastStart} AND ${counts} THEN ${stored}.before_last END,
        (SELECT ARRAY[${KEPT.map((column) => `before.${column}`).join(', ')}]::float8[]
          FROM (${mergedSummaries(before, maxGapAt, last)}) AS before),
        ${NOTHING_BEFORE}) AS before_last
      OFFSET 0
    ) AS kept_${level}
    CROSS JOIN LATERAL (
      SELECT ${COLUMNS.map((column) => `${columns[column] ?? `${last}.${column}`} AS ${column}`).join(', ')}
    ) AS piece_${level}`;
}

/** What is kept as a piece before the child that was the last one; the segment that leads to that is part of it. */
function keptOf(column: PieceColumn, stored: string): string {
  return KEPT.includes(column) ? keptColumn(`${stored}.before_last`, column) : 'NULL';
}

/** Of a day, a block or all pings without any so far. Only a new day may have several children. */
function first(level: Level, column: 'first_at' | 'first_flowrate'): string {
  if (level !== DAY) return `piece_${level - 1}.${column}`;
  return `(SELECT first.${column} FROM ping_summary first WHERE first.sensor_id = k.sensor_id
        AND first.level = ${HOUR} AND first.start >= ${levelStart(DAY, 'k.at')} ORDER BY first.start LIMIT 1)`;
}

function isBucket(summary: string, level: Level): string {
  return `${summary}.sensor_id = k.sensor_id AND ${summary}.level = ${level}
      AND ${summary}.start = ${levelStart(level, 'k.at')}`;
}
