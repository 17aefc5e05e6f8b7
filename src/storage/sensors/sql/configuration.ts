import type { Statement } from '../../postgres/database.js';

/** Newest first, and oldest first. */
export const configurationChanges = { DESC: inOrder('DESC'), ASC: inOrder('ASC') };

/**
 * Changes of sensors' settings.
 *
 * $1 int account id, $2 int[] sensor ids, $3, $4 bigint changes between which they are, exclusive,
 * the newer one first, or null, $5 int maximum rows a sensor
 */
function inOrder(order: 'ASC' | 'DESC'): Statement {
  const text = `
    SELECT c.id, s.id AS sensor_id, c.parameter, c.old_value, c.new_value, c.changed_by, c.reason,
      round(date_part('epoch', c.effective_from) * 1000) AS effective_from,
      round(date_part('epoch', c.recorded_at) * 1000) AS recorded_at
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT * FROM sensor_configuration_change c
      WHERE c.sensor_id = s.id AND ($3::bigint IS NULL OR c.id < $3) AND ($4::bigint IS NULL OR c.id > $4)
      ORDER BY c.id ${order} LIMIT $5
    ) AS c
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY s.id, c.id ${order}`;
  return { name: `configuration_changes_${order.toLowerCase()}`, text };
}

/** How many there are. $1 int account id, $2 int[] sensor ids */
export const configurationChangeCounts: Statement = {
  name: 'configuration_change_counts',
  text: `
    SELECT s.id AS sensor_id, counted.count
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT count(*)::float8 AS count FROM sensor_configuration_change c WHERE c.sensor_id = s.id
    ) AS counted
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};

/**
 * The settings of sensors that were ever changed, as they are in force at an instant: of the
 * changes that were effective by then the last recorded one counts, since each replaces all that
 * was to be in force from its instant on. Without any, the first change knows what was before.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz instant
 */
export const configurationAt: Statement = {
  name: 'configuration_at',
  text: `
    SELECT s.id AS sensor_id, c.parameter,
      CASE WHEN bool_or(c.effective_from <= $3)
        THEN (array_agg(c.new_value ORDER BY c.id DESC) FILTER (WHERE c.effective_from <= $3))[1]
        ELSE (array_agg(c.old_value ORDER BY c.id))[1] END AS value,
      bool_or(c.effective_from > $3) AS is_changed_later
    FROM flow_sensor s JOIN sensor_configuration_change c ON c.sensor_id = s.id
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    GROUP BY s.id, c.parameter`,
};

/**
 * $1 int sensor id, $2 text[] parameters, $3 text[] old, $4 text[] new values, pairwise, $5
 * timestamptz effective from, $6 text who, $7 text reason, $8 timestamptz when it was recorded, null: now
 */
export const logConfiguration: Statement = {
  name: 'log_configuration',
  text: `
    INSERT INTO sensor_configuration_change
      (sensor_id, parameter, old_value, new_value, effective_from, changed_by, reason, recorded_at)
    SELECT $1, parameter, old_value, new_value, $5, $6, $7, coalesce($8::timestamptz, now())
    FROM unnest($2::text[], $3::text[], $4::text[]) AS c (parameter, old_value, new_value)`,
};
