import { createHash } from 'node:crypto';
import type { Statement } from './statement.js';

/** The function of `rowsOfShards`. */
export const ROWS_OF_SHARDS = 'flowgate_rows_of_shards';

/** What `rowsOfShards` returns where the session of the node has not prepared the statement. */
export const UNPREPARED_ROWS = '';

/*
 * Citus sends the count of one sensor to the node that has it, with the call beside it, and there is a row whether there is such a
 * sensor or not. It would pass on a call of a function alone too, but no more in a session in which it has refused a statement.
 */

/**
 * A statement in a form for Citus: a function runs it on the tables of shards, on the node that has them. So it is planned
 * once in a session of a worker, where Citus would plan what it sends to workers each time, and it is one that Citus need
 * not understand.
 *
 * $1 int a sensor of the node, $2 text the name of the statement, $3 text the statement, which may be null once it is
 * prepared, $4 bigint[] the shards of flow_sensor, $5 text[] its parameters, in a row for each shard
 *
 * One row (rows text): null where the node has not all of the shards, UNPREPARED_ROWS, or JSON, the rows of each shard
 */
export const rowsOfShards: Statement = {
  name: 'rows_of_shards',
  text: `SELECT ${ROWS_OF_SHARDS}($2, $3, $4, $5, count(*)) AS rows FROM flow_sensor WHERE id = $1`,
};

const names = new WeakMap<Statement, string>();

/** The name by which workers know a statement: their sessions may outlive those of an instance, of which another version has another statement. */
export function nameOnShards(statement: Statement): string {
  let name = names.get(statement);
  if (name === undefined) {
    name = `${statement.name}_${createHash('sha256').update(statement.text).digest('hex').slice(0, 8)}`;
    names.set(statement, name);
  }
  return name;
}
