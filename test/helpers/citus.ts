import pg from 'pg';
import { distribute } from '../../src/storage/distribution/distribute.js';

/** A node of a Citus cluster; the first one is its coordinator. */
export interface Node {
  readonly host: string;
  readonly port: number;
}

/** The nodes of the cluster that a database of its coordinator belongs to. */
export async function nodesOf(connection: pg.PoolConfig): Promise<Node[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const { rows } = await client.query<Node>(
      'SELECT nodename AS host, nodeport AS port FROM pg_dist_node ORDER BY groupid',
    );
    return rows;
  } finally {
    await client.end();
  }
}

/**
 * Makes a template of databases of a cluster: distributes a database on the coordinator that is migrated
 * and empty over those of the same name on the other nodes, which are empty.
 */
export async function makeTemplate(
  database: pg.PoolConfig,
  [coordinator, ...workers]: readonly Node[],
): Promise<void> {
  const { host, port } = coordinator!;
  for (const worker of workers) {
    await execute({ ...database, ...worker }, 'CREATE EXTENSION citus');
  }
  await execute(
    database,
    'CREATE EXTENSION citus',
    `SELECT citus_set_coordinator_host('${host}', ${port})`,
    ...workers.map((worker) => `SELECT citus_add_node('${worker.host}', ${worker.port})`),
  );
  const pool = new pg.Pool(database);
  try {
    await distribute(pool, { undo: false, dryRun: false, shards: 4 });
  } finally {
    await pool.end();
  }
  // Otherwise Citus keeps a session in each, and PostgreSQL copies no database that has one.
  for (const node of [coordinator!, ...workers]) {
    await execute(
      { ...database, ...node, database: 'postgres' },
      `ALTER DATABASE ${database.database} WITH ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '${database.database}'`,
    );
  }
}

export async function execute(connection: pg.PoolConfig, ...statements: string[]): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
