import type { Statement } from '../../postgres/database.js';
import { IS_TOTALIZER_OF } from '../../pings/sql/totalizers.js';
import { HOUR, levelStart } from '../../summaries/sql/level.js';

/** Locks an import against another undoing. $1 int account id, $2 int id */
export const lockImport: Statement = {
  name: 'lock_import',
  text: `
    SELECT undone_at IS NOT NULL AS is_undone, first_ping_id::text, last_ping_id::text, first_revision_id::text,
      last_revision_id::text
    FROM ping_import WHERE account_id = $1 AND id = $2 FOR UPDATE`,
};

/** Ascending. $1 int import */
export const sensorsOfImport: Statement = {
  name: 'sensors_of_import',
  text: 'SELECT sensor_id FROM ping_import_sensor WHERE import_id = $1 ORDER BY sensor_id',
};

/** Revision `r` of a sensor of import $1, from its first to its last reading. */
const REVISIONS = `
  ping_import_sensor s
  JOIN ping_revision r ON r.sensor_id = s.sensor_id AND r.datetime BETWEEN s.first_at AND s.last_at`;

/** Ping `p` that an import inserted, which is $1 if it is `s.import_id`; $2, $3 bigint ids around its pings. */
const INSERTED = `
  ping_import_sensor s
  JOIN ping p ON p.sensor_id = s.sensor_id AND p.datetime BETWEEN s.first_at AND s.last_at AND p.id BETWEEN $2 AND $3`;

/**
 * The first readings of an import that were corrected or deleted since, by sensor and instant, and
 * their total number. $1 int import, $2, $3 bigint ids around its pings, $4, $5 around its
 * revisions, $6 int max. rows
 */
export const changedSinceImport: Statement = {
  name: 'changed_since_import',
  text: `
    SELECT c.*, f.name, count(*) OVER ()::float8 AS total FROM (
      SELECT DISTINCT ON (r.sensor_id, r.datetime) r.sensor_id, round(date_part('epoch', r.datetime) * 1000) AS at,
        r.update_type::text AS update_type, r.revised_by
      FROM ${REVISIONS}
      WHERE s.import_id = $1 AND r.id > $5 AND r.update_type IN ('REPLACE', 'DELETE')
        AND (r.ping_id BETWEEN $2 AND $3 OR EXISTS (
          SELECT 1 FROM ping_revision o WHERE o.sensor_id = r.sensor_id AND o.datetime = r.datetime
            AND o.ping_id = r.ping_id AND o.update_type = 'REPLACE' AND o.id BETWEEN $4 AND $5))
      ORDER BY r.sensor_id, r.datetime, r.id DESC
    ) AS c JOIN flow_sensor f ON f.id = c.sensor_id
    ORDER BY c.sensor_id, c.at LIMIT $6`,
};

/**
 * Stages what an import replaced, as it was. $1 int import, $2, $3 bigint ids around its revisions
 */
export const stageReplaced: Statement = {
  name: 'stage_replaced',
  text: `
    INSERT INTO staged_ping (sensor_id, datetime, flowrate, index, quality, totalizer)
    SELECT r.sensor_id, r.datetime, r.old_flowrate, 0, coalesce(r.old_quality, 192),
      coalesce(r.old_totalizer, CASE WHEN r.new_totalizer IS NOT NULL THEN 'NaN'::float8 END)
    FROM ${REVISIONS}
    WHERE s.import_id = $1 AND r.id BETWEEN $2 AND $3 AND r.update_type = 'REPLACE'`,
};

/** Of what is removed. */
export const createRemoved =
  'CREATE TEMPORARY TABLE removed_ping (sensor_id int NOT NULL, datetime timestamptz(3) NOT NULL) ON COMMIT DROP';

/** $1 int import, $2, $3 bigint ids around its pings */
export const stageRemoved: Statement = {
  name: 'stage_removed',
  text: `INSERT INTO removed_ping SELECT p.sensor_id, p.datetime FROM ${INSERTED} WHERE s.import_id = $1 ORDER BY 1, 2`,
};

/** Adds the hours of removed pings to staged_hour. */
export const stageRemovedHours: Statement = {
  name: 'stage_removed_hours',
  text: `
    INSERT INTO staged_hour
    SELECT DISTINCT sensor_id, ${levelStart(HOUR, 'datetime')} FROM removed_ping`,
};

/**
 * Logs the deletion of what an import inserted. $1 int import, $2, $3 bigint ids around its pings,
 * $4 text who, $5 text reason code, $6 text comment, $7 timestamptz when
 */
export const logRemoved: Statement = {
  name: 'log_removed',
  text: `
    INSERT INTO ping_revision (update_type, sensor_id, datetime, ping_id, ping_recorded_at, old_flowrate,
      old_quality, old_totalizer, revised_by, reason_code, reason, revised_at)
    SELECT 'DELETE', p.sensor_id, p.datetime, p.id, p.recorded_at, p.flowrate, p.quality, t.totalizer,
      $4, $5, $6, $7::timestamptz
    FROM ${INSERTED}
    LEFT JOIN ping_totalizer t ON ${IS_TOTALIZER_OF}
    WHERE s.import_id = $1 ORDER BY p.sensor_id, p.datetime`,
};

/** Deletes the totalizers of removed pings. */
export const removeTotalizers: Statement = {
  name: 'remove_totalizers',
  text: `
    DELETE FROM ping_totalizer t USING removed_ping r WHERE t.sensor_id = r.sensor_id AND t.datetime = r.datetime`,
};

/** $1 int import, $2, $3 bigint ids around its pings */
export const removeInserted: Statement = {
  name: 'remove_inserted',
  text: `
    WITH removed AS (
      DELETE FROM ping p USING ping_import_sensor s
      WHERE s.import_id = $1 AND p.sensor_id = s.sensor_id AND p.datetime BETWEEN s.first_at AND s.last_at
        AND p.id BETWEEN $2 AND $3
      RETURNING 1
    )
    SELECT count(*)::float8 AS count FROM removed`,
};

/**
 * Rejects the open flags of what an import inserted. $1 int import, $2, $3 bigint ids around its pings,
 * $4 text who, $5 text comment, $6 timestamptz when
 */
export const rejectRemoved: Statement = {
  name: 'reject_removed_flags',
  text: `
    UPDATE ping_flag f SET status = 'REJECTED', resolved_by = $4, comment = $5, resolved_at = $6
    FROM ping_import_sensor s
    WHERE s.import_id = $1 AND f.sensor_id = s.sensor_id AND f.datetime BETWEEN s.first_at AND s.last_at
      AND f.ping_id BETWEEN $2 AND $3 AND f.status = 'OPEN'`,
};

/**
 * $1 int account id, $2 int import, $3 timestamptz when, $4 text who, $5 text reason code, $6 text
 * comment
 */
export const logUndone: Statement = {
  name: 'log_undone',
  text: `
    UPDATE ping_import SET undone_at = $3::timestamptz, undone_by = $4, undone_reason_code = $5, undone_comment = $6
    WHERE account_id = $1 AND id = $2`,
};
