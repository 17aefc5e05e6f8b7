/** A function that a distributed database has on every node. */
export interface ClusterFunction {
  readonly create: readonly string[];
  readonly drop: string;
  /** Whether it is there as this version needs it: a row (found). */
  readonly isThere: { readonly text: string; readonly values: string[] };
}

export interface Definition {
  readonly parameters: string;
  /** those of the parameters */
  readonly types: string;
  readonly returns: string;
  /** PL/pgSQL */
  readonly body: string;
}

/** @param more statements that follow its creation */
export function clusterFunction(
  name: string,
  { parameters, types, returns, body }: Definition,
  ...more: readonly string[]
): ClusterFunction {
  return {
    create: [
      `CREATE OR REPLACE FUNCTION ${name}(${parameters}) RETURNS ${returns} LANGUAGE plpgsql AS $flowgate$${body}$flowgate$`,
      ...more,
    ],
    drop: `DROP FUNCTION IF EXISTS ${name}(${types})`,
    isThere: {
      text: `SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = '${name}' AND prosrc = $1
        AND pronamespace = current_schema()::regnamespace) AS found`,
      values: [body],
    },
  };
}
