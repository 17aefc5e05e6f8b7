import type { Statement } from '../../postgres/database.js';

/** SQL: whether the meter factor of sensor `s` is not, or was not always, 1. */
export const IS_METERED = '(s.meter_factor <> 1 OR s.meter_factor_changed_at IS NOT NULL)';

/**
 * SQL: whether it is not, or may not have been, 1 as it was known at an earlier instant. It is part of the
 * statement of the volumes, because another statement costs more than it.
 */
export const IS_METERED_AS_OF = `(${IS_METERED} OR EXISTS (
        SELECT 1 FROM sensor_configuration_change c WHERE c.sensor_id = s.id AND c.parameter = 'METER_FACTOR'))`;

/**
 * The meter factors of sensors, and what they were before each instant at which they changed; null
 * where they never did. $1 int account id, $2 int[] sensor ids
 */
export const meterFactors: Statement = {
  name: 'meter_factors',
  text: `
    SELECT s.id, s.meter_factor AS "meterFactor", s.meter_factor_changed_at AS "meterFactorChangedAt",
      s.earlier_meter_factors AS "earlierMeterFactors"
    FROM flow_sensor s WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};

/**
 * The changes of the meter factors of sensors as they were logged, in their order, instants in
 * milliseconds since 1970. Of a factor that is not 1 and never changed there is one row, without a
 * change.
 *
 * $1 int account id, $2 int[] sensor ids
 */
export const meterFactorChanges: Statement = {
  name: 'meter_factor_changes',
  text: `
    SELECT s.id, s.meter_factor AS current, c.old_value::float8 AS before, c.new_value::float8 AS value,
      round(date_part('epoch', c.effective_from) * 1000) AS effective_from,
      round(date_part('epoch', c.recorded_at) * 1000) AS recorded_at
    FROM flow_sensor s
    LEFT JOIN sensor_configuration_change c ON c.sensor_id = s.id AND c.parameter = 'METER_FACTOR'
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND (c.id IS NOT NULL OR s.meter_factor <> 1)
    ORDER BY s.id, c.id`,
};
