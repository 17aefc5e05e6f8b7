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

/** Up to which revision each sensor has been dealt with. $1 int account id */
export const revisionMarks: Statement = {
  name: 'revision_marks',
  text: 'SELECT sensor_id, revision_id FROM volume_revision_mark WHERE account_id = $1',
};

/**
 * The sensors with later revisions, and their last one. Revisions of a sensor are made one transaction after the
 * other, so their ids ascend in the order in which they become visible.
 *
 * $1 int account id, $2 int[] sensor ids, $3 bigint[] revisions, pairwise
 */
export const revisedSensors: Statement = {
  name: 'revised_sensors',
  text: `
    SELECT s.id, s.name, s.calendar, coalesce(m.revision_id, 0)::text AS after_id, last.id::text AS last_id
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT r.id FROM ping_revision r WHERE r.sensor_id = s.id ORDER BY r.id DESC LIMIT 1
    ) AS last
    LEFT JOIN unnest($2::int[], $3::bigint[]) AS m (sensor_id, revision_id) ON m.sensor_id = s.id
    WHERE s.account_id = $1 AND last.id > coalesce(m.revision_id, 0) ORDER BY s.id`,
};

/**
 * Revisions of a sensor by the day (UTC) of their readings, with the stretch of time whose volume they can
 * change: from the last reading before them to the first one after them.
 *
 * $1 int sensor id, $2, $3 bigint revisions, the first exclusive, $4 timestamptz since when they were made
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
      WHERE r.sensor_id = $1 AND r.id > $2 AND r.id <= $3 AND r.revised_at >= $4::timestamptz
      GROUP BY date_bin('1 day', r.datetime, 'epoch')
    ) AS d
    ORDER BY d.first_at`,
};

function nearest(than: '<' | '>', at: string, direction: 'ASC' | 'DESC'): string {
  return `coalesce((SELECT p.datetime FROM ping p
        WHERE p.sensor_id = $1 AND p.datetime ${than} ${at} AND ${COUNTS}
        ORDER BY p.datetime ${direction} LIMIT 1), ${at})`;
}

/** $1 int account id, $2 int sensor id, $3 bigint revision */
export const saveMark: Statement = {
  name: 'save_revision_mark',
  text: `
    INSERT INTO volume_revision_mark (sensor_id, account_id, revision_id) VALUES ($2, $1, $3)
    ON CONFLICT (sensor_id) DO UPDATE SET revision_id = excluded.revision_id`,
};
