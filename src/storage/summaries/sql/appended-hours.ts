import { ALL, HOUR, levelStart } from './level.js';
import { maxGapAt } from './max-gap.js';
import { segmentVolumes } from './segment-volumes.js';
import { milliseconds } from './segment.js';

/** The array parameters, as SQL. */
export interface AppendedParameters {
  /** of each sensor, once: its id, and the instants of its first and its last new ping */
  readonly sensors: readonly [ids: string, first: string, last: string];
  /** of the new pings, by sensor and instant */
  readonly pings: readonly [sensorIds: string, instants: string, flowrates: string];
}

/** What the segment to ping `k` adds to its hour's volumes. */
export const SEGMENT = segmentVolumes('k', 'k.last_flowrate', 'k.flowrate');
export const VOLUME_COLUMNS = Object.keys(SEGMENT);

/**
 * What the new pings make of hours that have some already: sums go on from those stored, in the order of time, in which
 * the window leaves the pings; so nothing may sort them again before they are added up.
 */
export function hoursGrown({ sensors, pings }: AppendedParameters): string {
  const stored = [...VOLUME_COLUMNS, 'flowrate_sum'].map((column) => `h.${column}`).join(', ');
  return hours(
    (column) => `CASE WHEN k.is_first THEN k.${column} ELSE 0 END + `,
    `h.start, lag(k.at, 1, h.last_at) OVER in_time AS last_at, lag(k.flowrate, 1, h.last_flowrate) OVER in_time AS last_flowrate, ${stored}`,
    `unnest(${sensors.join(', ')}) AS o (sensor_id, first_at, last_at)
      JOIN flow_sensor s ON s.id = o.sensor_id
      JOIN ping_summary h ON h.sensor_id = o.sensor_id AND h.level = ${HOUR}
        AND h.start = ${levelStart(HOUR, 'o.last_at')} AND h.start <= o.first_at`,
    pings,
  );
}

/** What the new pings make of hours after that of the sensor's last ping, where all of a sensor's are in one. */
export function hoursBegun({ sensors, pings }: AppendedParameters): string {
  return hours(
    () => '',
    `${levelStart(HOUR, 'k.at')} AS start, lag(k.at) OVER in_time AS last_at, lag(k.flowrate) OVER in_time AS last_flowrate`,
    `unnest(${sensors.join(', ')}) AS o (sensor_id, first_at, last_at)
      JOIN flow_sensor s ON s.id = o.sensor_id
      JOIN ping_summary a ON a.sensor_id = o.sensor_id AND a.level = ${ALL}
        AND coalesce(a.last_at, '-infinity') < ${levelStart(HOUR, 'o.first_at')} AND ${levelStart(HOUR, 'o.first_at')} = ${levelStart(HOUR, 'o.last_at')}`,
    pings,
  );
}

/**
 * @param before what a sum begins with at the first ping, as SQL, followed by +
 * @param columns of each ping: the start of its hour, the ping before it, what is stored
 * @param sensors `o`, with `s` of each
 */
function hours(
  before: (column: string) => string,
  columns: string,
  sensors: string,
  pings: AppendedParameters['pings'],
): string {
  const sums = Object.entries(SEGMENT).map(
    ([column, volume]) => `
        sum(${before(column)}${volume}) AS ${column},`,
  );
  return `
      SELECT k.sensor_id, min(k.start) AS start, count(*) AS ping_count,
        min(k.at) AS first_at, min(k.flowrate) FILTER (WHERE k.is_first) AS first_flowrate,
        max(k.at) AS last_at, min(k.flowrate) FILTER (WHERE k.is_last) AS last_flowrate,${sums.join('')}
        coalesce(sum(k.gap_ms) FILTER (WHERE k.gap_ms <= k.max_gap_ms), 0)::bigint AS covered_ms,
        coalesce(max(k.gap_ms), 0)::bigint AS longest_gap_ms, min(k.flowrate) AS min_flowrate, max(k.flowrate) AS max_flowrate,
        sum(${before('flowrate_sum')}k.flowrate) AS flowrate_sum
      FROM (
        SELECT s.*, ${milliseconds('s.last_at', 's.at')} AS gap_ms, (${maxGapAt('s.last_at')}) * 1000::float8 AS max_gap_ms
        FROM (
          SELECT o.sensor_id, k.at, k.flowrate, ${columns},
            lag(k.at) OVER in_time IS NULL AS is_first, lead(k.at) OVER in_time IS NULL AS is_last,
            s.max_gap, s.earlier_max_gaps, s.max_gap_changed_at
          FROM ${sensors}
          JOIN unnest(${pings.join(', ')}) AS k (sensor_id, at, flowrate) ON k.sensor_id = o.sensor_id
          WINDOW in_time AS (PARTITION BY o.sensor_id ORDER BY k.at)
        ) AS s
      ) AS k
      GROUP BY k.sensor_id`;
}
