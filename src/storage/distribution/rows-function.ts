import { ROWS_OF_SHARDS, UNPREPARED_ROWS } from '../postgres/shard-rows.js';
import { clusterFunction } from './cluster-function.js';
import { IS_ELSEWHERE, nameShards, STATEMENT_SETTINGS } from './shard-tables.js';

/*
 * The statement is prepared when a session of a worker runs it first on a shard; the names of its tables are then those of
 * the shard.
 */
const BODY = `
DECLARE
  shard bigint;
  prepared text;
  execution text;
  placed record;
  source text;
  found text;
  parts text[] := '{}';
BEGIN
  IF ${IS_ELSEWHERE} THEN RETURN NULL; END IF;
  PERFORM ${STATEMENT_SETTINGS};
  FOR place IN 1..cardinality(shard_ids) LOOP
    shard := shard_ids[place];
    prepared := quote_ident(statement_name || '_' || shard);
    SELECT 'EXECUTE ' || prepared || '(' || string_agg(quote_nullable(value), ',' ORDER BY number) || ')' INTO execution
    FROM unnest(parameters[place:place]) WITH ORDINALITY AS p (value, number);
    BEGIN
      EXECUTE execution INTO found;
    EXCEPTION WHEN invalid_sql_statement_name THEN
      IF statement IS NULL THEN RETURN '${UNPREPARED_ROWS}'; END IF;
      source := statement;
      ${nameShards('source', 'shard')}
      EXECUTE 'PREPARE ' || prepared || ' AS SELECT json_agg(r) FROM (' || source || ') AS r';
      EXECUTE execution INTO found;
    END;
    parts := parts || coalesce(found, '[]');
  END LOOP;
  RETURN '[' || array_to_string(parts, ',') || ']';
END`;

/** Runs statements on shards of flow_sensor, on the node that has them; `asked` is what its caller counts there. */
export const ROWS_FUNCTION = clusterFunction(ROWS_OF_SHARDS, {
  parameters:
    'statement_name text, statement text, shard_ids bigint[], parameters text[], asked bigint',
  types: 'text, text, bigint[], text[], bigint',
  returns: 'text',
  body: BODY,
});
