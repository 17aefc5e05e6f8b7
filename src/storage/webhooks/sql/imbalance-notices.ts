import { GROUP_COLUMNS } from '../../groups/sql/sensor-groups.js';
import type { Statement } from '../../postgres/database.js';
import { inMs } from './in-ms.js';
import { RECEIVES_EVENTS } from './outbox.js';

/** The groups with a threshold, of accounts with an endpoint that receives `imbalance_detected`. */
export const watchedGroups: Statement = {
  name: 'watched_sensor_groups',
  text: `
    SELECT account_id AS "accountId", ${GROUP_COLUMNS}
    FROM sensor_group
    WHERE (max_imbalance_percent IS NOT NULL OR max_imbalance_volume IS NOT NULL)
      AND account_id IN (
        SELECT e.account_id FROM webhook_endpoint e
        WHERE ${RECEIVES_EVENTS} AND 'imbalance_detected' = ANY (e.event_types))
    ORDER BY id`,
};

/** $1 int group id, $2 timestamptz after which the days end */
export const imbalanceNotices: Statement = {
  name: 'imbalance_notices',
  text: `
    SELECT ${inMs('start')} AS start, imbalance FROM imbalance_notice
    WHERE group_id = $1 AND "end" > $2::timestamptz`,
};

/** $1 int group id, $2, $3 timestamptz start and end of the day, $4 float8 imbalance in barrels */
export const saveImbalanceNotice: Statement = {
  name: 'save_imbalance_notice',
  text: `
    INSERT INTO imbalance_notice (group_id, start, "end", imbalance) VALUES ($1, $2, $3, $4)
    ON CONFLICT (group_id, start) DO UPDATE SET "end" = excluded."end", imbalance = excluded.imbalance`,
};
