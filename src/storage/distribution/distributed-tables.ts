import type pg from 'pg';
import { IS_ON_CLUSTER } from '../postgres/cluster-sessions.js';

type Connection = Pick<pg.Pool, 'query'>;

/** Whether tables of the database are distributed over a Citus cluster. */
export async function isDistributed(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query<{ is_on_cluster: boolean }>(
    `SELECT ${IS_ON_CLUSTER} AS is_on_cluster`,
  );
  return rows[0]!.is_on_cluster && (await distributedTables(connection)).length > 0;
}

/** The tables that are distributed, of a database that has the extension. */
export async function distributedTables(connection: Connection): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid
     WHERE d.partmethod = 'h' AND c.relnamespace = current_schema()::regnamespace`,
  );
  return rows.map(({ name }) => name);
}
