import {
  isKept,
  KEPT,
  LEVELS_ABOVE_HOURS,
  NOTHING_BEFORE,
  REPLACED,
  together,
  wholeOf,
  WRITTEN_BY,
} from './before-last.js';
import { ALL, HOUR, levelStart, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { COLUMNS, PIECE_COLUMNS, type PieceColumn } from './piece.js';
import { segmentVolumes } from './segment-volumes.js';
import { milliseconds } from './segment.js';

export const BEGUN = `begun_${ALL}`;

/**
 * Adds appended pings to the summaries of sensors that have them in a new hour, and in no other or in the one of the last ping
 * before, to which these were added. In each summary above the hour the last child is new too or has grown. The result is the
 * same to the last bit as that of `appendToSummaries`, by a plan that merges nothing. Sensors that it is not for are left to that.
 *
 * @param hours what the pings make of those hours, a query
 * @returns a WITH clause, of whose query `BEGUN` the rows are the sensors whose summaries are complete then (sensor_id)
 */
export function beginSummaries(hours: string): string {
  return `
    WITH begun_${HOUR} AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ${PIECE_COLUMNS})
      SELECT ${HOUR}, h.sensor_id, h.start, ${COLUMNS.map((column) => `h.${column}`).join(', ')}
      FROM (${hours}) AS h
      ON CONFLICT (sensor_id, level, start) DO NOTHING
      RETURNING ${RETURNED}
    ),${LEVELS_ABOVE_HOURS.map(begun).join(',')}`;
}

const RETURNED = ['sensor_id', 'start', ...COLUMNS].map((column) => `u.${column}`).join(', ');

/** One level above: `u` is stored, `l` the child that was its last, `c` the one that is. */
function begun(level: Level): string {
  const below = (level - 1) as Level;
  const columns: Readonly<Partial<Record<PieceColumn, string>>> = {
    ...wholeOf('c.before_last', 'c'),
    first_at: 'coalesce(c.stored_first_at, c.first_at)',
    first_flowrate: 'coalesce(c.stored_first_flowrate, c.first_flowrate)',
  };
  return `
    begun_${level} AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ${PIECE_COLUMNS}, before_last, before_last_written_by)
      SELECT ${level}, c.sensor_id, ${levelStart(level, 'c.last_at')}, ${COLUMNS.map((column) => columns[column] ?? `c.${column}`).join(', ')},
        c.before_last, ${WRITTEN_BY}
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN ${NOTHING_BEFORE} WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[${KEPT.map(carried).join(', ')}]::float8[]
          END AS before_last
        FROM begun_${below} AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = ${level} AND u.start = ${levelStart(level, 'c.last_at')}
        LEFT JOIN LATERAL (
          SELECT l.*, ${milliseconds('l.last_at', 'c.first_at')} AS gap_ms, (${maxGapAt('l.last_at')}) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = ${below} AND l.start = ${levelStart(below, 'u.last_at')}
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (${isKept('u')} AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ${REPLACED}
      RETURNING ${RETURNED}
    )`;
}

/** The child that was the last one, with the segment that leads to the new one. */
const WITH_SEGMENT: Readonly<Partial<Record<PieceColumn, string>>> = {
  ...Object.fromEntries(
    Object.entries(segmentVolumes('l', 'l.last_flowrate', 'c.first_flowrate')).map(
      ([column, volume]) => [column, `l.${column} + ${volume}`],
    ),
  ),
  covered_ms: 'l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END',
  longest_gap_ms: 'greatest(l.longest_gap_ms, l.gap_ms)',
};

/** What is kept, followed by that. */
function carried(column: PieceColumn): string {
  return together('u.before_last', column, `(${WITH_SEGMENT[column] ?? `l.${column}`})`);
}
