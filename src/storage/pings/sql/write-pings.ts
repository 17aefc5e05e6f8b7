import type { Statement } from '../../postgres/database.js';
import { PING_ROW } from '../ping-row.js';
import { IS_TOTALIZER_OF } from './totalizers.js';

/** Whether a check made ping `p` uncertain, which is not settled yet. */
export const IS_FLAGGED = `EXISTS (SELECT 1 FROM ping_flag f
      WHERE f.sensor_id = p.sensor_id AND f.datetime = p.datetime AND f.ping_id = p.id AND f.status = 'OPEN')`;

/** The pings stored at some instants, and whether they are flagged. $1 int[] sensor ids, $2 timestamptz[] instants, pairwise */
export const existingPings: Statement = {
  name: 'existing_pings',
  text: `
    SELECT ${PING_ROW}, p.quality = 64 AND ${IS_FLAGGED} AS is_flagged
    FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, datetime)
    JOIN ping p ON p.sensor_id = k.sensor_id AND p.datetime = k.datetime`,
};

/**
 * $1 int[] sensor ids, $2 timestamptz[] instants, $3 float8[] bbl/d, $4 bigint[] ids, pairwise; $5
 * timestamptz when they are recorded
 */
export const insertPings: Statement = {
  name: 'insert_pings',
  text: `
    INSERT INTO ping (sensor_id, datetime, flowrate, id, recorded_at)
    SELECT k.*, $5::timestamptz
    FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::bigint[]) AS k`,
};

/** The same of pings that are not all good. $6 smallint[] severities, null of good ones */
export const insertPingsOfQuality: Statement = {
  name: 'insert_pings_of_quality',
  text: `
    INSERT INTO ping (sensor_id, datetime, flowrate, id, quality, recorded_at)
    SELECT k.*, $5::timestamptz
    FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::bigint[], $6::smallint[]) AS k`,
};

/**
 * $1 int[] sensor ids, $2 timestamptz[] instants, $3 float8[] new flowrates, $4 smallint[] new
 * severities, null of good ones, pairwise and distinct
 */
export const correctPings: Statement = {
  name: 'correct_pings',
  text: `
    UPDATE ping p SET flowrate = k.flowrate, quality = k.quality
    FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::smallint[])
      AS k (sensor_id, datetime, flowrate, quality)
    WHERE p.sensor_id = k.sensor_id AND p.datetime = k.datetime AND p.sensor_id = ANY($1::int[])`,
};

const REVISION_COLUMNS = `sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate, new_flowrate,
      revised_by, reason_code, reason, old_quality, new_quality`;
const REVISION_PARAMETERS = `$1::int[], $2::timestamptz[], $3::bigint[], $4::timestamptz[], $5::float8[],
      $6::float8[], $7::text[], $8::text[], $9::text[], $10::smallint[], $11::smallint[]`;

function logOfRevisions(columns: string, parameters: string): string {
  return `
    INSERT INTO ping_revision (update_type, revised_at, ${columns})
    SELECT CASE WHEN k.old_flowrate IS NULL THEN 'INSERT' ELSE 'REPLACE' END::history_update_type,
      $12::timestamptz, k.*
    FROM unnest(${parameters}) AS k (${columns})`;
}

/**
 * Logs late insertions and corrections. $1 int[] sensor ids, $2 timestamptz[] instants, $3 bigint[]
 * ping ids, $4 timestamptz[] when those were recorded, $5 float8[] old flowrates, null of
 * insertions, $6 float8[] new flowrates, $7 text[] who, $8 text[] reason codes, $9 text[] comments,
 * $10, $11 smallint[] old and new severities, null of good ones, pairwise; $12 timestamptz when
 */
export const logRevisions: Statement = {
  name: 'log_revisions',
  text: logOfRevisions(REVISION_COLUMNS, REVISION_PARAMETERS),
};

/** The same where totalizers change. $13, $14 float8[] old and new totalizers, null where they do not */
export const logRevisionsOfTotalizers: Statement = {
  name: 'log_revisions_of_totalizers',
  text: logOfRevisions(
    `${REVISION_COLUMNS}, old_totalizer, new_totalizer`,
    `${REVISION_PARAMETERS}, $13::float8[], $14::float8[]`,
  ),
};

/**
 * Logs what a deletion removes. $1 int sensor id, $2, $3 timestamptz range, $4 text who, $5 text
 * reason code, $6 text comment, $7 timestamptz when
 */
export const logDeletions: Statement = {
  name: 'log_deletions',
  text: `
    INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate,
      old_quality, old_totalizer, revised_by, reason_code, reason, revised_at)
    SELECT 'DELETE', p.sensor_id, p.datetime, p.id, p.recorded_at, p.flowrate, p.quality, t.totalizer,
      $4, $5, $6, $7::timestamptz
    FROM ping p
    LEFT JOIN ping_totalizer t ON ${IS_TOTALIZER_OF} AND t.sensor_id = $1 AND t.datetime >= $2 AND t.datetime < $3
    WHERE p.sensor_id = $1 AND p.datetime >= $2 AND p.datetime < $3
    ORDER BY p.datetime`,
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
