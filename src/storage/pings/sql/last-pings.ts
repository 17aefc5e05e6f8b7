import type { Statement } from '../../postgres/database.js';
import { PING_ROW } from '../ping-row.js';
import { ALL } from '../../summaries/sql/level.js';

/**
 * The newest ping, by datetime, of each of the sensors that has one. $1 int account id, $2 int[]
 * sensor ids
 */
export const lastPings: Statement = {
  name: 'last_pings',
  text: `
    SELECT ${PING_ROW}
    FROM flow_sensor s
    JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}
    JOIN ping p ON p.sensor_id = s.id AND p.datetime = a.last_at
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};
