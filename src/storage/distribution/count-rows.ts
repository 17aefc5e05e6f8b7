import type pg from 'pg';

/** How many rows tables have, by name. */
export type RowCounts = Readonly<Record<string, number>>;

export async function countRows(
  client: pg.ClientBase,
  tables: readonly string[],
): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM "${table}"`);
    counts[table] = Number(rows[0]!.count);
  }
  return counts;
}
