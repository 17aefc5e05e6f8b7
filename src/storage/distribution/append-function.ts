import {
  LOCK_FOR_APPENDING,
  LOCKING,
  SUMMARISE_APPENDED,
  SUMMARISING,
} from '../pings/sql/append-pings.js';
import { APPEND_ON_NODE, PREPARE_NODE, UNPREPARED } from '../pings/sql/append-on-node.js';
import { RECORDED_AT } from '../summaries/lock-sensors.js';
import { onNodeOfSensor } from './cluster-function.js';
import { IS_ELSEWHERE, nameShards, STATEMENT_SETTINGS } from './shard-tables.js';

const LOCK = `
#variable_conflict use_column
DECLARE${LOCKING}
BEGIN${LOCK_FOR_APPENDING}
  is_free := true;
END;
`;

// How many sensors' hours grow is known where they are locked only.
const APPEND = `
#variable_conflict use_column
DECLARE
  growing int := cardinality(own_sensor_ids);${SUMMARISING}
BEGIN
  INSERT INTO ping (sensor_id, datetime, flowrate, id, recorded_at)
    SELECT k.sensor_id, k.datetime, k.flowrate, k.id, to_timestamp(recorded_ms / 1000)
    FROM unnest(ping_sensor_ids, ping_instants, ping_flowrates, ping_ids) AS k (sensor_id, datetime, flowrate, id);${SUMMARISE_APPENDED}
END;
`;

const OWN = 'own_sensor_ids int[], own_account_ids int[], own_first_instants timestamptz[]';
const OWN_PINGS = `own_sensor_ids int[], own_first_instants timestamptz[], own_last_instants timestamptz[], ping_sensor_ids int[],
      ping_instants timestamptz[], ping_flowrates float8[], ping_ids bigint[], recorded_ms float8`;

/** The sensors of each shard. */
const PARTS = `
    SELECT o.shard_id, array_agg(o.sensor_id ORDER BY o.sensor_id) AS sensor_ids, array_agg(o.account_id ORDER BY o.sensor_id) AS account_ids,
      array_agg(o.first_at ORDER BY o.sensor_id) AS first_instants, array_agg(o.last_at ORDER BY o.sensor_id) AS last_instants
    FROM unnest(shard_ids, sensor_ids, account_ids, first_instants, last_instants) AS o (shard_id, sensor_id, account_id, first_at, last_at)
    GROUP BY o.shard_id ORDER BY o.shard_id`;

// Citus takes this lock on the shards of what it writes, and another one that conflicts with it while it moves a shard.
const SHARE_LOCK = 5;

/*
 * The statements run on the tables of a shard, in functions that a session of a worker makes for itself before it first needs
 * them: so each is planned once, where Citus would plan it each time. A transaction that makes them could not be one of
 * several nodes.
 */
const PREPARE_BODY = `
DECLARE
  shard bigint;
  placed record;
  source text;
BEGIN
  PERFORM set_config('citus.enable_ddl_propagation', 'off', true);
  FOREACH shard IN ARRAY shard_ids LOOP
    IF to_regproc('pg_temp.append_' || shard) IS NULL THEN
      source := $source$${LOCK}$source$;
      ${nameShards('source', 'shard')}
      EXECUTE format('CREATE FUNCTION pg_temp.%I(${OWN}, OUT is_free boolean) LANGUAGE plpgsql AS %L', 'lock_' || shard, source);
      source := $source$${APPEND}$source$;
      ${nameShards('source', 'shard')}
      EXECUTE format('CREATE FUNCTION pg_temp.%I(${OWN_PINGS}) RETURNS void LANGUAGE plpgsql AS %L', 'append_' || shard, source);
    END IF;
  END LOOP;
END`;

// Citus knows nothing of what is written to the tables of shards. So these are locked as it would lock them, and have to be on
// this node then.
const APPEND_BODY = `
#variable_conflict use_column
DECLARE
  part record;
  is_free boolean;
  recorded_at double precision;
BEGIN
  PERFORM lock_shard_metadata(${SHARE_LOCK}, shard_ids);
  IF ${IS_ELSEWHERE} THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM unnest(shard_ids) AS k (shard_id) WHERE to_regproc('pg_temp.append_' || k.shard_id) IS NULL) THEN
    RETURN ${UNPREPARED};
  END IF;
  PERFORM ${STATEMENT_SETTINGS};
  FOR part IN ${PARTS} LOOP
    EXECUTE format('SELECT pg_temp.%I($1, $2, $3)', 'lock_' || part.shard_id) INTO is_free
      USING part.sensor_ids, part.account_ids, part.first_instants;
    IF is_free IS NULL THEN
      RETURN NULL;
    END IF;
  END LOOP;
  recorded_at := ${RECORDED_AT};
  FOR part IN ${PARTS} LOOP
    EXECUTE format('SELECT pg_temp.%I($1, $2, $3, p.sensor_ids, p.instants, p.flowrates, p.ids, $8)
      FROM (
        SELECT array_agg(k.sensor_id ORDER BY k.place) AS sensor_ids, array_agg(k.at ORDER BY k.place) AS instants,
          array_agg(k.flowrate ORDER BY k.place) AS flowrates, array_agg(k.id ORDER BY k.place) AS ids
        FROM unnest($4, $5, $6, $7) WITH ORDINALITY AS k (sensor_id, at, flowrate, id, place) WHERE k.sensor_id = ANY ($1)
      ) AS p', 'append_' || part.shard_id)
      USING part.sensor_ids, part.first_instants, part.last_instants, ping_sensor_ids, ping_instants, ping_flowrates, ping_ids, recorded_at;
  END LOOP;
  RETURN recorded_at;
END`;

const TYPES =
  'int, bigint[], int[], int[], timestamptz[], timestamptz[], int[], timestamptz[], float8[], bigint[]';

/** Prepares a session of a node to append pings. */
export const PREPARE_FUNCTION = onNodeOfSensor(PREPARE_NODE, {
  parameters: 'sensor_id int, shard_ids bigint[]',
  types: 'int, bigint[]',
  returns: 'void',
  body: PREPARE_BODY,
});

/** Appends pings on the node that has their sensors. */
export const APPEND_FUNCTION = onNodeOfSensor(APPEND_ON_NODE, {
  parameters: `sensor_id int, shard_ids bigint[], sensor_ids int[], account_ids int[], first_instants timestamptz[], last_instants timestamptz[],
      ping_sensor_ids int[], ping_instants timestamptz[], ping_flowrates float8[], ping_ids bigint[]`,
  types: TYPES,
  returns: 'double precision',
  body: APPEND_BODY,
});
