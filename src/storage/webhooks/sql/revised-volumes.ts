import { COUNTS } from '../../pings/quality.js';
import type { Statement } from '../../postgres/database.js';
import { inMs } from './in-ms.js';
import { RECEIVES_EVENTS } from './outbox.js';

/** The accounts with an endpoint that receives `volume_revised`, and since when they have one. */
export const revisionSubscribers: Statement = {
  name: 'revision_subscribers',
  text: `
    SELECT e.account_id, ${inMs('min(e.created_at)')} AS since FROM webhook_endpoint e
    WHERE ${RECEIVES_EVENTS} AND 'volume_revised' = ANY (e.event_types)
    GROUP BY e.account_id ORDER BY e.account_id`,
};

/** So that a later endpoint is not sent all that was revised meanwhile. $1 int[] account ids */
export const forgetMarks: Statement = {
  name: 'forget_revision_marks',
  text: 'DELETE FROM volume_revision_mark WHERE NOT account_id = ANY($1::int[])',
};

/** Up to which revision and change of settings each sensor has been dealt with. $1 int account id */
export const revisionMarks: Statement = {
  name: 'revision_marks',
  text: 'SELECT sensor_id, revision_id, configuration_id FROM volume_revision_mark WHERE account_id = $1',
};

/** The last revision and change of settings of each sensor before an instant. $1 int account id, $2 timestamptz */
export const revisedBefore: Statement = {
  name: 'revised_before',
  text: `
    SELECT s.id AS sensor_id, coalesce(r.id, 0)::text AS revision_id, coalesce(c.id, 0)::text AS configuration_id
    FROM flow_sensor s
    LEFT JOIN LATERAL (
      SELECT r.id FROM ping_revision r
      WHERE r.sensor_id = s.id AND r.revised_at < $2::timestamptz ORDER BY r.id DESC LIMIT 1
    ) AS r ON true
    LEFT JOIN LATERAL (
      SELECT c.id FROM sensor_configuration_change c
      WHERE c.sensor_id = s.id AND c.recorded_at < $2::timestamptz ORDER BY c.id DESC LIMIT 1
    ) AS c ON true
    WHERE s.account_id = $1`,
};

/** The settings that can change volumes that were computed before. */
const COUNTING = `c.parameter IN ('MAX_GAP', 'METHOD', 'METER_FACTOR')`;

/**
 * The sensors with later revisions or changes of settings, and the last of both. Those of a sensor are made one
 * transaction after the other, so their ids ascend in the order in which they become visible.
 *
 * $1 int account id, $2 int[] sensor ids, $3 bigint[] revisions, $4 bigint[] changes of settings, pairwise
 */
export const revisedSensors: Statement = {
  name: 'revised_sensors',
  text: `
    SELECT s.id, s.name, s.calendar,
      coalesce(m.revision_id, 0)::text AS after_revision,
      coalesce(r.id, m.revision_id, 0)::text AS last_revision,
      coalesce(m.configuration_id, 0)::text AS after_configuration,
      coalesce(c.id, m.configuration_id, 0)::text AS last_configuration
    FROM flow_sensor s
    LEFT JOIN LATERAL (
      SELECT r.id FROM ping_revision r WHERE r.sensor_id = s.id ORDER BY r.id DESC LIMIT 1
    ) AS r ON true
    LEFT JOIN LATERAL (
      SELECT c.id FROM sensor_configuration_change c
      WHERE c.sensor_id = s.id AND ${COUNTING} ORDER BY c.id DESC LIMIT 1
    ) AS c ON true
    LEFT JOIN unnest($2::int[], $3::bigint[], $4::bigint[]) AS m (sensor_id, revision_id, configuration_id)
      ON m.sensor_id = s.id
    WHERE s.account_id = $1
      AND (r.id > coalesce(m.revision_id, 0) OR c.id > coalesce(m.configuration_id, 0)) ORDER BY s.id`,
};

/**
 * Revisions of a sensor by the day (UTC) of their readings, with the stretch of time whose volume they can
 * change: from the last reading before them to the first one after them.
 *
 * $1 int sensor id, $2, $3 bigint revisions, the first exclusive
 */
export const revisedStretches: Statement = {
  name: 'revised_stretches',
  text: `
    SELECT d.count, d.codes, ${inMs('d.first_made')} AS first_made, ${inMs('d.last_made')} AS last_made,
      ${inMs(nearest('<', 'd.first_at', 'DESC'))} AS start, ${inMs(nearest('>', 'd.last_at', 'ASC'))} AS "end"
    FROM (
      SELECT count(*)::int AS count, min(r.datetime) AS first_at, max(r.datetime) AS last_at,
        min(r.revised_at) AS first_made, max(r.revised_at) AS last_made,
        coalesce(array_agg(DISTINCT r.reason_code) FILTER (WHERE r.reason_code IS NOT NULL), '{}') AS codes
      FROM ping_revision r
      WHERE r.sensor_id = $1 AND r.id > $2 AND r.id <= $3
      GROUP BY date_bin('1 day', r.datetime, 'epoch')
    ) AS d
    ORDER BY d.first_at`,
};

function nearest(than: '<' | '>', at: string, direction: 'ASC' | 'DESC'): string {
  return `coalesce((SELECT p.datetime FROM ping p
        WHERE p.sensor_id = $1 AND p.datetime ${than} ${at} AND ${COUNTS}
        ORDER BY p.datetime ${direction} LIMIT 1), ${at})`;
}

/**
 * Changes of a sensor's settings by setting, with the stretch of time whose volume they can change: from the first
 * instant from which one is in force to the last reading. None without readings in it.
 *
 * $1 int sensor id, $2, $3 bigint changes, the first exclusive
 */
export const reconfiguredStretches: Statement = {
  name: 'reconfigured_stretches',
  text: `
    SELECT d.parameter, ${inMs('d.first_made')} AS first_made, ${inMs('d.last_made')} AS last_made,
      ${inMs('greatest(d.first_at, p.first_at)')} AS start, ${inMs('p.last_at')} AS "end"
    FROM (
      SELECT c.parameter, min(c.effective_from) AS first_at,
        min(c.recorded_at) AS first_made, max(c.recorded_at) AS last_made
      FROM sensor_configuration_change c
      WHERE c.sensor_id = $1 AND c.id > $2 AND c.id <= $3 AND ${COUNTING}
      GROUP BY c.parameter
    ) AS d
    CROSS JOIN (SELECT min(datetime) AS first_at, max(datetime) AS last_at FROM ping WHERE sensor_id = $1) AS p
    WHERE d.first_at < p.last_at`,
};

/** $1 int account id, $2 int[] sensor ids, $3 bigint[] revisions, $4 bigint[] changes of settings, pairwise */
export const saveMarks: Statement = {
  name: 'save_revision_marks',
  text: `
    INSERT INTO volume_revision_mark (account_id, sensor_id, revision_id, configuration_id)
    SELECT $1, m.* FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS m
    ON CONFLICT (sensor_id) DO UPDATE
    SET revision_id = excluded.revision_id, configuration_id = excluded.configuration_id`,
};
