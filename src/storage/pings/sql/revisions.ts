import type { Statement } from '../../postgres/database.js';

const MATCHES = `r.sensor_id = s.id
        AND ($3::timestamptz IS NULL OR r.datetime >= $3) AND ($4::timestamptz IS NULL OR r.datetime < $4)`;

/** Newest first, and oldest first. */
export const pingRevisions = { DESC: inOrder('DESC'), ASC: inOrder('ASC') };

/**
 * What was inserted late, corrected or deleted of sensors' pings.
 *
 * $1 int account id, $2 int[] sensor ids, $3, $4 timestamptz range of the pings' instants or null,
 * $5, $6 bigint revisions between which they are, exclusive, the newer one first, or null, $7 int
 * maximum rows a sensor
 */
function inOrder(order: 'ASC' | 'DESC'): Statement {
  const text = `
    SELECT r.id, s.id AS sensor_id, r.update_type, r.ping_id,
      round(date_part('epoch', r.datetime) * 1000) AS at, r.old_flowrate, r.new_flowrate,
      r.old_quality, r.new_quality, r.old_totalizer, r.new_totalizer,
      round(date_part('epoch', r.revised_at) * 1000) AS revised_at, r.revised_by, r.reason_code,
      r.reason AS comment
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT * FROM ping_revision r
      WHERE ${MATCHES} AND ($5::bigint IS NULL OR r.id < $5) AND ($6::bigint IS NULL OR r.id > $6)
      ORDER BY r.id ${order} LIMIT $7
    ) AS r
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY s.id, r.id ${order}`;
  return { name: `ping_revisions_${order.toLowerCase()}`, text };
}

/** How many there are. $1 int account id, $2 int[] sensor ids, $3, $4 timestamptz range or null */
export const pingRevisionCounts: Statement = {
  name: 'ping_revision_counts',
  text: `
    SELECT s.id AS sensor_id, counted.count
    FROM flow_sensor s
    CROSS JOIN LATERAL (SELECT count(*)::float8 AS count FROM ping_revision r WHERE ${MATCHES}) AS counted
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};
