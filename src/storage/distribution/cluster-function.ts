import type { ClusterObject } from './cluster-object.js';
import { FIRST_TABLE } from './placements.js';

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
): ClusterObject {
  const signature = `${name}(${types})`;
  return {
    create: [
      `CREATE OR REPLACE FUNCTION ${name}(${parameters}) RETURNS ${returns} LANGUAGE plpgsql AS $flowgate$${body}$flowgate$`,
      ...more,
    ],
    drop: `DROP FUNCTION IF EXISTS ${signature}`,
    isThere: {
      text: `SELECT EXISTS (SELECT 1 FROM pg_proc WHERE oid = to_regprocedure('${signature}') AND prosrc = $1) AS found`,
      values: [body],
    },
    exists: `to_regprocedure('${signature}') IS NOT NULL`,
  };
}

/**
 * Each call is passed on to the node that has the sensor `sensor_id`, where it is a transaction by itself or part of the
 * caller's.
 */
export function onNodeOfSensor(name: string, definition: Definition): ClusterObject {
  return clusterFunction(
    name,
    definition,
    `SELECT create_distributed_function('${name}(${definition.types})', 'sensor_id', colocate_with => '${FIRST_TABLE}', force_delegation => true)`,
  );
}
