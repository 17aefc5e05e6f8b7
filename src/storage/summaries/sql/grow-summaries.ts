import { ALL, HOUR, levelStart, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { KEPT, LEVELS_ABOVE_HOURS, TOGETHER } from './append-to-summaries.js';
import type { PieceColumn } from './piece.js';
import { linearVolume, milliseconds, stepVolume } from './segment.js';

/** The array parameters, as SQL. */
export interface GrownParameters {
  /** of each sensor, once: its id, and the instants of its first and its last new ping */
  readonly sensors: readonly [ids: string, first: string, last: string];
  /** of the new pings, by sensor and instant */
  readonly pings: readonly [sensorIds: string, instants: string, flowrates: string];
}

const step: typeof linearVolume = (flowrate, _, gap) => stepVolume(flowrate, gap);

/** Of segments whose gap is at most the max gap, or greater. */
const VOLUMES = Object.entries({
  measured_linear_volume: ['<=', linearVolume],
  measured_step_volume: ['<=', step],
  outage_linear_volume: ['>', linearVolume],
  outage_step_volume: ['>', step],
} as const);

/**
 * Adds appended pings to the summaries of sensors whose new pings are all in an hour that has some already. All that
 * changes is then that hour and, in each summary above it, the last child: no segment leads from one summary to
 * another. The result is the same to the last bit as that of `appendToSummaries`, and takes a plan without any of what
 * begins or merges summaries. Sensors that it is not for are left to that.
 *
 * @returns a WITH clause, of whose query `GROWN` the rows are the sensors whose summaries are complete then (sensor_id)
 */
export function growSummaries(parameters: GrownParameters): string {
  return `
    WITH grown_${HOUR} AS (
      UPDATE ping_summary u SET ping_count = u.ping_count + g.ping_count, last_at = g.last_at, last_flowrate = g.last_flowrate,
        ${VOLUMES.map(([column]) => `${column} = g.${column}`).join(', ')},
        covered_ms = u.covered_ms + g.covered_ms, longest_gap_ms = greatest(u.longest_gap_ms, g.longest_gap_ms),
        min_flowrate = least(g.min_flowrate, u.min_flowrate), max_flowrate = greatest(g.max_flowrate, u.max_flowrate),
        flowrate_sum = g.flowrate_sum
      FROM (${hours(parameters)}) AS g
      WHERE u.sensor_id = g.sensor_id AND u.level = ${HOUR} AND u.start = g.start
      RETURNING ${RETURNED}
    ),${LEVELS_ABOVE_HOURS.map(grown).join(',')}`;
}

/**
 * What the new pings make of each hour: sums go on from those stored, in the order of time, in which the window leaves
 * the pings; so nothing may sort them again before they are added up.
 */
function hours({ sensors, pings }: GrownParameters): string {
  const sums = VOLUMES.map(
    ([column, [than, volume]]) => `
        sum(CASE WHEN k.is_first THEN k.${column} ELSE 0 END
          + CASE WHEN k.gap_ms ${than} k.max_gap_ms THEN ${volume('k.last_flowrate', 'k.flowrate', 'k.gap_ms')} ELSE 0 END) AS ${column},`,
  );
  return `
      SELECT k.sensor_id, min(k.start) AS start, count(*) AS ping_count,
        max(k.at) AS last_at, min(k.flowrate) FILTER (WHERE k.is_last) AS last_flowrate,${sums.join('')}
        coalesce(sum(k.gap_ms) FILTER (WHERE k.gap_ms <= k.max_gap_ms), 0)::bigint AS covered_ms,
        max(k.gap_ms)::bigint AS longest_gap_ms, min(k.flowrate) AS min_flowrate, max(k.flowrate) AS max_flowrate,
        sum(CASE WHEN k.is_first THEN k.flowrate_sum + k.flowrate ELSE k.flowrate END) AS flowrate_sum
      FROM (
        SELECT s.*, ${milliseconds('s.last_at', 's.at')} AS gap_ms, (${maxGapAt('s.last_at')}) * 1000::float8 AS max_gap_ms
        FROM (
          SELECT h.sensor_id, h.start, k.at, k.flowrate, ${VOLUMES.map(([column]) => `h.${column}`).join(', ')}, h.flowrate_sum,
            lag(k.at, 1, h.last_at) OVER in_time AS last_at, lag(k.flowrate, 1, h.last_flowrate) OVER in_time AS last_flowrate,
            lag(k.at) OVER in_time IS NULL AS is_first, lead(k.at) OVER in_time IS NULL AS is_last,
            s.max_gap, s.earlier_max_gaps, s.max_gap_changed_at
          FROM unnest(${sensors.join(', ')}) AS o (sensor_id, first_at, last_at)
          JOIN flow_sensor s ON s.id = o.sensor_id
          JOIN ping_summary h ON h.sensor_id = o.sensor_id AND h.level = ${HOUR}
            AND h.start = ${levelStart(HOUR, 'o.last_at')} AND h.start <= o.first_at
          JOIN unnest(${pings.join(', ')}) AS k (sensor_id, at, flowrate) ON k.sensor_id = o.sensor_id
          WINDOW in_time AS (PARTITION BY h.sensor_id ORDER BY k.at)
        ) AS s
      ) AS k
      GROUP BY k.sensor_id`;
}

export const GROWN = `grown_${ALL}`;

const RETURNED = ['sensor_id', 'last_at', 'last_flowrate', ...KEPT]
  .map((column) => `u.${column}`)
  .join(', ');

/** One level above, of which what its children before the last one come to is kept. */
function grown(level: Level): string {
  return `
    grown_${level} AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ${KEPT.map((column, index) => `${column} = ${together(column, `u.before_last[${index + 1}]`)}`).join(', ')},
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM grown_${level - 1} AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = ${level} AND u.start = ${levelStart(level, 'l.last_at')}
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING ${RETURNED}
    )`;
}

function together(column: PieceColumn, before: string): string {
  return TOGETHER[column]!(before, `l.${column}`);
}
