import type pg from 'pg';
import { StartupError } from '../postgres/startup-error.js';
import { checkCluster } from './cluster.js';
import { distributedTables } from './distributed-tables.js';
import { countRows, type RowCounts } from './count-rows.js';
import { DISTRIBUTED_TABLES, type DistributedTable } from './placements.js';
import { CLUSTER_OBJECTS } from './cluster-objects.js';
import { stepsToDistribute, stepsToUndistribute } from './steps.js';

/** The database could not be distributed, or brought back; the message is for the operator. */
export class DistributionError extends StartupError {}

export interface DistributeOptions {
  /** bring all back to the coordinator */
  readonly undo: boolean;
  /** only return the steps */
  readonly dryRun: boolean;
  /** into how many shards each table is divided; four for each worker unless given */
  readonly shards?: number | undefined;
}

export interface Distribution {
  /** the statements that were run, or would be; none where nothing is left to do */
  readonly steps: readonly string[];
  /** of each table that was moved; empty in a dry run */
  readonly rows: RowCounts;
}

/**
 * Distributes the tables of sensors over the workers of the Citus cluster that the database belongs to,
 * or brings them back, in one transaction: other sessions wait for it. The rows of every table are
 * counted before and after. Tables that are where they are to be are left alone, so it can be
 * repeated.
 * @throws DistributionError where there is no cluster, or a table has not the rows that it had; then
 * nothing has changed
 */
export async function distribute(
  pool: pg.Pool,
  { undo, dryRun, shards }: DistributeOptions,
): Promise<Distribution> {
  const client = await pool.connect();
  let failed: Error | undefined;
  try {
    const problem = await checkCluster(client, { needsWorkers: !undo });
    if (problem !== undefined) throw new DistributionError(problem);
    const tables = await tablesToMove(client, undo);
    const steps = undo
      ? stepsToUndistribute(tables)
      : [
          ...stepsToDistribute(tables, shards ?? (await defaultShards(client))),
          ...(await stepsToCreateObjects(client)),
        ];
    if (dryRun || steps.length === 0) return { steps, rows: {} };
    const rows = await move(client, tables, steps);
    if (tables.length > 0) await endOtherSessions(client);
    return { steps, rows };
  } catch (error) {
    failed = error as Error;
    throw error;
  } finally {
    // A session in which Citus has failed, or has changed its way of working, is not used again.
    client.release(failed ?? true);
  }
}

async function tablesToMove(client: pg.ClientBase, undo: boolean): Promise<DistributedTable[]> {
  const distributed = new Set(await distributedTables(client));
  return DISTRIBUTED_TABLES.filter((table) => distributed.has(table) === undo);
}

/** So that the workers can become four times as many. Each shard makes reads of many sensors cost more. */
async function defaultShards(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ shards: number }>(
    `SELECT 4 * count(*)::int AS shards FROM pg_dist_node WHERE isactive AND shouldhaveshards`,
  );
  return rows[0]!.shards;
}

/** Of those that are not there, or not as they are now. */
async function stepsToCreateObjects(client: pg.ClientBase): Promise<string[]> {
  const steps: string[] = [];
  for (const { create, isThere } of CLUSTER_OBJECTS) {
    const { rows } = await client.query<{ found: boolean }>(isThere);
    if (!rows[0]!.found) steps.push(...create);
  }
  return steps;
}

async function move(
  client: pg.ClientBase,
  tables: readonly DistributedTable[],
  steps: readonly string[],
): Promise<RowCounts> {
  await client.query('BEGIN');
  try {
    // Types, tables and keys are made on the workers one after the other, and so on connections that
    // see each other's.
    await client.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await client.query(`SET LOCAL client_min_messages TO 'warning'`);
    if (tables.length > 0) {
      await client.query(`LOCK TABLE ${tables.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
    }
    const before = await countRows(client, tables);
    for (const step of steps) await client.query(step);
    const after = await countRows(client, tables);
    for (const [table, count] of Object.entries(before)) {
      if (after[table] !== count) {
        throw new DistributionError(
          `${table} had ${count} rows and would have ${after[table]}: nothing has been changed.`,
        );
      }
    }
    await client.query('COMMIT');
    return after;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Ends the sessions of the instances, which connect again: they plan their statements for tables as
 * they were when they connected.
 */
async function endOtherSessions(client: pg.ClientBase): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
       AND application_name LIKE 'flowgate%'`,
  );
}
