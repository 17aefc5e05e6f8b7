import type { Statement } from '../../postgres/database.js';

/** The pings stored at some instants. $1 int[] sensor ids, $2 timestamptz[] instants, pairwise */
export const existingPings: Statement = {
  name: 'existing_pings',
  text: `
    SELECT p.id, p.sensor_id, round(date_part('epoch', p.datetime) * 1000) AS at, p.flowrate
    FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, datetime)
    JOIN ping p ON p.sensor_id = k.sensor_id AND p.datetime = k.datetime`,
};

/** $1 int[] sensor ids, $2 timestamptz[] instants, $3 float8[] bbl/d, $4 bigint[] ids, pairwise */
export const insertPings: Statement = {
  name: 'insert_pings',
  text: `
    INSERT INTO ping (sensor_id, datetime, flowrate, id)
    SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::bigint[])`,
};

/**
 * $1 int[] sensor ids, $2 timestamptz[] instants, $3 float8[] new flowrates, pairwise and distinct
 */
export const correctPings: Statement = {
  name: 'correct_pings',
  text: `
    UPDATE ping p SET flowrate = k.flowrate
    FROM unnest($1::int[], $2::timestamptz[], $3::float8[]) AS k (sensor_id, datetime, flowrate)
    WHERE p.sensor_id = k.sensor_id AND p.datetime = k.datetime AND p.sensor_id = ANY($1::int[])`,
};

/**
 * Logs what corrections replace. $1 int[] sensor ids, $2 timestamptz[] instants, $3 bigint[] ping
 * ids, $4 float8[] old, $5 float8[] new flowrates, $6 text[] who, $7 text[] reasons, pairwise
 */
export const logCorrections: Statement = {
  name: 'log_corrections',
  text: `
    INSERT INTO ping_revision (sensor_id, datetime, ping_id, old_flowrate, new_flowrate, revised_by, reason)
    SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::bigint[], $4::float8[], $5::float8[], $6::text[], $7::text[])`,
};

/**
 * Logs what a deletion removes. $1 int sensor id, $2, $3 timestamptz range, $4 text who, $5 text
 * reason
 */
export const logDeletions: Statement = {
  name: 'log_deletions',
  text: `
    INSERT INTO ping_revision (sensor_id, datetime, ping_id, old_flowrate, new_flowrate, revised_by, reason)
    SELECT sensor_id, datetime, id, flowrate, NULL, $4, $5 FROM ping
    WHERE sensor_id = $1 AND datetime >= $2 AND datetime < $3
    ORDER BY datetime`,
};

/** $1 int sensor id, $2, $3 timestamptz range */
export const deletePings: Statement = {
  name: 'delete_pings',
  text: `
    WITH deleted AS (
      DELETE FROM ping WHERE sensor_id = $1 AND datetime >= $2 AND datetime < $3 RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM deleted`,
};
