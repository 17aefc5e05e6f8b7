import type pg from 'pg';

/** SQL: whether the database is one of a Citus cluster. */
export const IS_ON_CLUSTER = `EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')`;

const onCluster = new WeakSet<pg.ClientBase>();

/** Remembers it of a session from the row of a query for IS_ON_CLUSTER as is_on_cluster. */
export function rememberCluster(client: pg.ClientBase, row: { is_on_cluster: boolean }): void {
  if (row.is_on_cluster) onCluster.add(client);
}

/** Whether the session's database is one of a Citus cluster, as it was when the session began. */
export function isOnCluster(client: pg.ClientBase): boolean {
  return onCluster.has(client);
}
