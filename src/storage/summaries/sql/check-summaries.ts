import type { Statement } from '../../postgres/database.js';
import { freshSummaries } from './fresh-summaries.js';
import { ALL, EVERY_LEVEL, HOUR } from './level.js';
import { PIECE_COLUMNS } from './piece.js';
import { allBuckets, THINNED_UNTIL_OF_SENSOR } from './refresh-summaries.js';
import { milliseconds } from './segment.js';

const EXACT =
  `ping_count, first_at, first_flowrate, last_at, last_flowrate, covered_ms, longest_gap_ms,
  min_flowrate, max_flowrate`.split(',');
const VOLUMES = [
  ...['measured_linear_volume', 'measured_step_volume'],
  ...['outage_linear_volume', 'outage_step_volume'],
];
const row = (of: string) => `(${EXACT.map((column) => `${of}.${column.trim()}`).join(', ')})`;

// Sums may differ by the order of their terms: a billionth of the largest possible sum is allowed.
const differs = (column: string, most: string) =>
  `abs(fresh.${column} - stored.${column}) > 1e-9 * (${most})`;
const MAGNITUDE = 'greatest(abs(fresh.min_flowrate), abs(fresh.max_flowrate))';
const MAX_VOLUME = `${MAGNITUDE} * ${milliseconds('fresh.first_at', 'fresh.last_at')} / 86400000`;

/**
 * The wrong summaries of a sensor, missing and surplus ones included: hours are compared with
 * pings, unless those are thinned, days with hours and so on. If there are none, every summary agrees with the pings.
 *
 * $1 int sensor id
 */
export const checkSummaries: Statement = {
  name: 'check_summaries',
  text: `
    WITH fresh AS (
      ${EVERY_LEVEL.map(
        (level) =>
          `SELECT ${level} AS level, f.* FROM (${freshSummaries(level, allBuckets(level))}) AS f`,
      ).join(' UNION ALL ')}
    ),
    stored AS (
      SELECT level, start, ${PIECE_COLUMNS} FROM ping_summary
      WHERE sensor_id = $1 AND NOT (level = ${ALL} AND ping_count = 0)
    )
    SELECT level, round(date_part('epoch', start) * 1000) AS start
    FROM fresh FULL JOIN stored USING (level, start)
    WHERE NOT (level = ${HOUR} AND start < ${THINNED_UNTIL_OF_SENSOR}) AND (
      ${row('fresh')} IS DISTINCT FROM ${row('stored')}
      OR ${VOLUMES.map((column) => differs(column, MAX_VOLUME)).join(' OR ')}
      OR ${differs('flowrate_sum', `${MAGNITUDE} * fresh.ping_count`)})
    ORDER BY level, start`,
};
