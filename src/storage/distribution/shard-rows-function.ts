import { SHARD_ROWS } from '../postgres/shard-rows.js';
import { clusterFunction } from './cluster-function.js';
import { nameShards, STATEMENT_SETTINGS } from './shard-tables.js';

/*
 * Called for each sensor, it does its work for the first one of a shard in each call of a client. The statement is prepared
 * when a session of a worker runs it first; the names of its tables are then those of the shard.
 */
const BODY = `
DECLARE
  prepared text := quote_ident(statement_name || '_' || sensors);
  execution text;
  placed record;
  found json;
BEGIN
  IF current_setting('flowgate.shard_call', true) = call || sensors THEN RETURN NULL; END IF;
  PERFORM set_config('flowgate.shard_call', call || sensors, false), ${STATEMENT_SETTINGS};
  SELECT 'EXECUTE ' || prepared || '(' || string_agg(quote_nullable(value), ',' ORDER BY place) || ')' INTO execution
  FROM unnest(parameters) WITH ORDINALITY AS p (value, place);
  BEGIN
    EXECUTE execution INTO found;
  EXCEPTION WHEN invalid_sql_statement_name THEN
    ${nameShards('statement', `(SELECT substring(relname FROM '[0-9]+$')::bigint FROM pg_class WHERE oid = sensors)`)}
    EXECUTE 'PREPARE ' || prepared || ' AS SELECT json_agg(r) FROM (' || statement || ') AS r';
    EXECUTE execution INTO found;
  END;
  RETURN found;
END`;

/** Runs statements on the shards of flow_sensor. */
export const SHARD_ROWS_FUNCTION = clusterFunction(SHARD_ROWS, {
  parameters: 'call text, statement_name text, statement text, sensors oid, parameters text[]',
  types: 'text, text, text, oid, text[]',
  returns: 'json',
  body: BODY,
});
