import type { Statement } from '../../postgres/database.js';
import { SEVERITY } from '../../pings/quality.js';
import { IS_FLAGGED } from '../../pings/sql/write-pings.js';
import { HOUR, levelStart } from '../../summaries/sql/level.js';

/*
 * Statements on the transaction's temporary table
 * staged_ping (sensor_id int, datetime timestamptz(3), flowrate float8, index int, quality smallint). The
 * severity is null where the file says nothing of it: then it is that of the stored ping, if that has
 * the flowrate, or else good.
 */

/**
 * Whether staged ping `s` differs from the stored ping `p`. One that a check made uncertain may be in
 * a file as the good one that it came as.
 */
const DIFFERS = `(p.flowrate <> s.flowrate OR (s.quality <> ${SEVERITY}
      AND NOT (p.quality = 64 AND s.quality = 192 AND ${IS_FLAGGED})))`;

/** What is stored of the severity of staged ping `s`. */
const STORED_QUALITY = 'nullif(s.quality, 192)';

/**
 * Inserts the staged pings whose instants are free, of several at one instant the first, and returns
 * how many of each sensor. The
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
      INSERT INTO ping (sensor_id, datetime, flowrate, quality, recorded_at)
      SELECT s.sensor_id, s.datetime, s.flowrate, ${STORED_QUALITY}, $1::timestamptz FROM (
        SELECT *, row_number() OVER (PARTITION BY sensor_id, datetime ORDER BY index) AS place
        FROM staged_ping
      ) AS s
      LEFT JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime
      WHERE s.place = 1 AND p.sensor_id IS NULL
      RETURNING id, sensor_id, datetime, flowrate, quality, recorded_at
    ),
    logged AS (
      INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, new_flowrate,
        new_quality, revised_by, reason_code, reason, revised_at)
      SELECT 'INSERT', i.sensor_id, i.datetime, i.id, i.recorded_at, i.flowrate, i.quality, $4, $5, $6, i.recorded_at
      FROM inserted i
      JOIN unnest($2::int[], $3::timestamptz[]) AS l (sensor_id, late_before)
        ON i.sensor_id = l.sensor_id AND i.datetime < l.late_before
      ORDER BY i.sensor_id, i.datetime
    )
    SELECT sensor_id, count(*)::float8 AS count, min(id) AS first_id, max(id) AS last_id FROM inserted
    GROUP BY sensor_id`,
};

/**
 * Inserts staged pings that are known to be new and in the order of the primary key. This takes
 * less than half of the time, because they need not be sorted, compared with each other or searched
 * for. $1 timestamptz when they are recorded
 */
export const appendStaged: Statement = {
  name: 'append_staged',
  text: `
    INSERT INTO ping (sensor_id, datetime, flowrate, quality, recorded_at)
    SELECT sensor_id, datetime, flowrate, ${STORED_QUALITY}, $1::timestamptz FROM staged_ping s`,
};

/**
 * Staged pings that differ from the ping at their instant that was stored before. $1 int max. rows,
 * $2 $3 bigint ids between which the pings just inserted lie, or null
 */
export const stagedConflicts: Statement = {
  name: 'staged_conflicts',
  text: `
    SELECT s.index, s.sensor_id, round(date_part('epoch', s.datetime) * 1000) AS at, p.flowrate,
      p.flowrate = s.flowrate AS of_quality, coalesce(p.quality, 192) AS severity, count(*) OVER ()::float8 AS total
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND ${DIFFERS}
    WHERE (p.id BETWEEN $2 AND $3) IS NOT TRUE
    ORDER BY s.index LIMIT $1`,
};

/**
 * The number of staged pings of each sensor that differ from the ping at their instant that was
 * stored before. $1 $2 bigint ids between which the pings just inserted lie, or null
 */
