import { VOLUME_COLUMNS } from './appended-hours.js';
import { isKept, KEPT, LEVELS_ABOVE_HOURS, together, WRITTEN_BY } from './before-last.js';
import { ALL, HOUR, levelStart, type Level } from './level.js';

/**
 * Adds appended pings to the summaries of sensors whose new pings are all in an hour that has some already. All that
 * changes is then that hour and, in each summary above it, the last child: no segment leads from one summary to
 * another. The result is the same to the last bit as that of `appendToSummaries`, and takes a plan without any of what
 * begins or merges summaries. Of sensors that have pings in the next hour too, it changes that hour alone: what follows is
 * left to `beginSummaries`. Sensors that it is not for are left to `appendToSummaries`.
 *
 * @param hours what the pings make of those hours, a query
 * @returns a WITH clause, of whose query `GROWN` the rows are the sensors whose summaries are complete then (sensor_id)
 */
export function growSummaries(hours: string): string {
  return `
    WITH grown_${HOUR} AS (
      UPDATE ping_summary u SET ping_count = u.ping_count + g.ping_count, last_at = g.last_at, last_flowrate = g.last_flowrate,
        ${VOLUME_COLUMNS.map((column) => `${column} = g.${column}`).join(', ')},
        covered_ms = u.covered_ms + g.covered_ms, longest_gap_ms = greatest(u.longest_gap_ms, g.longest_gap_ms),
        min_flowrate = least(g.min_flowrate, u.min_flowrate), max_flowrate = greatest(g.max_flowrate, u.max_flowrate),
        flowrate_sum = g.flowrate_sum
      FROM (${hours}) AS g
      WHERE u.sensor_id = g.sensor_id AND u.level = ${HOUR} AND u.start = g.start
      RETURNING ${RETURNED}, g.is_whole
    ),${LEVELS_ABOVE_HOURS.map(grown).join(',')}`;
}

export const GROWN = `grown_${ALL}`;

const RETURNED = ['sensor_id', 'last_at', 'last_flowrate', ...KEPT]
  .map((column) => `u.${column}`)
  .join(', ');

/** One level above, of which what its children before the last one come to is kept. */
function grown(level: Level): string {
  const below = `grown_${level - 1}`;
  return `
    grown_${level} AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ${KEPT.map((column) => `${column} = ${together('u.before_last', column, `l.${column}`)}`).join(', ')},
        before_last_written_by = ${WRITTEN_BY}
      FROM ${level - 1 === HOUR ? `(SELECT * FROM ${below} WHERE is_whole)` : below} AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = ${level} AND u.start = ${levelStart(level, 'l.last_at')}
        AND ${isKept('u')}
      RETURNING ${RETURNED}
    )`;
}
