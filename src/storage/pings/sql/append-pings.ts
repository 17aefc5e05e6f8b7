import type { Statement } from '../../postgres/database.js';
import { appendToSummaries } from '../../summaries/sql/append-to-summaries.js';
import { ALL, HOUR, levelStart } from '../../summaries/sql/level.js';
import {
  hoursBegun,
  hoursGrown,
  type AppendedParameters,
} from '../../summaries/sql/appended-hours.js';
import { hoursBegunByOne, hoursGrownByOne } from '../../summaries/sql/appended-ping.js';
import { beginSummaries, BEGUN } from '../../summaries/sql/begin-summaries.js';
import { GROWN, growSummaries } from '../../summaries/sql/grow-summaries.js';
import { refreshInstants } from '../../summaries/sql/refresh-summaries.js';
import { RECORDED_AT } from '../../summaries/lock-sensors.js';
import { enqueuePings } from '../../webhooks/sql/outbox.js';

/**
 * Records good pings in one round trip, where they are all that is written: each of a sensor in service, without
 * checks, that no other transaction has locked, after the last one that is stored of it. Otherwise it changes nothing,
 * and its row has nulls.
 *
 * Of the sensors, each once, ascending: $1 int[] ids, $2 int[] accounts, $3, $4 timestamptz[] the first and the last
 * instant, within one day (UTC). Of the pings, by sensor and instant: $5 int[] sensor ids, $6 timestamptz[] instants, $7
 * float8[] bbl/d, $8 int[] which of the ids drawn is a ping's, from 1; $9 text[] traceparents, null of those beyond the list
 */
export const appendPings: Statement = {
  name: 'append_pings',
  text: 'SELECT ping_ids, recorded_at FROM append_pings($1, $2, $3, $4, $5, $6, $7, $8, $9)',
};

export interface AppendRow {
  /** in the order in which they were drawn, comma-separated */
  readonly ping_ids: string | null;
  /** milliseconds since 1970 */
  readonly recorded_at: number | null;
}

/** Locks the sensors, and returns where pings cannot be appended to all of them. */
export const LOCK_FOR_APPENDING = `
  SELECT array_agg(l.last_at), array_agg(greatest(l.last_at, l.last_bad_at)) INTO last_good, last_any
    FROM (
      SELECT last_at, last_bad_at FROM ping_summary
      WHERE sensor_id = ANY (own_sensor_ids) AND level = ${ALL} ORDER BY sensor_id FOR UPDATE SKIP LOCKED
    ) AS l;
  IF cardinality(last_any) IS DISTINCT FROM cardinality(own_sensor_ids) THEN
    RETURN;
  END IF;
  -- A statement of its own, which sees what was committed before the sensors were locked.
  SELECT
      count(*) FILTER (WHERE (s.account_id <> k.account_id OR k.at <= k.last_any
        OR s.retired_at IS NOT NULL OR s.checks IS NOT NULL OR s.entry_unit <> 'bbl/d'
        OR k.at < greatest(s.closed_until, s.thinned_until)) IS NOT TRUE),
      count(*) FILTER (WHERE ${levelStart(HOUR, 'k.at')} = ${levelStart(HOUR, 'k.last_good')})
    INTO free, growing
    FROM unnest(own_sensor_ids, own_account_ids, own_first_instants, last_good, last_any) AS k (sensor_id, account_id, at, last_good, last_any)
    JOIN flow_sensor s ON s.id = k.sensor_id;
  IF free < cardinality(own_sensor_ids) THEN
    RETURN;
  END IF;`;

/**
 * The variables of LOCK_FOR_APPENDING: `growing` is how many sensors' first ping is in the hour of their last one, the arrays
 * are of the instants of that and of the last one of any quality.
 */
export const LOCKING = `
  last_good timestamptz[];
  last_any timestamptz[];
  free int;
  growing int;`;

const APPENDED: AppendedParameters = {
  sensors: ['own_sensor_ids', 'own_first_instants', 'own_last_instants'],
  pings: ['ping_sensor_ids', 'ping_instants', 'ping_flowrates'],
};

