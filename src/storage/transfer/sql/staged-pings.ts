import type { Statement } from '../../postgres/database.js';
import { SEVERITY } from '../../pings/quality.js';
import { IS_TOTALIZER_OF } from '../../pings/sql/totalizers.js';
import { IS_FLAGGED } from '../../pings/sql/write-pings.js';
import { HOUR, levelStart } from '../../summaries/sql/level.js';

/*
 * Statements on the transaction's temporary table
 * staged_ping (sensor_id int, datetime timestamptz(3), flowrate float8, index int, quality smallint,
 * totalizer float8). The severity is null where the file says nothing of it: then it is that of the
 * stored ping, if that has the flowrate, or else good. So is the totalizer: then it is that of the
 * stored ping. It is NaN where the ping is to have none.
 *
 * Each is there twice: what files with totalizers need would make others slower.
 */

/** A statement for staged pings of which none has a totalizer, and for others. */
export interface StagedStatement {
  readonly plain: Statement;
  readonly totalized: Statement;
}

/** What the statement for one of the two is made of. */
interface Parts {
  readonly isTotalized: boolean;
  /** joins the totalizer `t` of the stored ping `p` */
  readonly join: string;
  /** whether staged ping `s` differs from the stored ping `p` */
  readonly differs: string;
  /** the severity that staged ping `s` gives the stored ping `p` */
  readonly newQuality: string;
}

function staged(name: string, text: (parts: Parts) => string): StagedStatement {
  const of = (parts: Parts) => ({
    name: parts.isTotalized ? `${name}_totalized` : name,
    text: text(parts),
  });
  return { plain: of(PLAIN), totalized: of(TOTALIZED) };
}

/** What is stored of the severity of staged ping `s`. */
const STORED_QUALITY = 'nullif(s.quality, 192)';

/** One that a check made uncertain may be in a file as the good one that it came as. */
const IS_AS_IT_CAME = `(p.quality = 64 AND s.quality = 192 AND ${IS_FLAGGED})`;
const DIFFERS = `p.flowrate <> s.flowrate OR (s.quality <> ${SEVERITY} AND NOT ${IS_AS_IT_CAME})`;

const PLAIN: Parts = {
  isTotalized: false,
  join: '',
  differs: `(${DIFFERS})`,
  newQuality: STORED_QUALITY,
};

const NEW_TOTALIZER = "nullif(s.totalizer, 'NaN')";
const IS_TOTALIZER_CHANGED = `(s.totalizer IS NOT NULL AND ${NEW_TOTALIZER} IS DISTINCT FROM t.totalizer)`;

// Another totalizer alone says nothing of the quality.
const TOTALIZED: Parts = {
  isTotalized: true,
  join: `LEFT JOIN ping_totalizer t ON ${IS_TOTALIZER_OF}`,
  differs: `(${DIFFERS} OR ${IS_TOTALIZER_CHANGED})`,
  newQuality: `CASE WHEN p.flowrate = s.flowrate AND (s.quality IS NULL OR ${IS_AS_IT_CAME}) THEN p.quality
      ELSE ${STORED_QUALITY} END`,
};

/** Staged pings `s` with the totalizers `t` of the stored ones: an update of `p` cannot join to `p` itself. */
const STAGED_BESIDE_STORED = `staged_ping s
      JOIN ping q ON q.sensor_id = s.sensor_id AND q.datetime = s.datetime
      LEFT JOIN ping_totalizer t ON t.sensor_id = q.sensor_id AND t.datetime = q.datetime AND t.ping_id = q.id`;

/** The totalizers of files: of several at one instant the first. */
const FIRST_TOTALIZERS = `
  SELECT DISTINCT ON (sensor_id, datetime) sensor_id, datetime, totalizer FROM staged_ping
  WHERE totalizer IS NOT NULL ORDER BY sensor_id, datetime, index`;

/**
 * Inserts the staged pings whose instants are free, of several at one instant the first, and returns
 * how many of each sensor. The
 * sensors are locked, so free instants stay free; ON CONFLICT would cost twice as much, because it
 * searches the index before each row and writes a row twice. Late ones are logged.
 *
 * $1 timestamptz when they are recorded; pairwise $2 int[] sensor ids, $3 timestamptz[] instants
 * before which a ping of the sensor is late; $4 text who, $5 text reason code, $6 text comment
 */
export const insertStaged = staged(
  'insert_staged',
  ({ isTotalized }) => `
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
        new_quality, revised_by, reason_code, reason, revised_at${isTotalized ? ', new_totalizer' : ''})
      SELECT 'INSERT', i.sensor_id, i.datetime, i.id, i.recorded_at, i.flowrate, i.quality, $4, $5, $6, i.recorded_at
        ${isTotalized ? ', t.totalizer' : ''}
      FROM inserted i
      JOIN unnest($2::int[], $3::timestamptz[]) AS l (sensor_id, late_before)
        ON i.sensor_id = l.sensor_id AND i.datetime < l.late_before
      ${isTotalized ? `LEFT JOIN (${FIRST_TOTALIZERS}) AS t ON t.sensor_id = i.sensor_id AND t.datetime = i.datetime` : ''}
      ORDER BY i.sensor_id, i.datetime
    )
    SELECT sensor_id, count(*)::float8 AS count, min(id) AS first_id, max(id) AS last_id FROM inserted
    GROUP BY sensor_id`,
);

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
export const stagedConflicts = staged(
  'staged_conflicts',
  ({ isTotalized, join, differs }) => `
    SELECT s.index, s.sensor_id, round(date_part('epoch', s.datetime) * 1000) AS at, p.flowrate,
      CASE WHEN p.flowrate <> s.flowrate THEN 'flowrate'
        ${isTotalized ? `WHEN ${IS_TOTALIZER_CHANGED} THEN 'totalizer'` : ''} ELSE 'quality' END AS differing,
      coalesce(p.quality, 192) AS severity, ${isTotalized ? 't.totalizer' : 'NULL::float8 AS totalizer'},
      count(*) OVER ()::float8 AS total
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime
    ${join}
    WHERE (p.id BETWEEN $2 AND $3) IS NOT TRUE AND ${differs}
    ORDER BY s.index LIMIT $1`,
);

