import type { Statement } from '../../postgres/database.js';
import { BOUNDARIES } from './bucket-volumes.js';
import { rangePieces, splitBuckets } from './range-pieces.js';

/**
 * Minimum, maximum and mean of the pings in each slot between consecutive edges that holds one, at
 * the slot's first ping; slots ascending.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] edges, ascending
 */
export const series: Statement = {
  name: 'series',
  text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT s.id AS sensor_id, slot.*
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT round(date_part('epoch', min(first_at)) * 1000) AS at, min(min_flowrate) AS min, max(max_flowrate) AS max,
        sum(flowrate_sum) / sum(ping_count) AS average
      FROM (${rangePieces(`(${BOUNDARIES})[1]`, `(${BOUNDARIES})[cardinality(${BOUNDARIES})]`)}) AS piece
      WHERE inside
      GROUP BY width_bucket(first_at, ${BOUNDARIES})
      ORDER BY 1
    ) AS slot
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY s.id`,
};
