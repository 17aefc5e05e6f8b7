import type { Statement } from '../../postgres/database.js';
import { ALL, HOUR, LEVELS } from '../../summaries/sql/level.js';
import { LEAST_MAX_GAP } from '../../summaries/sql/max-gap.js';

const { width } = LEVELS[HOUR];

/** $1 int account id, $2 timestamptz instant: sensors that have earlier pings, by id */
export const sensorsWithPingsBefore: Statement = {
  name: 'sensors_with_pings_before',
  text: `
    SELECT s.id
    FROM flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}
    WHERE s.account_id = $1 AND a.first_at < $2 AND (s.thinned_until IS NULL OR s.thinned_until < $2)
    ORDER BY s.id`,
};

/** Milliseconds since 1970. $1 int account id, $2 int sensor id */
export const findSettings: Statement = {
  name: 'find_retention_settings',
  text: `
    SELECT round(date_part('epoch', thinned_until) * 1000) AS "thinnedUntil",
      round(date_part('epoch', closed_until) * 1000) AS "closedUntil"
    FROM flow_sensor WHERE account_id = $1 AND id = $2`,
};

/** The same, locked against changes. */
export const lockSettings: Statement = {
  name: 'lock_retention_settings',
  text: `${findSettings.text} FOR NO KEY UPDATE`,
};

/**
 * The instants at which volumes of the account's sensors are cut by themselves: where the method or
 * the meter factor of a sensor changes, or another one continues it. $1 int account id
 */
export const cutsOfAccount: Statement = {
  name: 'cuts_of_account',
  text: `
    SELECT coalesce(array_agg(at), '{}') AS cuts FROM (
      SELECT unnest(method_changed_at || max_gap_changed_at || meter_factor_changed_at) AS at FROM flow_sensor
      WHERE account_id = $1 AND coalesce(method_changed_at, max_gap_changed_at, meter_factor_changed_at) IS NOT NULL
      UNION
      SELECT continues_from FROM flow_sensor WHERE account_id = $1 AND continues_from IS NOT NULL
    ) AS instants`,
};

/**
 * The first hour of a range, milliseconds since 1970, that has pings beside its first and its last one.
 * $1 int sensor id, $2, $3 timestamptz range
 */
export const firstHourToThin: Statement = {
  name: 'first_hour_to_thin',
  text: `
    SELECT round(date_part('epoch', start) * 1000) AS start FROM ping_summary
    WHERE sensor_id = $1 AND level = ${HOUR} AND start >= $2 AND start < $3 AND ping_count > 2
    ORDER BY start LIMIT 1`,
};

/**
 * Which pings `p` of sensor `s` in [$2, $3) thinning removes. Of each hour it keeps the first and the last
 * ping that count, from which segments to other hours run, and what the hour's summary does not know:
 * pings that are not good. It keeps all pings of an hour that has an outage within, a substitute, or an
 * instant at which volumes are cut: those need more than its summary.
 */
const REMOVED = `
      p.sensor_id = s.id AND p.datetime > h.first_at AND p.datetime < h.last_at AND p.quality IS NULL
      AND h.sensor_id = s.id AND h.level = ${HOUR} AND h.start >= $2 AND h.start < $3 AND h.ping_count > 2
      AND h.longest_gap_ms <= (${LEAST_MAX_GAP}) * 1000::float8
      AND NOT EXISTS (SELECT 1 FROM unnest($4::timestamptz[]) AS cut
        WHERE cut > h.start AND cut < h.start + interval '${width}')
      AND NOT EXISTS (SELECT 1 FROM substituted_ping sp WHERE sp.sensor_id = s.id
        AND sp.datetime >= h.start AND sp.datetime < h.start + interval '${width}')`;

/** $1 int sensor id, $2, $3 timestamptz whole hours, $4 timestamptz[] cuts */
export const thinPings: Statement = {
  name: 'thin_pings',
  text: `
    WITH removed AS (
      DELETE FROM ping p USING flow_sensor s, ping_summary h
      WHERE s.id = $1 AND p.sensor_id = $1 AND ${REMOVED} RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM removed`,
};

/** How many that would remove. */
export const countPingsToThin: Statement = {
  name: 'count_pings_to_thin',
  text: `
    SELECT count(*)::float8 AS count FROM ping p, flow_sensor s, ping_summary h
    WHERE s.id = $1 AND ${REMOVED}`,
};

/** $1 int sensor id, $2 timestamptz until when its pings are thinned */
export const setThinnedUntil: Statement = {
  name: 'set_thinned_until',
  text: 'UPDATE flow_sensor SET thinned_until = $2 WHERE id = $1',
};

/** The periods of an account's statements that a sensor is in, by start. $1 int account id, $2 int sensor id */
export const statedPeriods: Statement = {
  name: 'stated_periods',
  text: `
    SELECT header::jsonb->>'start' AS start, header::jsonb->>'end' AS "end" FROM measurement_statement
    WHERE account_id = $1
      AND header::jsonb->'sensors' @> jsonb_build_array(jsonb_build_object('id', $2::int))
    ORDER BY (header::jsonb->>'start')::timestamptz`,
};