/**
 * The number of staged pings of each sensor that differ from the ping at their instant that was
 * stored before. $1 $2 bigint ids between which the pings just inserted lie, or null
 */
export const countStagedConflicts = staged(
  'count_staged_conflicts',
  ({ join, differs }) => `
    SELECT s.sensor_id, count(*)::float8 AS count
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime
    ${join}
    WHERE (p.id BETWEEN $1 AND $2) IS NOT TRUE AND ${differs}
    GROUP BY s.sensor_id`,
);

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
  SELECT *, first_value(index) OVER instant AS first_index, first_value(flowrate) OVER instant AS first_flowrate,
    first_value(quality) OVER instant AS first_quality, first_value(totalizer) OVER instant AS first_totalizer
  FROM staged_ping WINDOW instant AS (PARTITION BY sensor_id, datetime ORDER BY index)
) AS s WHERE index > first_index`;

const DIFFERS_FROM_FIRST = `(flowrate <> first_flowrate OR coalesce(quality, 192) <> coalesce(first_quality, 192)
  OR (totalizer IS NOT NULL AND totalizer IS DISTINCT FROM first_totalizer))`;

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
      flowrate, first_flowrate, quality, first_quality, totalizer, first_totalizer
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
export const logStagedCorrections = staged(
  'log_staged_corrections',
  ({ isTotalized, join, differs, newQuality }) => `
    INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate,
      old_quality, new_flowrate, new_quality, revised_by, reason_code, reason, revised_at
      ${isTotalized ? ', old_totalizer, new_totalizer' : ''})
    SELECT 'REPLACE', p.sensor_id, p.datetime, p.id, p.recorded_at, p.flowrate, p.quality, s.flowrate,
      ${newQuality}, $1, $2, $3, $4::timestamptz
      ${isTotalized ? `, CASE WHEN ${IS_TOTALIZER_CHANGED} THEN t.totalizer END, CASE WHEN ${IS_TOTALIZER_CHANGED} THEN ${NEW_TOTALIZER} END` : ''}
    FROM staged_ping s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime
    ${join}
    WHERE ${differs}
    ORDER BY p.sensor_id, p.datetime`,
);

/**
 * Gives stored pings the flowrates and qualities staged for their instants, and returns how many of
 * each sensor differed.
 */
export const correctStaged = staged(
  'correct_staged',
  ({ isTotalized, differs, newQuality }) => `
    WITH corrected AS (
      UPDATE ping p SET flowrate = s.flowrate, quality = ${newQuality}
      FROM ${isTotalized ? STAGED_BESIDE_STORED : 'staged_ping s'}
      WHERE p.sensor_id = s.sensor_id AND p.datetime = s.datetime AND ${differs}
      RETURNING p.sensor_id
    )
    SELECT sensor_id, count(*)::float8 AS count FROM corrected GROUP BY sensor_id`,
);

/** Stores the totalizers of files, in place of those that are there. */
export const storeStagedTotalizers: Statement = {
  name: 'store_staged_totalizers',
  text: `
    INSERT INTO ping_totalizer (sensor_id, datetime, totalizer, ping_id)
    SELECT p.sensor_id, p.datetime, s.totalizer, p.id
    FROM (${FIRST_TOTALIZERS}) AS s
    JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime = s.datetime
    WHERE s.totalizer <> 'NaN'
    ON CONFLICT (sensor_id, datetime) DO UPDATE SET totalizer = EXCLUDED.totalizer, ping_id = EXCLUDED.ping_id
      WHERE (ping_totalizer.totalizer, ping_totalizer.ping_id) IS DISTINCT FROM (EXCLUDED.totalizer, EXCLUDED.ping_id)`,
};

/** Deletes the totalizers of pings that are to have none. */
export const dropStagedTotalizers: Statement = {
  name: 'drop_staged_totalizers',
  text: `
    DELETE FROM ping_totalizer t USING staged_ping s
    WHERE t.sensor_id = s.sensor_id AND t.datetime = s.datetime AND s.totalizer = 'NaN'`,
};

/** The hours of the staged pings, as the temporary table staged_hour (sensor_id, start). */
export const stageHours: Statement = {
  name: 'stage_hours',
  text: `
    CREATE TEMPORARY TABLE staged_hour ON COMMIT DROP AS
    SELECT DISTINCT sensor_id, ${levelStart(HOUR, 'datetime')} AS start FROM staged_ping`,
};
