import type { Statement } from '../../postgres/database.js';
import { BOUNDARIES } from './bucket-volumes.js';
import { splitBuckets, wholeHourPieces } from './range-pieces.js';

const START = `(${BOUNDARIES})[1]`;

/**
 * Minimum, maximum and mean of the pings in each slot between consecutive edges that holds one, at
 * the slot's first ping; slots ascending. Of thinned pings a whole hour counts in the slot that it begins in.
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
      FROM (${wholeHourPieces(START, `(${BOUNDARIES})[cardinality(${BOUNDARIES})]`)}) AS piece
      WHERE inside AND first_at >= ${START}
      GROUP BY width_bucket(first_at, ${BOUNDARIES})
      ORDER BY 1
    ) AS slot
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY s.id`,
};