/** Refreshes the summaries that hold the pings; unless `growing` is 0, those of hours that have some too. */
export const SUMMARISE_APPENDED = `
  IF cardinality(ping_sensor_ids) = cardinality(own_sensor_ids) THEN${growAndBegin(hoursGrownByOne(APPENDED), hoursBegunByOne(APPENDED))}
  ELSE${growAndBegin(hoursGrown(APPENDED), hoursBegun(APPENDED))}
  END IF;
  IF cardinality(grown) < cardinality(own_sensor_ids) THEN
    SELECT array_agg(k.sensor_id), array_agg(k.at) INTO rest_sensor_ids, rest_instants
      FROM unnest(ping_sensor_ids, ping_instants) AS k (sensor_id, at) WHERE NOT k.sensor_id = ANY (grown);
    ${named(refreshInstants.levels[HOUR]!, ['rest_sensor_ids', 'rest_instants'])};
    SELECT array_agg(k.sensor_id ORDER BY k.sensor_id), array_agg(k.at ORDER BY k.sensor_id) INTO rest_sensor_ids, rest_instants
      FROM unnest(own_sensor_ids, own_last_instants) AS k (sensor_id, at) WHERE NOT k.sensor_id = ANY (grown);
    ${named(appendToSummaries, ['rest_sensor_ids', 'rest_instants'])};
  END IF;`;

/**
 * @param grown what the pings make of hours that have some already, a query
 * @param begun what they make of new ones
 */
function growAndBegin(grown: string, begun: string): string {
  return `
    IF growing > 0 THEN${growSummaries(grown)}
      SELECT coalesce(array_agg(sensor_id), '{}') INTO grown FROM ${GROWN};
    END IF;
    IF cardinality(grown) < cardinality(own_sensor_ids) THEN${beginSummaries(begun)}
      SELECT grown || coalesce(array_agg(sensor_id), '{}') INTO grown FROM ${BEGUN};
    END IF;`;
}

/** The variables of SUMMARISE_APPENDED. */
export const SUMMARISING = `
  grown int[] := '{}';
  rest_sensor_ids int[];
  rest_instants timestamptz[];`;

/**
 * The body of the function in the database: the statements by which pings are otherwise written, each of which sees what
 * those before it did. A migration has it as it is here.
 */
export const APPEND_PINGS_BODY = `
#variable_conflict use_column
DECLARE
  ids bigint[];${LOCKING}${SUMMARISING}
BEGIN${LOCK_FOR_APPENDING}
  recorded_at := ${RECORDED_AT};
  ids := ARRAY(SELECT nextval('ping_id_seq') FROM generate_series(1, cardinality(ping_sensor_ids)));
  INSERT INTO ping (sensor_id, datetime, flowrate, id, recorded_at)
    SELECT k.sensor_id, k.datetime, k.flowrate, ids[k.rank], to_timestamp(append_pings.recorded_at / 1000)
    FROM unnest(ping_sensor_ids, ping_instants, ping_flowrates, ping_ranks) AS k (sensor_id, datetime, flowrate, rank);${SUMMARISE_APPENDED}
  IF EXISTS (SELECT 1 FROM webhook_endpoint) THEN
    ${named(enqueuePings, [
      ...['own_sensor_ids', 'ping_sensor_ids'],
      'ARRAY(SELECT ids[rank] FROM unnest(ping_ranks) WITH ORDINALITY AS k (rank, place) ORDER BY place)',
      ...['ping_instants', 'ping_flowrates', `'{}'::float8[]`, `'{}'::smallint[]`, 'traceparents'],
    ])};
  END IF;
  ping_ids := array_to_string(ids, ',');
END;
`;

/** A statement with the names of variables instead of its parameters. */
function named({ text }: Statement, names: readonly string[]): string {
  return text.trim().replace(/\$(\d)::\w+\[\]/g, (_, number) => names[Number(number) - 1]!);
}
