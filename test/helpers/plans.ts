import pg from 'pg';

/** A node of a plan, as EXPLAIN reports it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Sort Space Type'?: string;
  readonly 'Temp Written Blocks': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

export type Value = string | number | null | readonly (string | number)[];

/**
 * The plan by which a statement was run, without what it changed.
 * @param types of its parameters, where it does not name them
 */
export async function explain(
  pool: pg.Pool,
  text: string,
  values: readonly Value[],
  types?: readonly string[],
): Promise<PlanNode> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`PREPARE explained ${types ? `(${types.join(', ')})` : ''} AS ${text}`);
    const literals = values.map(literal).join(', ');
    const { rows } = await client.query(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained (${literals})`,
    );
    return rows[0]['QUERY PLAN'][0].Plan as PlanNode;
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
    client.release();
  }
}

function literal(value: Value): string {
  if (value === null) return 'NULL';
  return pg.escapeLiteral(Array.isArray(value) ? `{${value.join(',')}}` : `${value}`);
}

/** A node and all below it. */
export function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
