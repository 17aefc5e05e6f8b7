import type { Statement } from '../../postgres/database.js';
import { RECEIVES_EVENTS } from './outbox.js';

/** The endpoints of an account that events are queued for. $1 int account */
export const receivingEndpoints: Statement = {
  name: 'webhook_receiving_endpoints',
  text: `SELECT e.id, e.sensor_ids, e.event_types FROM webhook_endpoint e WHERE e.account_id = $1 AND ${RECEIVES_EVENTS}`,
};

/** How many deliveries wait at each endpoint of an account. $1 int account, $2 int the most to count at each */
export const waitingDeliveries: Statement = {
  name: 'webhook_waiting_deliveries',
  text: `
    SELECT e.id, ${RECEIVES_EVENTS} AS is_receiving, (
      SELECT count(*)::float8 FROM (
        SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.status = 'PENDING' LIMIT $2
      ) AS d
    ) AS waiting
    FROM webhook_endpoint e WHERE e.account_id = $1`,
};
