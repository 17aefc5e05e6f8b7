import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Statement } from './statement.js';

/** The function of `ROWS_OF_SHARD`. */
export const SHARD_ROWS = 'flowgate_rows_of_shard';

const forms = new Map<string, Statement>();

/**
 * A statement of many sensors in a form for Citus: on every worker a function runs it once for each shard that
 * has one of the sensors, on the tables of that shard. So it is planned once in a session of a worker, where
 * Citus would plan what it sends to workers each time, and it is one that Citus need not understand.
 *
 * $1 int account id, $2 int[] sensor ids, $3 text that no other call has, $4 text[] the parameters of the
 * statement. Rows (rows json): of a shard's first sensor those of the statement, else null
 *
 * @param statement of sensors `s` of the account $1 whose ids are the parameter $2::int[]
 */
export function onShards(statement: Statement): Statement {
  return formOf(statement, '_on_shards', 's.id = ANY($2::int[])');
}

/**
 * The same of a statement of one sensor, with its id as $2, which one worker runs.
 * @param statement of sensor `s` of the account $1 whose id is the parameter $2
 */
export function onShard(statement: Statement): Statement {
  return formOf(statement, '_on_shard', 's.id = $2::int');
}

function formOf({ name, text }: Statement, suffix: string, condition: string): Statement {
  let form = forms.get(name + suffix);
  if (!form) {
    // Sessions of workers may outlive those of an instance: another version has another name.
    const version = createHash('sha256').update(text).digest('hex').slice(0, 8);
    form = {
      name: `${name}${suffix}`,
      text: `
    SELECT ${SHARD_ROWS}($3, ${pg.escapeLiteral(`${name}_${version}`)}, ${pg.escapeLiteral(text)}, s.tableoid, $4::text[]) AS rows
    FROM flow_sensor s WHERE s.account_id = $1 AND ${condition}`,
    };
    forms.set(name + suffix, form);
  }
  return form;
}
