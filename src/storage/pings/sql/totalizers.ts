import type { Statement } from '../../postgres/database.js';

/** Whether the row `t` of ping_totalizer is that of ping `p`. */
export const IS_TOTALIZER_OF = `t.sensor_id = p.sensor_id AND t.datetime = p.datetime AND t.ping_id = p.id`;

/**
 * The totalizers of the pings at some instants: (sensor_id, at, totalizer), milliseconds since 1970, bbl.
 * $1 int[] sensor ids, $2 timestamptz[] instants, pairwise
 */
export const storedTotalizers: Statement = {
  name: 'stored_totalizers',
  text: `
    SELECT p.sensor_id, round(date_part('epoch', p.datetime) * 1000) AS at, t.totalizer
    FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, datetime)
    JOIN ping p ON p.sensor_id = k.sensor_id AND p.datetime = k.datetime
    JOIN ping_totalizer t ON ${IS_TOTALIZER_OF}`,
};

/**
 * Stores totalizers, in place of those that are there. $1 int[] sensor ids, $2 timestamptz[] instants,
 * $3 float8[] bbl, $4 bigint[] ping ids, pairwise and distinct
 */
export const writeTotalizers: Statement = {
  name: 'write_totalizers',
  text: `
    INSERT INTO ping_totalizer (sensor_id, datetime, totalizer, ping_id)
    SELECT k.* FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::bigint[]) AS k
    ON CONFLICT (sensor_id, datetime) DO UPDATE SET totalizer = EXCLUDED.totalizer, ping_id = EXCLUDED.ping_id`,
};

/** $1 int sensor id, $2, $3 timestamptz range */
export const deleteTotalizers: Statement = {
  name: 'delete_totalizers',
  text: `
    DELETE FROM ping_totalizer t WHERE t.sensor_id = $1 AND t.datetime >= $2 AND t.datetime < $3`,
};

/** Deletes those whose pings are not stored any more. $1 int sensor id, $2, $3 timestamptz range */
export const deleteLeftTotalizers: Statement = {
  name: 'delete_left_totalizers',
  text: `
    DELETE FROM ping_totalizer t WHERE t.sensor_id = $1 AND t.datetime >= $2 AND t.datetime < $3
      AND NOT EXISTS (SELECT 1 FROM ping p WHERE p.sensor_id = $1 AND ${IS_TOTALIZER_OF})`,
};

/**
 * The totalizers of pings that are stored, by id (bbl). $1 int account id, $2 int[] sensor ids, $3
 * timestamptz[] instants, $4 bigint[] ping ids, pairwise
 */
export const pingTotalizers: Statement = {
  name: 'ping_totalizers',
  text: `
    SELECT p.id, t.totalizer
    FROM flow_sensor s
    JOIN unnest($2::int[], $3::timestamptz[], $4::bigint[]) AS k (sensor_id, datetime, id) ON k.sensor_id = s.id
    JOIN ping p ON p.sensor_id = s.id AND p.datetime = k.datetime AND p.id = k.id
    JOIN ping_totalizer t ON ${IS_TOTALIZER_OF}
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};
