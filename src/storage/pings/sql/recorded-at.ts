import type { Statement } from '../../postgres/database.js';

/**
 * When pings were recorded and their severity (null: good), also of those that were deleted since.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] instants, $4 bigint[] ping ids, pairwise
 */
export const recordedAt: Statement = {
  name: 'recorded_at',
  text: `
    SELECT k.id, round(date_part('epoch', coalesce(p.recorded_at, r.ping_recorded_at)) * 1000) AS recorded_at,
      CASE WHEN p.id IS NULL THEN r.old_quality ELSE p.quality END AS quality
    FROM flow_sensor s
    JOIN unnest($2::int[], $3::timestamptz[], $4::bigint[]) AS k (sensor_id, datetime, id) ON k.sensor_id = s.id
    LEFT JOIN ping p ON p.sensor_id = s.id AND p.datetime = k.datetime AND p.id = k.id
    LEFT JOIN ping_revision r ON r.sensor_id = s.id AND r.datetime = k.datetime AND r.ping_id = k.id
      AND r.update_type = 'DELETE'
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};
