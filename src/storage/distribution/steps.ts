import { CLUSTER_OBJECTS } from './cluster-objects.js';
import {
  DISTRIBUTED,
  DISTRIBUTED_TABLES,
  FIRST_TABLE,
  FOREIGN_KEYS,
  isBetweenDistributed,
  type DistributedTable,
  type ForeignKey,
} from './placements.js';

/**
 * The statements that distribute tables, in one transaction. Citus takes no foreign key to a table
 * that is not distributed yet, so those of the tables are dropped first.
 * @param tables those that are not distributed yet
 * @param shards into how many shards the first of all tables is divided, and so those beside it
 */
export function stepsToDistribute(tables: readonly DistributedTable[], shards: number): string[] {
  const concerned = FOREIGN_KEYS.filter(
    ({ table, references }) =>
      tables.includes(table) || tables.includes(references as DistributedTable),
  );
  return [
    ...concerned.map(dropKey),
    ...DISTRIBUTED_TABLES.filter((table) => tables.includes(table)).map(
      (table) =>
        `SELECT create_distributed_table('${table}', '${DISTRIBUTED[table]}'${
          table === FIRST_TABLE
            ? `, shard_count => ${shards}`
            : `, colocate_with => '${FIRST_TABLE}'`
        })`,
    ),
    ...concerned.filter(isBetweenDistributed).map((key) => addKey(key, 'ON DELETE CASCADE')),
    ...tables.map((table) => `SELECT truncate_local_data_after_distributing_table('${table}')`),
  ];
}

/**
 * The statements that bring tables back to the coordinator, in one transaction, and their foreign keys
 * to what the migrations made of them.
 * @param tables those that are distributed
 */
export function stepsToUndistribute(tables: readonly DistributedTable[]): string[] {
  if (tables.length === 0) return [];
  const keys = FOREIGN_KEYS.filter(({ table }) => tables.includes(table));
  return [
    ...CLUSTER_OBJECTS.map(({ drop }) => drop),
    ...keys.map(dropKey),
    ...DISTRIBUTED_TABLES.filter((table) => tables.includes(table))
      .reverse()
      .map((table) => `SELECT undistribute_table('${table}')`),
    ...keys.map((key) => addKey(key, 'ON DELETE CASCADE ON UPDATE CASCADE')),
  ];
}

function dropKey(key: ForeignKey): string {
  return `ALTER TABLE "${key.table}" DROP CONSTRAINT IF EXISTS "${nameOf(key)}"`;
}

function addKey(key: ForeignKey, actions: string): string {
  return `ALTER TABLE "${key.table}" ADD CONSTRAINT "${nameOf(key)}" FOREIGN KEY ("${key.column}") REFERENCES "${key.references}"("id") ${actions}`;
}

function nameOf({ table, column }: ForeignKey): string {
  return `${table}_${column}_fkey`;
}
