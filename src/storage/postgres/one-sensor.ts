import type { Statement } from './statement.js';

/**
 * A statement for sensor `s`, whose id is the parameter $2, with that parameter in place of `s.id` in the
 * conditions on other tables: Citus then finds the one shard of all of them, and takes any query of it.
 */
export function ofSensor({ name, text }: Statement): Statement {
  return { name: `${name}_of_sensor`, text: withSensorId(text, '$2') };
}

/**
 * The same statement without the conditions that compare two elements of an array parameter, which only
 * spare searching for what other conditions exclude too. Where one of those is false PostgreSQL plans
 * without the table, and Citus refuses a statement in which it does not see every table joined by its
 * sensor.
 */
export function ofManySensors({ name, text }: Statement): Statement {
  return {
    name: `${name}_of_many`,
    text: text.replace(/(\(\$\d+::timestamptz\[\]\))\[\d+\] < \1\[\d+\] AND /g, ''),
  };
}

/**
 * The same statement for a single one of its sensors.
 * @param statement of sensors `s` whose ids are the parameter $2::int[]
 * @param parameter the number of the parameter that the id becomes, which the statement has not yet
 */
export function ofOneSensor({ name, text }: Statement, parameter: number): Statement {
  const id = `$${parameter}::int`;
  return {
    name: `${name}_of_one`,
    // The list stays, so that PostgreSQL still knows the type of its parameter.
    text: withSensorId(
      text.replace(
        /((?:\bs\.|\b)id) = ANY\(\$2::int\[\]\)/g,
        (isAny, column: string) => `${column} = ${id} AND ${isAny}`,
      ),
      id,
    ),
  };
}

function withSensorId(text: string, id: string): string {
  return text.replace(/\bsensor_id = s\.id\b/g, `sensor_id = ${id}`);
}
