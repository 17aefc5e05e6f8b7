import type { Statement } from '../database.js';
import { bucketVolumes, EDGES } from './flow-volumes.js';
import { instantJson } from './instant-json.js';
import { splitBuckets } from './range-pieces.js';
import { roundedVolume } from './rounded-volume.js';

/**
 * Flow volumes of one sensor between consecutive edges, newest first, as the
 * text of the documented JSON array; volumes rounded to 6 decimals.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[] edges, ascending
 */
export const hourBodies: Statement = {
  name: 'hour_bodies',
  text: `
    WITH ${splitBuckets(EDGES)}
    SELECT (
      SELECT '[' || coalesce(string_agg(
        '{"sensor_id":' || s.id || ',"sensor_name":' || to_json(s.name)
        || ',"flow_volume":' || coalesce(${roundedVolume('v.volume')}, 0)
        || ',"start":' || ${instantJson('range_start')} || ',"end":' || ${instantJson('range_end')} || '}',
        ',' ORDER BY range.bucket DESC), '') || ']'
      FROM (
        SELECT bucket, (${EDGES})[bucket] AS range_start, (${EDGES})[bucket + 1] AS range_end
        FROM generate_series(1, cardinality(${EDGES}) - 1) AS bucket
      ) AS range
      LEFT JOIN (${bucketVolumes('LINEAR')}) AS v ON v.bucket = range.bucket
    ) AS results
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = $2`,
};
