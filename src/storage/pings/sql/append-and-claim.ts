import type { Statement } from '../../postgres/database.js';
import { claimable, takeClaimable, type ClaimParameters } from '../../webhooks/sql/queue.js';
import type { AppendRow } from './append-pings.js';

/**
 * Records pings as `appendPings` does, and claims deliveries for a worker in the same transaction, mostly those of these
 * pings: it can send them once this is committed, without another round trip and another flush. It waits for no other
 * transaction: of an endpoint whose events another one numbers it claims nothing.
 *
 * $1–$9 as of `appendPings`; $10–$15 as $1–$6 of `claim`
 */
export const appendAndClaim: Statement = {
  name: 'append_and_claim',
  text: `SELECT ping_ids, recorded_at, claimed
    FROM append_and_claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
};

export interface AppendAndClaimRow extends AppendRow {
  /** the rows of `claim`; null where there are none */
  readonly claimed: readonly object[] | null;
}

const PARAMETERS: ClaimParameters = [
  ...(['claiming_endpoint_ids', 'claiming_limits', 'claiming_at'] as const),
  ...(['claiming_worker_id', 'claiming_failures', 'claiming_until'] as const),
];

/** The body of the function in the database. A migration has it as it is here. */
export const APPEND_AND_CLAIM_BODY = `
#variable_conflict use_column
BEGIN
  SELECT a.ping_ids, a.recorded_at INTO ping_ids, recorded_at
    FROM append_pings(own_sensor_ids, own_account_ids, own_first_instants, own_last_instants, ping_sensor_ids, ping_instants,
      ping_flowrates, ping_ranks, traceparents) AS a;
  IF ping_ids IS NULL THEN
    RETURN;
  END IF;
  -- A statement of its own, which sees the deliveries that the one before has queued.
  WITH ${claimable(PARAMETERS, 'SKIP LOCKED')},
    taken AS (
      ${takeClaimable('claiming_worker_id')}
    )
    SELECT json_agg(taken) INTO claimed FROM taken;
END;
`;
