import type { Statement } from '../../postgres/database.js';
import { ALL } from './level.js';

/*
 * A sensor's last ping, which writers compare theirs with, may be a bad one. Summaries leave those out,
 * so the summary of all pings has the instant of the last bad one beside them.
 */

/** Takes bad pings into account. $1 int[] sensor ids, $2 timestamptz[] instants, pairwise */
export const raiseLastBad: Statement = {
  name: 'raise_last_bad',
  text: `
    UPDATE ping_summary c SET last_bad_at = greatest(c.last_bad_at, k.at)
    FROM (SELECT sensor_id, max(at) AS at FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)
      GROUP BY sensor_id) AS k
    WHERE c.sensor_id = k.sensor_id AND c.level = ${ALL} AND c.sensor_id = ANY($1::int[])`,
};

/** Finds a sensor's last bad ping, once others may not be bad any more. $1 int sensor id */
export const findLastBad: Statement = {
  name: 'find_last_bad',
  text: `
    UPDATE ping_summary SET last_bad_at =
      (SELECT max(p.datetime) FROM ping p WHERE p.sensor_id = $1 AND p.quality = 0)
    WHERE sensor_id = $1 AND level = ${ALL}`,
};
