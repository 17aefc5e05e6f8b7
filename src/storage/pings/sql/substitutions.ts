import type { Statement } from '../../postgres/database.js';
import { COUNTS } from '../quality.js';
import { PING_ROW } from '../ping-row.js';
import { isUncorrected } from './substitutes.js';
import { IS_TOTALIZER_OF } from './totalizers.js';

const inMs = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

const COLUMNS = `n.sensor_id, n.id, ${inMs('n.start')} AS start, ${inMs('n."end"')} AS "end", n.method, n.value,
  n.calculation, cardinality(n.replaced_ids) AS replaced, n.substitute_count AS substitutes, n.reason_code,
  n.comment, n.made_by, ${inMs('n.made_at')} AS made_at, n.reversed_by, ${inMs('n.reversed_at')} AS reversed_at,
  n.reversal_reason_code, n.reversal_comment`;

/**
 * The readings around a range that count: the last one before it, and the first one at or after its
 * end. $1 int sensor id, $2, $3 timestamptz range
 */
export const surroundingPings: Statement = {
  name: 'surrounding_pings',
  text: `
    (SELECT ${PING_ROW} FROM ping p
      WHERE p.sensor_id = $1 AND p.datetime < $2 AND ${COUNTS} ORDER BY p.datetime DESC LIMIT 1)
    UNION ALL
    (SELECT ${PING_ROW} FROM ping p
      WHERE p.sensor_id = $1 AND p.datetime >= $3 AND ${COUNTS} ORDER BY p.datetime LIMIT 1)`,
};

/** The ids of a range's pings, and whether there is one at its end. $1 int sensor id, $2, $3 timestamptz range */
export const replacedPings: Statement = {
  name: 'replaced_pings',
  text: `
    SELECT coalesce(array_agg(p.id) FILTER (WHERE p.datetime < $3), '{}')::text[] AS ids,
      coalesce(bool_or(p.datetime = $3), false) AS is_end_taken
    FROM ping p WHERE p.sensor_id = $1 AND p.datetime >= $2 AND p.datetime <= $3`,
};

/**
 * $1 int sensor id, $2, $3 timestamptz range, $4 text method, $5 float8 value or null, $6 jsonb
 * calculation, $7 bigint[] replaced pings, $8 text reason code, $9 text comment or null, $10 text who,
 * $11 timestamptz when; pairwise $12 timestamptz[] instants, $13 bigint[] ids of the substitutes
 */
export const logSubstitution: Statement = {
  name: 'log_substitution',
  text: `
    WITH n AS (
      INSERT INTO ping_substitution (sensor_id, start, "end", method, value, calculation, replaced_ids,
        reason_code, comment, made_by, made_at, substitute_count)
      VALUES ($1, $2, $3, $4::substitution_method, $5, $6, $7::bigint[], $8, $9, $10, $11, cardinality($13::bigint[]))
      RETURNING *
    ),
    marked AS (
      INSERT INTO substituted_ping (sensor_id, datetime, ping_id, substitution_id)
      SELECT n.sensor_id, k.datetime, k.id, n.id
      FROM n CROSS JOIN unnest($12::timestamptz[], $13::bigint[]) AS k (datetime, id)
    )
    SELECT ${COLUMNS} FROM n`,
};

/** The newest substitutions of sensors. $1 int account id, $2 int[] sensor ids, $3 int most a sensor */
export const substitutions: Statement = {
  name: 'substitutions',
  text: `
    SELECT n.* FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM ping_substitution n WHERE n.sensor_id = s.id ORDER BY n.id DESC LIMIT $3
    ) AS n
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY n.sensor_id, n.id DESC`,
};

/** $1 int sensor id, $2 bigint id */
export const substitution: Statement = {
  name: 'substitution',
  text: `SELECT ${COLUMNS} FROM ping_substitution n WHERE n.sensor_id = $1 AND n.id = $2`,
};

/**
 * The substitutes that are still stored and have not been corrected, and how many other pings their
 * range has. $1 int sensor id, $2 bigint substitution
 */
