import { FIRST_TABLE } from './placements.js';

/** A function that a distributed database has on every node. */
export interface ClusterFunction {
  readonly create: readonly string[];
  readonly drop: string;
  /** Whether it is there as this version makes it: a row (found). */
  readonly isThere: { readonly text: string; readonly values: string[] };
  /** with the types of its parameters */
  readonly signature: string;
}

export interface Definition {
  readonly parameters: string;
  /** those of the parameters */
  readonly types: string;
  readonly returns: string;
  /** PL/pgSQL */
  readonly body: string;
}

/** Each call runs where it is made. @param more statements that follow its creation */
export function clusterFunction(
  name: string,
  { parameters, types, returns, body }: Definition,
  ...more: readonly string[]
): ClusterFunction {
  const signature = `${name}(${types})`;
  return {
    signature,
    create: [
      `CREATE OR REPLACE FUNCTION ${name}(${parameters}) RETURNS ${returns} LANGUAGE plpgsql AS $flowgate$${body}$flowgate$`,
      ...more,
    ],
    drop: `DROP FUNCTION IF EXISTS ${signature}`,
    isThere: {
      text: `SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = '${name}' AND prosrc = $1
        AND pronamespace = current_schema()::regnamespace) AS found`,
      values: [body],
    },
  };
}

/**
 * Each call is passed on to the node that has the sensor `sensor_id`, where it is a transaction by itself or part of the
 * caller's.
 */
export function onNodeOfSensor(name: string, definition: Definition): ClusterFunction {
  return clusterFunction(
    name,
    definition,
    `SELECT create_distributed_function('${name}(${definition.types})', 'sensor_id', colocate_with => '${FIRST_TABLE}', force_delegation => true)`,
  );
}
