import { NEEDED_BY_STATEMENTS } from '../postgres/session-settings.js';
import { SHARD_ROWS } from '../postgres/shard-rows.js';

const SETTINGS = Object.entries(NEEDED_BY_STATEMENTS)
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

/*
 * Called for each sensor, it does its work for the first one of a shard in each call of a client. The statement is prepared
 * when a session of a worker runs it first; the names of its tables are then those of the shard. A table is one where it
 * follows FROM or JOIN.
 */
const BODY = `
DECLARE
  prepared text := quote_ident(statement_name || '_' || sensors);
  execution text;
  placed record;
  found json;
BEGIN
  IF current_setting('flowgate.shard_call', true) = call || sensors THEN RETURN NULL; END IF;
  PERFORM set_config('flowgate.shard_call', call || sensors, false), ${SETTINGS};
  SELECT 'EXECUTE ' || prepared || '(' || string_agg(quote_nullable(value), ',' ORDER BY place) || ')' INTO execution
  FROM unnest(parameters) WITH ORDINALITY AS p (value, place);
  BEGIN
    EXECUTE execution INTO found;
  EXCEPTION WHEN invalid_sql_statement_name THEN
    FOR placed IN
      SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname || '_' || beside.shardid) AS shard
      FROM pg_dist_shard own
      JOIN pg_dist_partition first ON first.logicalrelid = own.logicalrelid
      JOIN pg_dist_partition other ON other.colocationid = first.colocationid
      JOIN pg_dist_shard beside ON beside.logicalrelid = other.logicalrelid AND beside.shardminvalue = own.shardminvalue
      JOIN pg_class c ON c.oid = other.logicalrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE own.shardid = (SELECT substring(relname FROM '[0-9]+$')::bigint FROM pg_class WHERE oid = sensors)
    LOOP
      statement := regexp_replace(statement, '\\m(FROM|JOIN) ' || placed.name || '\\M', '\\1 ' || placed.shard, 'g');
    END LOOP;
    EXECUTE 'PREPARE ' || prepared || ' AS SELECT json_agg(r) FROM (' || statement || ') AS r';
    EXECUTE execution INTO found;
  END;
  RETURN found;
END`;

/** Creates the function that runs statements on the shards of flow_sensor, on every node. */
export const CREATE_SHARD_ROWS = `CREATE OR REPLACE FUNCTION ${SHARD_ROWS}(call text, statement_name text, statement text, sensors oid, parameters text[]) RETURNS json LANGUAGE plpgsql AS $flowgate$${BODY}$flowgate$`;

export const DROP_SHARD_ROWS = `DROP FUNCTION IF EXISTS ${SHARD_ROWS}(text, text, text, oid, text[])`;

/** Whether the function is there as this version needs it. $1 its body */
export const HAS_SHARD_ROWS = {
  text: `SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = '${SHARD_ROWS}' AND prosrc = $1
    AND pronamespace = current_schema()::regnamespace) AS found`,
  values: [BODY],
};
