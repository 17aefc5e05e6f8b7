import type { Statement } from './statement.js';

/**
 * A statement for sensor `s`, whose id is the parameter $2, with that parameter in place of `s.id` in the
 * conditions on other tables: Citus then finds the one shard of all of them, and takes any query of it.
 */
export function ofSensor({ name, text }: Statement): Statement {
  return {
    name: `${name}_of_sensor`,
    text: text.replace(/\bsensor_id = s\.id\b/g, 'sensor_id = $2'),
  };
}
