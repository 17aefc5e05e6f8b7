import type { Statement } from '../../postgres/database.js';
import { COUNTS } from '../quality.js';

const finding = (check: string, limit: string, reference = 'NULL::float8') =>
  `jsonb_build_object('check', '${check}', 'limit', ${limit}, 'reference', ${reference})`;

/** The readings `q` of the sensor of ping `p` that count, up to an instant. */
const upTo = (condition: string) =>
  `ping q WHERE q.sensor_id = p.sensor_id AND ${condition} AND ${COUNTS.replaceAll('p.', 'q.')}`;

const MINUTES = `(date_part('epoch', p.datetime - b.datetime) / 60)`;
const FROZEN_FROM = `(p.datetime - make_interval(secs => (c.frozen->>'seconds')::float8))`;

// The cheapest first: a sensor that is not frozen is done with after one comparison.
const IS_FROZEN = `p.flowrate <> 0 AND b.flowrate = p.flowrate
        AND (SELECT count(*) FROM (
          SELECT q.flowrate FROM ${upTo('q.datetime <= p.datetime')}
          ORDER BY q.datetime DESC LIMIT (c.frozen->>'readings')::int
        ) AS l WHERE l.flowrate = p.flowrate) = (c.frozen->>'readings')::int
        AND (SELECT q.flowrate FROM ${upTo(`q.datetime <= ${FROZEN_FROM}`)}
          ORDER BY q.datetime DESC LIMIT 1) = p.flowrate
        AND NOT EXISTS (SELECT 1 FROM ${upTo(`q.datetime > ${FROZEN_FROM} AND q.datetime < p.datetime`)}
          AND q.flowrate <> p.flowrate)`;

const limits = (name: string, check: string) => `
      CASE WHEN p.flowrate < (c."${name}"->>'low')::float8 THEN ${finding(check, `(c."${name}"->>'low')::float8`)}
        WHEN p.flowrate > (c."${name}"->>'high')::float8 THEN ${finding(check, `(c."${name}"->>'high')::float8`)} END`;

/**
 * The pings that fail checks of their sensors, of those that are stored as good at some instants:
 * (sensor_id, datetime, id, flowrate, findings jsonb[]). A ping is compared with those before it.
 *
 * @param keys SQL: `k (sensor_id, datetime, replaced)`, the last the flowrate that a ping had before
 * it was corrected, null of a new one
 */
export function findingsOf(keys: string): string {
  return `
    SELECT * FROM (
      SELECT p.sensor_id, p.datetime, p.id, p.flowrate, array_remove(ARRAY[
      CASE WHEN ${IS_FROZEN} THEN ${finding('FROZEN', `(c.frozen->>'readings')::int`)} END,
      CASE WHEN abs(p.flowrate - b.flowrate) / ${MINUTES} > (c."rateOfChange"->>'perMinute')::float8
        THEN ${finding('RATE_OF_CHANGE', `(c."rateOfChange"->>'perMinute')::float8`, 'b.flowrate')} END,
      ${limits('reasonability', 'REASONABILITY')},
      ${limits('operationalLimit', 'OPERATIONAL_LIMIT')},
      CASE WHEN p.flowrate <> 0 AND abs(p.flowrate) < (c."lowFlow"->>'cutOff')::float8
        THEN ${finding('LOW_FLOW', `(c."lowFlow"->>'cutOff')::float8`)} END,
      CASE WHEN c.duplicate AND k.replaced <> p.flowrate
        THEN ${finding('DUPLICATE', 'NULL::float8', 'k.replaced')} END
      ], NULL) AS findings
      FROM ${keys}
      JOIN flow_sensor s ON s.id = k.sensor_id AND s.checks IS NOT NULL
      CROSS JOIN LATERAL jsonb_to_record(s.checks::jsonb) AS c (frozen jsonb, "rateOfChange" jsonb,
        reasonability jsonb, "operationalLimit" jsonb, "lowFlow" jsonb, duplicate boolean)
      JOIN ping p ON p.sensor_id = s.id AND p.datetime = k.datetime AND p.quality IS NULL
      LEFT JOIN LATERAL (
        SELECT q.datetime, q.flowrate FROM ${upTo('q.datetime < p.datetime')}
          AND (c.frozen IS NOT NULL OR c."rateOfChange" IS NOT NULL)
        ORDER BY q.datetime DESC LIMIT 1
      ) AS b ON true
    ) AS f
    WHERE cardinality(f.findings) > 0`;
}

/**
 * Those of a transaction's pings that fail checks, in the order in which they are flagged. Pairwise $1 int[] sensor ids, $2 timestamptz[]
 * instants, $3 float8[] flowrates before corrections, null of new pings
 */
export const checkPings: Statement = {
  name: 'check_pings',
  text: `
    SELECT f.sensor_id, round(date_part('epoch', f.datetime) * 1000) AS at, f.id, f.flowrate,
      to_jsonb(f.findings) AS findings
    FROM (${findingsOf('unnest($1::int[], $2::timestamptz[], $3::float8[]) AS k (sensor_id, datetime, replaced)')}) AS f
    ORDER BY f.sensor_id, f.datetime`,
};

/** Makes good pings uncertain. $1 int[] sensor ids, $2 timestamptz[] instants, pairwise */
export const markUncertain: Statement = {
  name: 'mark_uncertain',
  text: `
    UPDATE ping p SET quality = 64
    FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, datetime)
    WHERE p.sensor_id = k.sensor_id AND p.datetime = k.datetime AND p.sensor_id = ANY($1::int[])`,
};

/**
 * Pairwise $1 int[] sensor ids, $2 timestamptz[] instants, $3 bigint[] ping ids, $4 float8[]
 * flowrates, $5 text[] findings in JSON; $6 timestamptz when
 */
export const insertFlags: Statement = {
  name: 'insert_flags',
  text: `
    INSERT INTO ping_flag (sensor_id, datetime, ping_id, flowrate, findings, flagged_at)
    SELECT k.sensor_id, k.datetime, k.id, k.flowrate, k.findings::jsonb, $6::timestamptz
    FROM unnest($1::int[], $2::timestamptz[], $3::bigint[], $4::float8[], $5::text[])
      AS k (sensor_id, datetime, id, flowrate, findings)`,
};

/**
 * Resolves the open flags of pings that were corrected. Pairwise $1 int[] sensor ids, $2
 * timestamptz[] instants, $3 text[] statuses, $4 text[] who, $5 text[] comments; $6 timestamptz when
 */
export const resolveCorrected: Statement = {
  name: 'resolve_corrected_flags',
  text: `
    UPDATE ping_flag f SET status = k.status, resolved_by = k.resolved_by,
      comment = k.comment, resolved_at = $6::timestamptz
    FROM unnest($1::int[], $2::timestamptz[], $3::ping_flag_status[], $4::text[], $5::text[])
      AS k (sensor_id, datetime, status, resolved_by, comment)
    WHERE f.sensor_id = k.sensor_id AND f.datetime = k.datetime AND f.status = 'OPEN'
      AND f.sensor_id = ANY($1::int[])`,
};

/**
 * Rejects the open flags of pings that are deleted. $1 int sensor id, $2, $3 timestamptz range, $4
 * text who, $5 text comment, $6 timestamptz when
 */
export const rejectDeleted: Statement = {
  name: 'reject_deleted_flags',
  text: `
    UPDATE ping_flag f SET status = 'REJECTED', resolved_by = $4, comment = $5, resolved_at = $6
    WHERE f.sensor_id = $1 AND f.datetime >= $2 AND f.datetime < $3 AND f.status = 'OPEN'`,
};
