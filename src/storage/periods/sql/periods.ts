import type { Statement } from '../../postgres/database.js';

const COLUMNS = `p.id, p.group_id AS "groupId", p.boundaries, p.start, p."end", p.calendar,
  p.time_zone AS "timeZone", p.day_start AS "dayStart", p.method, p.closed_at AS "closedAt",
  p.closed_by AS "closedBy", p.reason, p.reopened_at AS "reopenedAt",
  p.reopened_by AS "reopenedBy", p.reopen_reason AS "reopenReason"`;

const OF_ACCOUNT = `closed_period p JOIN sensor_group g ON g.id = p.group_id AND g.account_id = $1`;

/** $1 int account id, $2 int[] period ids */
export const findPeriods: Statement = {
  name: 'find_closed_periods',
  text: `SELECT ${COLUMNS} FROM ${OF_ACCOUNT} WHERE p.id = ANY($2::int[])`,
};

/** Newest first, or oldest first. */
export const periodWindow = { DESC: inOrder('DESC'), ASC: inOrder('ASC') };

/** $1 int account id, $2 int group id, $3, $4 int ids between which they are, the larger first, or null, $5 int maximum */
function inOrder(order: 'ASC' | 'DESC'): Statement {
  const text = `
    SELECT ${COLUMNS} FROM ${OF_ACCOUNT}
    WHERE p.group_id = $2 AND ($3::int IS NULL OR p.id < $3) AND ($4::int IS NULL OR p.id > $4)
    ORDER BY p.id ${order} LIMIT $5`;
  return { name: `closed_period_window_${order.toLowerCase()}`, text };
}

/** $1 int account id, $2 int group id */
export const countPeriods: Statement = {
  name: 'count_closed_periods',
  text: `SELECT count(*)::int AS count FROM ${OF_ACCOUNT} WHERE p.group_id = $2`,
};

/** Of all groups, those that are closed, oldest first. $1 int account id */
export const standingPeriods: Statement = {
  name: 'standing_closed_periods',
  text: `SELECT ${COLUMNS} FROM ${OF_ACCOUNT} WHERE p.reopened_at IS NULL ORDER BY p.id`,
};

/** The last one of a group that is closed. $1 int account id, $2 int group id */
export const lastPeriod: Statement = {
  name: 'last_closed_period',
  text: `
    SELECT ${COLUMNS} FROM ${OF_ACCOUNT}
    WHERE p.group_id = $2 AND p.reopened_at IS NULL ORDER BY p."end" DESC LIMIT 1`,
};

/**
 * $1 int group id, $2 timestamptz[] boundaries, $3, $4 timestamptz start and end, $5 text calendar,
 * $6 text time zone, $7 text day start, $8 text method, $9 timestamptz closed at, $10 text by whom,
 * $11 text reason
 */
export const addPeriod: Statement = {
  name: 'add_closed_period',
  text: `
    INSERT INTO closed_period AS p (group_id, boundaries, start, "end", calendar, time_zone, day_start,
      method, closed_at, closed_by, reason)
    VALUES ($1, $2::timestamptz[], $3, $4, $5, $6, $7, $8::volume_method, $9, $10, $11)
    RETURNING ${COLUMNS}`,
};

/** $1 int period id, $2 int[] sensor ids, $3 text[] directions, $4 text[] figures as JSON, pairwise */
export const addPeriodSensors: Statement = {
  name: 'add_closed_period_sensors',
  text: `
    INSERT INTO closed_period_sensor (period_id, sensor_id, direction, figures)
    SELECT $1, sensor_id, direction::flow_direction, figures::jsonb
    FROM unnest($2::int[], $3::text[], $4::text[]) AS s (sensor_id, direction, figures)`,
};

/** $1 int period id, $2 timestamptz when, $3 text by whom, $4 text reason */
export const reopenPeriod: Statement = {
  name: 'reopen_closed_period',
  text: `
    UPDATE closed_period p SET reopened_at = $2, reopened_by = $3, reopen_reason = $4
    WHERE p.id = $1 RETURNING ${COLUMNS}`,
};

/** By sensor. $1 int account id, $2 int[] period ids */
export const periodSensors: Statement = {
  name: 'closed_period_sensors',
  text: `
    SELECT s.period_id AS "periodId", s.sensor_id AS "sensorId", s.direction, s.figures
    FROM closed_period_sensor s JOIN ${OF_ACCOUNT} ON p.id = s.period_id
    WHERE s.period_id = ANY($2::int[]) ORDER BY s.period_id, s.sensor_id`,
};

/**
 * Until when each sensor is closed, after a change of its periods: null where it has none. One
 * sensor a statement, since each has its own. $1 int account id, $2 int sensor id
 */
export const refreshClosedUntil: Statement = {
  name: 'refresh_closed_until',
  text: `
    WITH closed AS MATERIALIZED (
      SELECT max(p."end") AS until FROM closed_period_sensor s JOIN closed_period p ON p.id = s.period_id
      WHERE s.sensor_id = $2 AND p.reopened_at IS NULL
    )
    UPDATE flow_sensor SET closed_until = (SELECT until FROM closed)
    WHERE account_id = $1 AND id = $2`,
};

/** $1 int account id, $2 int sensor id, $3 timestamptz until when it is closed at least */
export const raiseClosedUntil: Statement = {
  name: 'raise_closed_until',
  text: `
    UPDATE flow_sensor SET closed_until = greatest(closed_until, $3::timestamptz)
    WHERE account_id = $1 AND id = $2`,
};

/**
 * The ranges of sensors that periods closed, and when.
 *
 * $1 int account id, $2 int[] sensor ids
 */
export const closedRanges: Statement = {
  name: 'closed_ranges',
  text: `
    SELECT s.sensor_id AS "sensorId", p.start, p."end", p.closed_at AS "closedAt",
      p.reopened_at AS "reopenedAt"
    FROM closed_period_sensor s JOIN ${OF_ACCOUNT} ON p.id = s.period_id
    WHERE s.sensor_id = ANY($2::int[]) ORDER BY s.sensor_id, p.start`,
};
