import type { Statement } from '../../postgres/database.js';
import { ALL, BLOCK, DAY, HOUR, levelStart, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { COLUMNS, mergedSummaries, PIECE_COLUMNS, type PieceColumn } from './piece.js';

/**
 * What is kept of the children before the last one, in this order, and how it and the last child
 * make the whole.
 */
export const TOGETHER: Readonly<
  Partial<Record<PieceColumn, (before: string, last: string) => string>>
> = {
  ping_count: (before, last) => `(${before} + ${last})::bigint`,
  measured_linear_volume: sum,
  measured_step_volume: sum,
  outage_linear_volume: sum,
  outage_step_volume: sum,
  covered_ms: (before, last) => `(${before} + ${last})::bigint`,
  longest_gap_ms: (before, last) => `greatest(${before}::bigint, ${last})`,
  min_flowrate: (before, last) => `least(${before}, ${last})`,
  max_flowrate: (before, last) => `greatest(${before}, ${last})`,
  flowrate_sum: sum,
};

function sum(before: string, last: string): string {
  return `${before} + ${last}`;
}

export const KEPT = Object.keys(TOGETHER) as PieceColumn[];
export const NOTHING_BEFORE = `'{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[]`;

export const LEVELS_ABOVE_HOURS: readonly Level[] = [DAY, BLOCK, ALL];

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
      above.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
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
      ${[...COLUMNS, 'before_last', 'before_last_written_by']
        .map((column) => `${column} = EXCLUDED.${column}`)
        .join(', ')}`,
};

/** The piece of one level, from the piece of the level below. */
function madeOfTwo(level: Level): string {
  const stored = `stored_${level}`;
  const kept = `kept_${level}.before_last`;
  const last = `piece_${level - 1}`;
  const lastStart = levelStart((level - 1) as Level, 'k.at');
  const isKept = `${stored}.before_last_written_by = ${stored}.xmin::text::bigint`;
  const since = level === ALL ? `'-infinity'` : levelStart(level, 'k.at');
  const before = `SELECT sensor_id, start, ${PIECE_COLUMNS} FROM ping_summary
      WHERE sensor_id = k.sensor_id AND level = ${level - 1} AND start < ${lastStart}
        AND start >= CASE WHEN ${isKept} THEN ${levelStart((level - 1) as Level, `${stored}.last_at`)} ELSE ${since} END
      UNION ALL
      SELECT k.sensor_id, '-infinity', ${COLUMNS.map((column) => keptOf(column, stored)).join(', ')} WHERE ${isKept}`;
  const columns: Readonly<Partial<Record<PieceColumn, string>>> = {
    ...Object.fromEntries(
      KEPT.map((column, index) => [
        column,
        TOGETHER[column]!(`${kept}[${index + 1}]`, `${last}.${column}`),
      ]),
    ),
    first_at: `coalesce(${stored}.first_at, ${first(level, 'first_at')})`,
    first_flowrate: `coalesce(${stored}.first_flowrate, ${first(level, 'first_flowrate')})`,
  };
  // OFFSET 0 keeps what is kept from being computed again wherever it is used.
  return `
    LEFT JOIN ping_summary ${stored} ON ${isBucket(stored, level)}
    CROSS JOIN LATERAL (
      SELECT coalesce(
        CASE WHEN ${stored}.last_at >= ${lastStart} AND ${isKept} THEN ${stored}.before_last END,
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
  const index = KEPT.indexOf(column);
  return index < 0 ? 'NULL' : `${stored}.before_last[${index + 1}]`;
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
