import type { Statement } from '../../postgres/database.js';
import { PING_ROW } from '../ping-row.js';

/**
 * Pings of one sensor that were recorded together, in the order of their ids.
 *
 * $1 int account id, $2 int sensor id, $3, $4 timestamptz first and last instant, $5, $6 bigint
 * least and greatest id, $7 int maximum rows
 */
export const pingsByIdRange: Statement = {
  name: 'recorded_pings',
  text: `
    SELECT ${PING_ROW}
    FROM flow_sensor s JOIN ping p ON p.sensor_id = s.id
    WHERE s.account_id = $1 AND s.id = $2
      AND p.datetime BETWEEN $3::timestamptz AND $4::timestamptz AND p.id BETWEEN $5::bigint AND $6::bigint
    ORDER BY p.id LIMIT $7`,
};