export const storedSubstitutes: Statement = {
  name: 'stored_substitutes',
  text: `
    SELECT ${PING_ROW}
    FROM flow_sensor s
    JOIN substituted_ping sp ON sp.sensor_id = s.id AND sp.substitution_id = $2
    JOIN ping p ON p.sensor_id = s.id AND p.datetime = sp.datetime AND p.id = sp.ping_id
    WHERE s.id = $1 AND ${isUncorrected('p')}
    ORDER BY p.datetime`,
};

/** Logs and deletes pings. $1 int sensor id, $2 timestamptz[] instants, $3 text who, $4 text reason code, $5 text comment, $6 timestamptz when */
export const removePings: Statement = {
  name: 'remove_pings',
  text: `
    WITH removed AS (
      DELETE FROM ping WHERE sensor_id = $1 AND datetime = ANY($2::timestamptz[]) RETURNING *
    ),
    totalizers AS (
      DELETE FROM ping_totalizer WHERE sensor_id = $1 AND datetime = ANY($2::timestamptz[]) RETURNING *
    )
    INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate,
      old_quality, old_totalizer, revised_by, reason_code, reason, revised_at)
    SELECT 'DELETE', p.sensor_id, p.datetime, p.id, p.recorded_at, p.flowrate, p.quality, t.totalizer,
      $3, $4, $5, $6::timestamptz
    FROM removed p LEFT JOIN totalizers t ON ${IS_TOTALIZER_OF} ORDER BY p.datetime`,
};

/**
 * What a substitution replaced, at instants that have no ping now: (at, flowrate, quality, totalizer). $1 int
 * sensor id, $2 bigint substitution
 */
export const replacedReadings: Statement = {
  name: 'replaced_readings',
  text: `
    SELECT ${inMs('r.datetime')} AS at, r.old_flowrate AS flowrate, r.old_quality AS quality, r.old_totalizer AS totalizer
    FROM ping_substitution n
    JOIN ping_revision r ON r.sensor_id = n.sensor_id AND r.datetime >= n.start AND r.datetime < n."end"
    WHERE n.sensor_id = $1 AND n.id = $2 AND r.update_type = 'DELETE' AND r.revised_at = n.made_at
      AND r.ping_id = ANY(n.replaced_ids)
      AND NOT EXISTS (SELECT 1 FROM ping p WHERE p.sensor_id = r.sensor_id AND p.datetime = r.datetime)
    ORDER BY r.datetime`,
};

/** $1 int sensor id, $2 bigint id, $3 text who, $4 timestamptz when, $5 text reason code, $6 text comment or null */
export const logReversal: Statement = {
  name: 'log_reversal',
  text: `
    WITH n AS (
      UPDATE ping_substitution SET reversed_by = $3, reversed_at = $4, reversal_reason_code = $5,
        reversal_comment = $6
      WHERE sensor_id = $1 AND id = $2 RETURNING *
    )
    SELECT ${COLUMNS} FROM n`,
};

/**
 * How pings came about: those of substitutions by the method, those that a person corrected. Pings that
 * were measured have no row.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] instants, $4 bigint[] ping ids, pairwise
 */
export const pingMethods: Statement = {
  name: 'ping_methods',
  text: `
    SELECT k.id, n.method, n.method IS NULL OR NOT ${isUncorrected('k')} AS is_edited
    FROM flow_sensor s
    JOIN unnest($2::int[], $3::timestamptz[], $4::bigint[]) AS k (sensor_id, datetime, id) ON k.sensor_id = s.id
    LEFT JOIN substituted_ping sp ON sp.sensor_id = s.id AND sp.datetime = k.datetime AND sp.ping_id = k.id
    LEFT JOIN ping_substitution n ON n.sensor_id = s.id AND n.id = sp.substitution_id
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND (n.id IS NOT NULL OR EXISTS (
      SELECT 1 FROM ping_revision r WHERE r.sensor_id = s.id AND r.datetime = k.datetime AND r.ping_id = k.id
        AND r.update_type = 'REPLACE' AND r.old_flowrate <> r.new_flowrate
        AND (r.revised_by LIKE 'user:%' OR r.revised_by LIKE 'operator%')))`,
};
