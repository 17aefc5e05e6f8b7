import type { Statement } from '../../postgres/database.js';
import { RECEIVES_EVENTS } from './outbox.js';

/**
 * The endpoints of an account that events are queued for, and how many deliveries wait at each. $1
 * int account, $2 int the most to count at each
 */
export const accountBacklog: Statement = {
  name: 'webhook_account_backlog',
  text: `
    SELECT e.sensor_ids, e.event_types, (
      SELECT count(*)::float8 FROM (
        SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.status = 'PENDING' LIMIT $2
      ) AS d
    ) AS waiting
    FROM webhook_endpoint e WHERE e.account_id = $1 AND ${RECEIVES_EVENTS}`,
};
