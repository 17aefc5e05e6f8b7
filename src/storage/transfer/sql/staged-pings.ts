import type { Statement } from '../../postgres/database.js';
import { HOUR, levelStart } from '../../summaries/sql/level.js';

/*
 * Statements on the transaction's temporary table
 * staged_ping (sensor_id int, datetime timestamptz(3), flowrate float8, index int).
 */

/**
 * Inserts the staged pings whose instants are free, of several at one instant the first. The
 * sensors are locked, so free instants stay free; ON CONFLICT would cost twice as much, because it
 * searches the index before each row and writes a row twice. Late ones are logged.
 *
 * $1 timestamptz when they are recorded; pairwise $2 int[] sensor ids, $3 timestamptz[] instants
 * before which a ping of the sensor is late; $4 text who, $5 text reason code, $6 text comment
 */
export const insertStaged: Statement = {
  name: 'insert_staged',
  text: `
    WITH inserted AS (
      INSERT INTO ping (sensor_id, datetime, flowrate, recorded_at)
      SELECT sensor_id, datetime, flowrate, $1::timestamptz FROM (
        SELECT *, row_number() OVER (PARTITION BY sensor_id, datetime ORDER BY index) AS place
        FROM staged_ping
      ) AS s
      WHERE place = 1
        AND NOT EXISTS (
          SELECT FROM ping p WHERE p.sensor_id = s.sensor_id AND p.datetime = s.datetime
        )
      RETURNING id, sensor_id, datetime, flowrate, recorded_at
    ),
    logged AS (
      INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, new_flowrate,
        revised_by, reason_code, reason, revised_at)
      SELECT 'INSERT', i.sensor_id, i.datetime, i.id, i.recorded_at, i.flowrate, $4, $5, $6, i.recorded_at
      FROM inserted i
      JOIN unnest($2::int[], $3::timestamptz[]) AS l (sensor_id, late_before)
        ON i.sensor_id = l.sensor_id AND i.datetime < l.late_before
      ORDER BY i.sensor_id, i.datetime
    )
    SELECT count(*)::float8 AS count, min(id) AS first_id, max(id) AS last_id FROM inserted`,
};

/**
 * Inserts staged pings that are known to be new and in the order of the primary key. This takes
 * less than half of the time, because they need not be sorted, compared with each other or searched
 * for. $1 timestamptz when they are recorded
 */
export const appendStaged: Statement = {
  name: 'append_staged',
  text: `
    INSERT INTO ping (sensor_id, datetime, flowrate, recorded_at)
    SELECT sensor_id, datetime, flowrate, $1::timestamptz FROM staged_ping`,
};

/**
 * Staged pings that differ from the ping at their instant that was stored before. $1 int max. rows,
 * $2 $3 bigint ids between which the pings just inserted lie, or null
 */
export const stagedConflicts: Statement = {
  name: 'staged_conflicts',
  text: `
    SELECT s.index, s.sensor_id, round(date_part('epoch', s.datetime) * 1000) AS at, p.flowrate,
      count(*) OVER ()::float8 AS total
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND p.flowrate <> s.flowrate
    WHERE (p.id BETWEEN $2 AND $3) IS NOT TRUE
    ORDER BY s.index LIMIT $1`,
};

/** Staged pings that are later than the retirement of their sensor. $1 int max. rows */
export const stagedAfterRetirement: Statement = {
  name: 'staged_after_retirement',
  text: `
    SELECT s.index, s.sensor_id, round(date_part('epoch', s.datetime) * 1000) AS at,
      round(date_part('epoch', f.retired_at) * 1000) AS retired_at, count(*) OVER ()::float8 AS total
    FROM staged_ping s
    JOIN flow_sensor f ON f.id = s.sensor_id AND f.retired_at < s.datetime
    ORDER BY s.index LIMIT $1`,
};

const REPEATED = `(
  SELECT *, first_value(index) OVER instant AS first_index,
    first_value(flowrate) OVER instant AS first_flowrate
  FROM staged_ping WINDOW instant AS (PARTITION BY sensor_id, datetime ORDER BY index)
) AS s WHERE index > first_index`;

/**
 * How many staged pings repeat an instant of their sensor, and the indexes of the first that does.
 */
export const stagedRepeats: Statement = {
  name: 'staged_repeats',
  text: `
    SELECT count(*)::float8 AS count,
      count(*) FILTER (WHERE flowrate <> first_flowrate)::float8 AS differing,
      min(ARRAY[index, first_index]) AS indexes
    FROM ${REPEATED}`,
};

/** Staged pings that differ from the first one staged at their instant. $1 int max. rows */
export const stagedDifferences: Statement = {
  name: 'staged_differences',
  text: `
    SELECT index, first_index, sensor_id, round(date_part('epoch', datetime) * 1000) AS at,
      flowrate, first_flowrate
    FROM ${REPEATED} AND flowrate <> first_flowrate
    ORDER BY index LIMIT $1`,
};

/** Of several staged pings at one instant, keeps only the last. */
export const keepLastStaged: Statement = {
  name: 'keep_last_staged',
  text: `
    DELETE FROM staged_ping s USING (
      SELECT ctid, row_number() OVER (PARTITION BY sensor_id, datetime ORDER BY index DESC) AS place
      FROM staged_ping
    ) AS ranked
    WHERE s.ctid = ranked.ctid AND ranked.place > 1`,
};

/**
 * Logs the flowrates that staged pings, one per instant, will replace. $1 text who, $2 text reason
 * code, $3 text comment, $4 timestamptz when
 */
export const logStagedCorrections: Statement = {
  name: 'log_staged_corrections',
  text: `
    INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate,
      old_quality, new_flowrate, revised_by, reason_code, reason, revised_at)
    SELECT 'REPLACE', p.sensor_id, p.datetime, p.id, p.recorded_at, p.flowrate, p.quality, s.flowrate, $1, $2, $3,
      $4::timestamptz
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND p.flowrate <> s.flowrate
    ORDER BY p.sensor_id, p.datetime`,
};

/** Gives stored pings the flowrates staged for their instants. */
export const correctStaged: Statement = {
  name: 'correct_staged',
  text: `
    WITH corrected AS (
      UPDATE ping p SET flowrate = s.flowrate, quality = NULL FROM staged_ping s
      WHERE p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND p.flowrate <> s.flowrate
      RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM corrected`,
};

/** The hours of the staged pings, as the temporary table staged_hour (sensor_id, start). */
export const stageHours: Statement = {
  name: 'stage_hours',
  text: `
    CREATE TEMPORARY TABLE staged_hour ON COMMIT DROP AS
    SELECT DISTINCT sensor_id, ${levelStart(HOUR, 'datetime')} AS start FROM staged_ping`,
};
