import type { Statement } from '../../postgres/database.js';
import { inMs } from './in-ms.js';

/**
 * Claims due deliveries for a worker, the oldest first, and numbers those without a number, but for
 * tests, which have none: a receiver that ignores them must not find gaps. The endpoint's state is
 * locked, so numbers have no gaps and none is assigned twice, however many workers there are. A
 * paused endpoint yields nothing. One whose pause is over yields a single delivery, the probe, and
 * stays paused until its outcome is known. A worker that was taken for dead gets nothing.
 *
 * $1 int[] endpoints, $2 int[] the most to claim for each, $3 timestamptz now, $4 int worker, $5
 * int the consecutive failures from which on an endpoint is probed, $6 timestamptz when the probe's
 * outcome is known at the latest
 */
export const claim: Statement = {
  name: 'webhook_claim',
  text: `
    WITH ${claimable(['$1::int[]', '$2::int[]', '$3', '$4', '$5', '$6::timestamptz'], '')}
    ${takeClaimable('$4')}`,
};

/** As SQL, in the order of the parameters of `claim`. */
export type ClaimParameters = readonly [
  ...[endpointIds: string, limits: string, now: string],
  ...[workerId: string, failures: string, until: string],
];

/**
 * The parts of a WITH clause that choose and number the deliveries to claim.
 * @param locked what becomes of endpoints whose state another transaction has locked: it is waited for, or `SKIP LOCKED`
 */
export function claimable(
  [endpointIds, limits, now, workerId, failures, until]: ClaimParameters,
  locked: '' | 'SKIP LOCKED',
): string {
  return `worker AS MATERIALIZED (SELECT 1 FROM webhook_worker WHERE id = ${workerId} FOR KEY SHARE ${locked}),
    state AS MATERIALIZED (
      SELECT s.endpoint_id, s.last_sequence, e.revision, s.consecutive_failures >= ${failures} AS is_probe,
        CASE WHEN s.consecutive_failures >= ${failures} THEN least(w.most, 1) ELSE w.most END AS most
      FROM worker CROSS JOIN unnest(${endpointIds}, ${limits}) AS w (endpoint_id, most)
      JOIN webhook_endpoint_state s ON s.endpoint_id = w.endpoint_id
      JOIN webhook_endpoint e ON e.id = w.endpoint_id
      WHERE e.enabled AND (s.paused_until IS NULL OR s.paused_until <= ${now})
      ORDER BY s.endpoint_id
      FOR NO KEY UPDATE OF s ${locked}
    ),
    due AS MATERIALIZED (
      SELECT s.endpoint_id, s.last_sequence, s.revision, s.is_probe, d.id, d.due_at, d.sequence,
        d.sequence IS NULL AND NOT d.is_test AS is_fresh
      FROM state s CROSS JOIN LATERAL (
        SELECT id, due_at, sequence, is_test FROM webhook_delivery
        WHERE endpoint_id = s.endpoint_id AND status = 'PENDING' AND due_at <= ${now} AND taken_by IS NULL
        ORDER BY due_at, id LIMIT s.most
        FOR UPDATE SKIP LOCKED
      ) AS d
    ),
    numbered AS MATERIALIZED (
      SELECT id, revision, is_probe, CASE WHEN is_fresh THEN
        last_sequence + row_number() OVER (PARTITION BY endpoint_id, is_fresh ORDER BY due_at, id)
      ELSE sequence END AS sequence
      FROM due
    ),
    advanced AS (
      UPDATE webhook_endpoint_state s
      SET last_sequence = s.last_sequence + n.fresh,
        paused_until = CASE WHEN n.is_probe THEN ${until} ELSE s.paused_until END
      FROM (
        SELECT endpoint_id, is_probe, count(*) FILTER (WHERE is_fresh) AS fresh
        FROM due GROUP BY endpoint_id, is_probe
      ) AS n
      WHERE s.endpoint_id = n.endpoint_id AND (n.fresh > 0 OR n.is_probe)
    )`;
}

/** Takes what `claimable` has chosen, and returns it. */
export function takeClaimable(workerId: string): string {
  return `UPDATE webhook_delivery d SET taken_by = ${workerId}, sequence = n.sequence, redeliver = false
    FROM numbered n
    WHERE d.id = n.id AND d.id = ANY (ARRAY(SELECT id FROM numbered))
    RETURNING d.id::text, d.endpoint_id, n.revision, n.is_probe, d.webhook_id, d.sequence::float8, d.tries, d.is_test, d.event_type,
      d.sensor_id, d.sensor_name, d.ping_id::text, ${inMs('d.datetime')} AS at, d.flowrate, d.previous_flowrate, d.quality,
      ${inMs('d.range_start')} AS range_start, ${inMs('d.range_end')} AS range_end, d.ping_count, d.data, d.traceparent`;
}

