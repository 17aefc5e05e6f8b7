import { KEPT, LEVELS_ABOVE_HOURS, NOTHING_BEFORE, TOGETHER } from './append-to-summaries.js';
import { ALL, HOUR, levelStart, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { COLUMNS, PIECE_COLUMNS, type PieceColumn } from './piece.js';
import { linearVolume, milliseconds, stepVolume } from './segment.js';

export const BEGUN = `begun_${ALL}`;

/**
 * Adds appended pings to the summaries of sensors whose new pings are all in one hour, which is after that of the last ping.
 * The hour is new then, and in each summary above it the last child is new too or has grown. The result is the same to the
 * last bit as that of `appendToSummaries`, by a plan that merges nothing. Sensors that it is not for are left to that.
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
    ...Object.fromEntries(
      KEPT.map((column, index) => [
        column,
        TOGETHER[column]!(`c.before_last[${index + 1}]`, `c.${column}`),
      ]),
    ),
    first_at: 'coalesce(c.stored_first_at, c.first_at)',
    first_flowrate: 'coalesce(c.stored_first_flowrate, c.first_flowrate)',
  };
  return `
    begun_${level} AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ${PIECE_COLUMNS}, before_last, before_last_written_by)
      SELECT ${level}, c.sensor_id, ${levelStart(level, 'c.last_at')}, ${COLUMNS.map((column) => columns[column] ?? `c.${column}`).join(', ')},
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN ${NOTHING_BEFORE} WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[${KEPT.map((column, index) => carried(column, `u.before_last[${index + 1}]`)).join(', ')}]::float8[]
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
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ${[...COLUMNS, 'before_last', 'before_last_written_by'].map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
      RETURNING ${RETURNED}
    )`;
}

/** What is kept, followed by the child that was the last and the segment that leads to the new one. */
function carried(column: PieceColumn, before: string): string {
  const last = `l.${column}`;
  const measured = (volume: string) =>
    `${last} + CASE WHEN l.gap_ms <= l.max_gap_ms THEN ${volume} ELSE 0 END`;
  const outage = (volume: string) =>
    `${last} + CASE WHEN l.gap_ms > l.max_gap_ms THEN ${volume} ELSE 0 END`;
  const linear = linearVolume('l.last_flowrate', 'c.first_flowrate', 'l.gap_ms');
  const step = stepVolume('l.last_flowrate', 'l.gap_ms');
  const withSegment: Readonly<Partial<Record<PieceColumn, string>>> = {
    measured_linear_volume: measured(linear),
    measured_step_volume: measured(step),
    outage_linear_volume: outage(linear),
    outage_step_volume: outage(step),
    covered_ms: measured('l.gap_ms'),
    longest_gap_ms: `greatest(${last}, l.gap_ms)`,
  };
  return TOGETHER[column]!(before, `(${withSegment[column] ?? last})`);
}
