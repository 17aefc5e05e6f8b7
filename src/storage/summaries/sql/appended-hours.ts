import { ALL, HOUR, LEVELS, levelStart } from './level.js';
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
 * What new pings make of hours that have some already, of sensors whose pings are in that hour (`is_whole`) or in it and the
 * next: sums go on from those stored, in the order of time, in which the window leaves the pings; so nothing may sort them
 * again before they are added up.
 */
export function hoursGrown(parameters: AppendedParameters): string {
  const stored = [...VOLUME_COLUMNS, 'flowrate_sum'];
  const list = (row: string) => stored.map((column) => `${row}.${column}`).join(', ');
  return hours(parameters, {
    summary: `
              SELECT h.start, h.last_at, h.last_flowrate, ${list('h')} FROM ping_summary h
              WHERE h.sensor_id = o.sensor_id AND h.level = ${HOUR} AND h.start = ${levelStart(HOUR, 'o.first_new_at')}`,
    sensors: `o.last_new_at < a.start + 2 * ${WIDTH}`,
    pings: `o.at < o.start + ${WIDTH}`,
    columns: `lag(o.at, 1, o.last_at) OVER in_time AS last_at, lag(o.flowrate, 1, o.last_flowrate) OVER in_time AS last_flowrate,
            ${list('o')}`,
    before: (column) => `CASE WHEN k.is_first THEN k.${column} ELSE 0 END + `,
  });
}

/** What the new pings make of hours after that of the sensor's last ping, where the others are in that and the hours adjoin. */
export function hoursBegun(parameters: AppendedParameters): string {
  const [first, last] = ['o.first_new_at', 'o.last_new_at'].map((at) => levelStart(HOUR, at));
  return hours(parameters, {
    summary: `
              SELECT ${last} AS start, coalesce(a.last_at, '-infinity') AS last_at FROM ping_summary a
              WHERE a.sensor_id = o.sensor_id AND a.level = ${ALL}`,
    sensors: `a.last_at < a.start AND (${first} = a.start OR (a.last_at >= ${first} AND ${first} + ${WIDTH} = a.start))`,
    pings: 'o.at >= o.start',
    columns: 'lag(o.at) OVER in_time AS last_at, lag(o.flowrate) OVER in_time AS last_flowrate',
    before: () => '',
  });
}

const WIDTH = `interval '${LEVELS[HOUR].width}'`;

/** Which hours of the sensors, and what they begin with; all as SQL. */
interface HoursParts {
  /** a query for one row `a` of sensor `o`, with the start of the hour */
  readonly summary: string;
  /** which sensors `o`, with their row `a` */
  readonly sensors: string;
  /** which pings, beside the columns of their sensor's row in `o`; null where that is */
  readonly pings: string;
  /** of each ping: the ping before it, what is stored */
  readonly columns: string;
  /** what the sum of a column begins with at the first ping, followed by + */
  readonly before: (column: string) => string;
}

// With OFFSET 0 a summary is looked up once for each sensor, by its whole key, even where PostgreSQL knows nothing of the table
// yet. A full join is never a nested loop, which would compare each ping with each sensor; pings of other sensors drop out by
// their nulls.
function hours({ sensors, pings }: AppendedParameters, parts: HoursParts): string {
  const sums = Object.entries(SEGMENT).map(
    ([column, volume]) => `
        sum(${parts.before(column)}${volume}) AS ${column},`,
  );
  return `
      SELECT k.sensor_id, min(k.start) AS start, count(*) AS ping_count,
        min(k.at) AS first_at, min(k.flowrate) FILTER (WHERE k.is_first) AS first_flowrate,
        max(k.at) AS last_at, min(k.flowrate) FILTER (WHERE k.is_last) AS last_flowrate,${sums.join('')}
        coalesce(sum(k.gap_ms) FILTER (WHERE k.gap_ms <= k.max_gap_ms), 0)::bigint AS covered_ms,
        coalesce(max(k.gap_ms), 0)::bigint AS longest_gap_ms, min(k.flowrate) AS min_flowrate, max(k.flowrate) AS max_flowrate,
        sum(${parts.before('flowrate_sum')}k.flowrate) AS flowrate_sum,
        bool_and(k.is_whole) AS is_whole
      FROM (
        SELECT s.*, ${milliseconds('s.last_at', 's.at')} AS gap_ms, (${maxGapAt('s.last_at')}) * 1000::float8 AS max_gap_ms
        FROM (
          SELECT o.sensor_id, o.at, o.flowrate, o.start, o.is_whole, ${parts.columns},
            lag(o.at) OVER in_time IS NULL AS is_first, lead(o.at) OVER in_time IS NULL AS is_last,
            o.max_gap, o.earlier_max_gaps, o.max_gap_changed_at
          FROM (
            SELECT o.*, k.at, k.flowrate
            FROM (
              SELECT o.sensor_id, a.*, o.last_new_at < a.start + ${WIDTH} AS is_whole, s.max_gap, s.earlier_max_gaps, s.max_gap_changed_at
              FROM unnest(${sensors.join(', ')}) AS o (sensor_id, first_new_at, last_new_at)
              JOIN flow_sensor s ON s.id = o.sensor_id
              CROSS JOIN LATERAL (${parts.summary}
                OFFSET 0
              ) AS a
              WHERE ${parts.sensors}
              OFFSET 0
            ) AS o
            FULL JOIN unnest(${pings.join(', ')}) AS k (sensor_id, at, flowrate) ON k.sensor_id = o.sensor_id
            OFFSET 0
          ) AS o
          WHERE ${parts.pings}
          WINDOW in_time AS (PARTITION BY o.sensor_id ORDER BY o.at)
        ) AS s
      ) AS k
      GROUP BY k.sensor_id`;
}
