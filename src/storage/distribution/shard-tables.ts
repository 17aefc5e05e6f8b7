import { NEEDED_BY_STATEMENTS } from '../postgres/session-settings.js';

/** SQL: gives a session of a worker what statements need, until the transaction ends. */
export const STATEMENT_SETTINGS = Object.entries(NEEDED_BY_STATEMENTS)
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

/** SQL: whether any of the shards of the parameter shard_ids is not on this node, or not any more. */
export const IS_ELSEWHERE = `EXISTS (
    SELECT 1 FROM unnest(shard_ids) AS k (shard_id)
    WHERE NOT EXISTS (SELECT 1 FROM pg_dist_placement JOIN pg_dist_local_group USING (groupid) WHERE shardid = k.shard_id)
  )`;

/**
 * PL/pgSQL that replaces the names of distributed tables in a text by those of the tables beside a shard of
 * flow_sensor. A table is one where it follows FROM, JOIN, INTO or UPDATE.
 *
 * @param text a variable; `placed` is another one, a record
 * @param shard its id, SQL
 */
export function nameShards(text: string, shard: string): string {
  return `FOR placed IN
      SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname || '_' || beside.shardid) AS shard
      FROM pg_dist_shard own
      JOIN pg_dist_partition first ON first.logicalrelid = own.logicalrelid
      JOIN pg_dist_partition other ON other.colocationid = first.colocationid
      JOIN pg_dist_shard beside ON beside.logicalrelid = other.logicalrelid AND beside.shardminvalue = own.shardminvalue
      JOIN pg_class c ON c.oid = other.logicalrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE own.shardid = ${shard}
    LOOP
      ${text} := regexp_replace(${text}, '\\m(FROM|JOIN|INTO|UPDATE) ' || placed.name || '\\M', '\\1 ' || placed.shard, 'g');
    END LOOP;`;
}