export const countStagedConflicts: Statement = {
  name: 'count_staged_conflicts',
  text: `
    SELECT s.sensor_id, count(*)::float8 AS count
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND ${DIFFERS}
    WHERE (p.id BETWEEN $1 AND $2) IS NOT TRUE
    GROUP BY s.sensor_id`,
};

/**
 * Staged pings that are later than the retirement of their sensor, or earlier than the end of its
 * thinned ones. $1 int max. rows
 */
export const stagedOutsideRecord: Statement = {
  name: 'staged_outside_record',
  text: `
    SELECT s.index, s.sensor_id, round(date_part('epoch', s.datetime) * 1000) AS at,
      round(date_part('epoch', f.retired_at) * 1000) AS retired_at,
      round(date_part('epoch', f.thinned_until) * 1000) AS thinned_until, count(*) OVER ()::float8 AS total
    FROM staged_ping s
    JOIN flow_sensor f ON f.id = s.sensor_id AND (f.retired_at < s.datetime OR f.thinned_until > s.datetime)
    ORDER BY s.index LIMIT $1`,
};

const REPEATED = `(
  SELECT *, first_value(index) OVER instant AS first_index,
    first_value(flowrate) OVER instant AS first_flowrate, first_value(quality) OVER instant AS first_quality
  FROM staged_ping WINDOW instant AS (PARTITION BY sensor_id, datetime ORDER BY index)
) AS s WHERE index > first_index`;

const DIFFERS_FROM_FIRST =
  '(flowrate <> first_flowrate OR coalesce(quality, 192) <> coalesce(first_quality, 192))';

/**
 * How many staged pings repeat an instant of their sensor, and the indexes of the first that does.
 */
export const stagedRepeats: Statement = {
  name: 'staged_repeats',
  text: `
    SELECT count(*)::float8 AS count,
      count(*) FILTER (WHERE ${DIFFERS_FROM_FIRST})::float8 AS differing,
      min(ARRAY[index, first_index]) AS indexes
    FROM ${REPEATED}`,
};

/** Staged pings that differ from the first one staged at their instant. $1 int max. rows */
export const stagedDifferences: Statement = {
  name: 'staged_differences',
  text: `
    SELECT index, first_index, sensor_id, round(date_part('epoch', datetime) * 1000) AS at,
      flowrate, first_flowrate, quality, first_quality
    FROM ${REPEATED} AND ${DIFFERS_FROM_FIRST}
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
 * Logs the flowrates and qualities that staged pings, one per instant, will replace. $1 text who, $2 text reason
 * code, $3 text comment, $4 timestamptz when
 */
export const logStagedCorrections: Statement = {
  name: 'log_staged_corrections',
  text: `
    INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate,
      old_quality, new_flowrate, new_quality, revised_by, reason_code, reason, revised_at)
    SELECT 'REPLACE', p.sensor_id, p.datetime, p.id, p.recorded_at, p.flowrate, p.quality, s.flowrate,
      ${STORED_QUALITY}, $1, $2, $3, $4::timestamptz
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND ${DIFFERS}
    ORDER BY p.sensor_id, p.datetime`,
};

/**
 * Gives stored pings the flowrates and qualities staged for their instants, and returns how many of
 * each sensor differed.
 */
export const correctStaged: Statement = {
  name: 'correct_staged',
  text: `
    WITH corrected AS (
      UPDATE ping p SET flowrate = s.flowrate, quality = ${STORED_QUALITY} FROM staged_ping s
      WHERE p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND ${DIFFERS}
      RETURNING p.sensor_id
    )
    SELECT sensor_id, count(*)::float8 AS count FROM corrected GROUP BY sensor_id`,
};

/** The hours of the staged pings, as the temporary table staged_hour (sensor_id, start). */
export const stageHours: Statement = {
  name: 'stage_hours',
  text: `
    CREATE TEMPORARY TABLE staged_hour ON COMMIT DROP AS
    SELECT DISTINCT sensor_id, ${levelStart(HOUR, 'datetime')} AS start FROM staged_ping`,
};
