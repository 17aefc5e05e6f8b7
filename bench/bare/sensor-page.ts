import type { Statement } from '../../src/storage/postgres/database.js';
import { ALL } from '../../src/storage/summaries/sql/level.js';
import { instantJson } from './instant-json.js';

const orNull = (json: string) => `coalesce((${json})::text, 'null')`;

const BODY = `'{"id":' || s.id || ',"name":' || to_json(s.name)
  || ',"latitude":' || ${orNull('s.latitude')} || ',"longitude":' || ${orNull('s.longitude')}
  || ',"pipe_diameter":' || ${orNull('s.pipe_diameter')}
  || ',"last_ping_flowrate":' || ${orNull('a.last_flowrate')}
  || ',"last_ping_datetime":' || ${orNull(instantJson('a.last_at'))}
  || ',"activated_at":' || ${orNull(instantJson('s.activated_at'))} || '}'`;

const FROM = `flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}`;

/**
 * A page of an account's sensors by id, as the text of the documented JSON array, and the count of
 * them all: of one snapshot.
 *
 * $1 int account id, $2 int page from 1, or null for the last, $3 int sensors to a page
 */
export const sensorPage: Statement = {
  name: 'sensor_page',
  text: `
    WITH total AS (SELECT count(*)::bigint AS count FROM flow_sensor WHERE account_id = $1)
    SELECT count::float8 AS count, (
      SELECT '[' || coalesce(string_agg(body, ',' ORDER BY id), '') || ']'
      FROM (
        SELECT s.id, ${BODY} AS body FROM ${FROM}
        WHERE s.account_id = $1
        ORDER BY s.id
        OFFSET coalesce($2::bigint - 1, greatest(total.count - 1, 0) / $3) * $3 LIMIT $3
      ) AS sensor
    ) AS results
    FROM total`,
};
