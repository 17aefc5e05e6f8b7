import { SEGMENT, VOLUME_COLUMNS, type AppendedParameters } from './appended-hours.js';
import { ALL, HOUR, levelStart } from './level.js';
import { maxGapAt } from './max-gap.js';
import { milliseconds } from './segment.js';

/*
 * What appended pings make of hours, as `hoursGrown` and `hoursBegun`, where each sensor has one: nothing is then to be put in
 * order or added up, which takes PostgreSQL longer to prepare than one ping takes to add.
 */

export function hoursGrownByOne(parameters: AppendedParameters): string {
  const sums = Object.entries(SEGMENT).map(
    ([column, volume]) => `k.${column} + ${volume} AS ${column}`,
  );
  // OFFSET 0 keeps the gap from being computed wherever it is used.
  return `
      SELECT k.sensor_id, k.start, 1 AS ping_count, k.at AS last_at, k.flowrate AS last_flowrate, ${sums.join(', ')},
        CASE WHEN k.gap_ms <= k.max_gap_ms THEN k.gap_ms ELSE 0 END::bigint AS covered_ms, k.gap_ms::bigint AS longest_gap_ms,
        k.flowrate AS min_flowrate, k.flowrate AS max_flowrate, k.flowrate_sum + k.flowrate AS flowrate_sum,
        true AS is_whole
      FROM (
        SELECT h.sensor_id, h.start, o.at, o.flowrate, h.last_flowrate, ${VOLUME_COLUMNS.map((column) => `h.${column}`).join(', ')}, h.flowrate_sum,
          ${milliseconds('h.last_at', 'o.at')} AS gap_ms, (${maxGapAt('h.last_at')}) * 1000::float8 AS max_gap_ms
        FROM ${pingOfEach(parameters)}
        JOIN flow_sensor s ON s.id = o.sensor_id
        CROSS JOIN LATERAL (
          SELECT * FROM ping_summary h WHERE h.sensor_id = o.sensor_id AND h.level = ${HOUR} AND h.start = ${levelStart(HOUR, 'o.at')} OFFSET 0
        ) AS h
        OFFSET 0
      ) AS k`;
}

export function hoursBegunByOne(parameters: AppendedParameters): string {
  const nothing = VOLUME_COLUMNS.map((column) => `0::float8 AS ${column}`);
  return `
      SELECT o.sensor_id, ${levelStart(HOUR, 'o.at')} AS start, 1 AS ping_count, o.at AS first_at, o.flowrate AS first_flowrate,
        o.at AS last_at, o.flowrate AS last_flowrate, ${nothing.join(', ')}, 0 AS covered_ms, 0 AS longest_gap_ms,
        o.flowrate AS min_flowrate, o.flowrate AS max_flowrate, o.flowrate AS flowrate_sum
      FROM ${pingOfEach(parameters)}
      JOIN ping_summary a ON a.sensor_id = o.sensor_id AND a.level = ${ALL}
        AND coalesce(a.last_at, '-infinity') < ${levelStart(HOUR, 'o.at')}`;
}

function pingOfEach({ sensors: [ids, instants], pings: [, , flowrates] }: AppendedParameters) {
  return `unnest(${ids}, ${instants}, ${flowrates}) AS o (sensor_id, at, flowrate)`;
}