/**
 * Records attempts, and queues those deliveries again for which that was requested meanwhile. It
 * does not wait for the disk: if the database fails in that moment, the attempts are made again.
 *
 * Pairwise $1 bigint[] deliveries, $2 delivery_status[], $3 timestamptz[] when due, $4 int[] tries,
 * $5 jsonb[] what is appended to their attempts: an array each, which is cheapest for the first
 * attempt; $6 int[] endpoints that a delivery succeeded at
 *
 * @returns the endpoints of deliveries that are queued again
 */
export const recordAttempts: Statement = {
  name: 'webhook_record_attempts',
  text: `
    WITH setting AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    recovered AS (
      UPDATE webhook_endpoint_state SET failing_since = NULL, consecutive_failures = 0, paused_until = NULL
      WHERE endpoint_id = ANY ($6::int[])
        AND (failing_since IS NOT NULL OR consecutive_failures > 0 OR paused_until IS NOT NULL)
    ),
    attempted AS MATERIALIZED (
      SELECT * FROM unnest($1::bigint[], $2::delivery_status[], $3::timestamptz[], $4::int[], $5::jsonb[])
        AS r (id, status, due_at, tries, attempts)
    ),
    recorded AS (
      UPDATE webhook_delivery d
      SET status = CASE WHEN d.redeliver THEN 'PENDING' ELSE r.status END,
        due_at = CASE WHEN d.redeliver THEN '-infinity' ELSE r.due_at END,
        tries = CASE WHEN d.redeliver THEN 0 ELSE r.tries END,
        redeliver = false, taken_by = NULL, logged_sequence = d.sequence, attempts = d.attempts || r.attempts
      FROM setting, attempted r
      WHERE d.id = r.id AND d.id = ANY (ARRAY(SELECT id FROM attempted))
      RETURNING d.endpoint_id, d.due_at
    )
    SELECT DISTINCT endpoint_id FROM recorded WHERE due_at = '-infinity'`,
};

/** Releases what was claimed and not sent. $1 bigint[] deliveries, $2 int worker */
export const release: Statement = {
  name: 'webhook_release',
  text: `UPDATE webhook_delivery SET taken_by = NULL WHERE id = ANY ($1::bigint[]) AND taken_by = $2`,
};

/** Enabled endpoints with deliveries to send, and when the first is due (ms since 1970). */
export const waitingEndpoints: Statement = {
  name: 'webhook_waiting_endpoints',
  text: `
    SELECT e.id, e.account_id,
      ${inMs("greatest(d.due_at, coalesce(s.paused_until, 'epoch'))")} AS due_at
    FROM webhook_endpoint e
    JOIN webhook_endpoint_state s ON s.endpoint_id = e.id
    CROSS JOIN LATERAL (
      SELECT due_at FROM webhook_delivery
      WHERE endpoint_id = e.id AND status = 'PENDING' AND taken_by IS NULL
      ORDER BY due_at, id LIMIT 1
    ) AS d
    WHERE e.enabled`,
};

/** The URLs and secrets of all enabled endpoints. */
export const enabledEndpoints: Statement = {
  name: 'webhook_enabled_endpoints',
  text: `
    SELECT id, account_id, url, secret, previous_secret,
      ${inMs('previous_secret_expires_at')} AS previous_secret_expires_at, revision
    FROM webhook_endpoint WHERE enabled`,
};

/** $1 int endpoint */
export const lockCircuit: Statement = {
  name: 'webhook_lock_circuit',
  text: `
    SELECT ${inMs('failing_since')} AS failing_since, consecutive_failures,
      ${inMs('paused_until')} AS paused_until
    FROM webhook_endpoint_state WHERE endpoint_id = $1 FOR NO KEY UPDATE`,
};

/** $1 int endpoint, $2 timestamptz, $3 int, $4 timestamptz */
export const saveCircuit: Statement = {
  name: 'webhook_save_circuit',
  text: `
    UPDATE webhook_endpoint_state SET failing_since = $2, consecutive_failures = $3, paused_until = $4
    WHERE endpoint_id = $1`,
};

/** Disables an endpoint that is enabled. $1 int endpoint, $2 text why */
export const disableEndpoint: Statement = {
  name: 'webhook_disable_endpoint',
  text: `
    UPDATE webhook_endpoint SET enabled = false, disabled_reason = $2, revision = revision + 1
    WHERE id = $1 AND enabled`,
};
