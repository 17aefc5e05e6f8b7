import { COUNTS } from '../../pings/quality.js';
import type { Statement } from '../../postgres/database.js';

/**
 * The decided adjustments of periods, of each day the earliest first.
 *
 * $1 int account id, $2 int[] period ids
 */
export const decidedAdjustments: Statement = {
  name: 'decided_adjustments',
  text: `
    SELECT a.period_id AS "periodId", a.sensor_id AS "sensorId", a.day, a.sequence, a.before, a.after,
      a.causes, a.revisions, a.reason_codes AS "reasonCodes", a.decision AS status,
      a.decided_at AS "decidedAt", a.decided_by AS "decidedBy", a.comment,
      a.applied_in_period AS "appliedInPeriod"
    FROM prior_period_adjustment a
    JOIN closed_period p ON p.id = a.period_id
    JOIN sensor_group g ON g.id = p.group_id AND g.account_id = $1
    WHERE a.period_id = ANY($2::int[])
    ORDER BY a.period_id, a.sensor_id, a.day, a.sequence`,
};

/**
 * $1 int period id, $2 int sensor id, $3 int day, $4 int sequence, $5, $6 jsonb before and after, $7
 * text[] causes, $8 int revisions, $9 text[] reason codes, $10 text decision, $11 timestamptz when, $12
 * text by whom, $13 text comment
 */
export const addAdjustment: Statement = {
  name: 'add_adjustment',
  text: `
    INSERT INTO prior_period_adjustment
      (period_id, sensor_id, day, sequence, before, after, causes, revisions, reason_codes, decision,
        decided_at, decided_by, comment)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::adjustment_decision, $11, $12, $13)`,
};

/** Those of a group's standing periods that were accepted since. $1 int group id, $2 int period id */
export const applyAdjustments: Statement = {
  name: 'apply_adjustments',
  text: `
    UPDATE prior_period_adjustment a SET applied_in_period = $2
    FROM closed_period p
    WHERE p.id = a.period_id AND p.group_id = $1 AND p.reopened_at IS NULL AND p.id <> $2
      AND a.decision = 'ACCEPTED' AND a.applied_in_period IS NULL`,
};

/** $1 int period id */
export const unapplyAdjustments: Statement = {
  name: 'unapply_adjustments',
  text: 'UPDATE prior_period_adjustment SET applied_in_period = NULL WHERE applied_in_period = $1',
};

/** A substitution is a cause of its own: its revisions are not counted beside it. */
const NOT_SUBSTITUTED = `NOT EXISTS (
          SELECT 1 FROM ping_substitution u
          WHERE u.sensor_id = s.id AND r.revised_at IN (u.made_at, u.reversed_at))`;

/**
 * What has been recorded of ranges of sensors since instants: revisions of the readings that a volume
 * of the range depends on, substitutions of them, and settings in force in it.
 *
 * $1 int account id, $2 int[] sensor ids, $3, $4 timestamptz[] starts and ends, $5 timestamptz[] since
 * when, pairwise
 */
export const changesSince: Statement = {
  name: 'changes_since',
  text: `
    SELECT k.place::int, revised.count, revised.inserted, revised.corrected, revised.requalified,
      revised.deleted, coalesce(revised.codes, '{}') AS codes,
      EXISTS (
        SELECT 1 FROM ping_substitution u
        WHERE u.sensor_id = s.id AND (u.made_at > k.since OR u.reversed_at > k.since)
          AND u.start <= bounds.upper AND u."end" >= bounds.lower) AS substituted,
      ARRAY(
        SELECT DISTINCT c.parameter FROM sensor_configuration_change c
        WHERE c.sensor_id = s.id AND c.parameter IN ('MAX_GAP', 'METHOD', 'METER_FACTOR')
          AND c.recorded_at > k.since AND c.effective_from < k."end" ORDER BY 1) AS settings
    FROM flow_sensor s
    JOIN unnest($2::int[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) WITH ORDINALITY
      AS k (sensor_id, start, "end", since, place) ON k.sensor_id = s.id
    CROSS JOIN LATERAL (
      SELECT
        coalesce((SELECT p.datetime FROM ping p WHERE p.sensor_id = s.id AND p.datetime <= k.start AND ${COUNTS}
          ORDER BY p.datetime DESC LIMIT 1), '-infinity') AS lower,
        coalesce((SELECT p.datetime FROM ping p WHERE p.sensor_id = s.id AND p.datetime >= k."end" AND ${COUNTS}
          ORDER BY p.datetime LIMIT 1), 'infinity') AS upper
    ) AS bounds
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count,
        coalesce(bool_or(r.update_type = 'INSERT'), false) AS inserted,
        coalesce(bool_or(r.update_type = 'REPLACE' AND r.old_flowrate <> r.new_flowrate), false) AS corrected,
        coalesce(bool_or(r.update_type = 'REPLACE' AND r.old_quality IS DISTINCT FROM r.new_quality), false) AS requalified,
        coalesce(bool_or(r.update_type = 'DELETE'), false) AS deleted,
        array_agg(DISTINCT r.reason_code) FILTER (WHERE r.reason_code IS NOT NULL) AS codes
      FROM ping_revision r
      WHERE r.sensor_id = s.id AND r.revised_at > k.since
        AND r.datetime BETWEEN bounds.lower AND bounds.upper AND ${NOT_SUBSTITUTED}
    ) AS revised
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};
