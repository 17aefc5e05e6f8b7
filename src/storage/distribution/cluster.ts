import type pg from 'pg';

/**
 * Whether the database is one of a Citus cluster's coordinator.
 * @returns what keeps it from being distributed, with what to do about it; undefined if nothing does
 */
export async function checkCluster(
  client: pg.ClientBase,
  { needsWorkers }: { readonly needsWorkers: boolean },
): Promise<string | undefined> {
  const { rows } = await client.query<{ available: boolean; installed: boolean; loaded: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'citus') AS available,
            EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') AS installed,
            current_setting('citus.shard_count', true) IS NOT NULL AS loaded`,
  );
  const { available, installed, loaded } = rows[0]!;
  if (!available) return 'The database server has no Citus: install the extension on every node.';
  if (!loaded) {
    return 'The database server does not load Citus: set shared_preload_libraries = citus on every node, and restart it.';
  }
  if (!installed) {
    return 'The database has not the extension Citus: run CREATE EXTENSION citus in it on every node, as a superuser.';
  }
  return needsWorkers ? checkNodes(client) : undefined;
}

async function checkNodes(client: pg.ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ coordinator: boolean; workers: number }>(
    `SELECT EXISTS (SELECT 1 FROM pg_dist_node WHERE groupid = 0) AS coordinator,
            (SELECT count(*)::int FROM pg_dist_node WHERE groupid <> 0 AND isactive AND shouldhaveshards) AS workers`,
  );
  const { coordinator, workers } = rows[0]!;
  if (!coordinator) {
    return `The cluster does not know its coordinator: run SELECT citus_set_coordinator_host('…') here.`;
  }
  if (workers === 0) {
    return `The cluster has no worker: run SELECT citus_add_node('…', 5432) here for each.`;
  }
  return undefined;
}
