import type { Statement } from '../database.js';
import { instantJson } from './instant-json.js';
import { bucketStart, HOUR, LEVELS } from './level.js';
import { rangePieces, splitBuckets } from './range-pieces.js';

const EDGES = '$3::timestamptz[]';
const START = `(${EDGES})[1]`;
const END = `(${EDGES})[2]`;

/**
 * A page of one sensor's pings in [start, end), newest first, as the text of
 * the documented JSON array, and the count of them all: of one snapshot.
 *
 * The summaries' running counts lead to the page's first ping, through the
 * hours of one block and the pings of one hour, so that a deep page costs what
 * the first one costs.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[2] range,
 * $4 int page from 1, or null for the last, $5 int pings to a page
 */
export const pingPage: Statement = {
  name: 'ping_page',
  text: `
    WITH ${splitBuckets(EDGES)}
    SELECT page.*
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      WITH piece AS MATERIALIZED (
        SELECT first_at, last_at, ping_count, sum(ping_count) OVER newest_first AS running
        FROM (${rangePieces(START, END)}) AS unordered
        WHERE inside
        WINDOW newest_first AS (ORDER BY first_at DESC)
      ),
      total AS MATERIALIZED (
        SELECT count, coalesce($4::bigint - 1, greatest(count - 1, 0) / $5) * $5 AS skipped
        FROM (SELECT coalesce(sum(ping_count), 0)::bigint AS count FROM piece) AS counted
      ),
      in_piece AS MATERIALIZED (
        SELECT first_at, last_at, ping_count, skipped - (running - ping_count) AS skipped
        FROM piece, total WHERE running > skipped ORDER BY running LIMIT 1
      ),
      in_hour AS MATERIALIZED (
        SELECT first_at, last_at, skipped - (running - ping_count) AS skipped
        FROM (
          SELECT h.first_at, h.last_at, h.ping_count, p.skipped,
            sum(h.ping_count) OVER (ORDER BY h.first_at DESC) AS running
          FROM in_piece p CROSS JOIN LATERAL (
            SELECT first_at, last_at, ping_count FROM ping_summary
            WHERE p.ping_count > 1 AND sensor_id = s.id AND level = ${HOUR}
              AND start >= ${bucketStart(LEVELS[HOUR].width, 'p.first_at')} AND start <= p.last_at
            UNION ALL
            SELECT p.first_at, p.last_at, 1 WHERE p.ping_count = 1
          ) AS h
        ) AS hours
        WHERE running > skipped ORDER BY running LIMIT 1
      ),
      newest AS MATERIALIZED (
        SELECT p.datetime FROM in_hour h CROSS JOIN LATERAL (
          SELECT datetime FROM ping
          WHERE sensor_id = s.id AND datetime >= h.first_at AND datetime <= h.last_at
          ORDER BY datetime DESC OFFSET h.skipped LIMIT 1
        ) AS p
      )
      SELECT total.count::float8 AS count, (
        SELECT '[' || coalesce(string_agg(
          '{"id":' || p.id || sensor.json || p.flowrate || ',"datetime":' || ${instantJson('p.datetime')} || '}',
          ',' ORDER BY p.datetime DESC), '') || ']'
        FROM (
          SELECT ',"sensor_id":' || s.id || ',"sensor_name":' || to_json(s.name) || ',"flowrate":' AS json
        ) AS sensor
        CROSS JOIN LATERAL (
          SELECT id, datetime, flowrate FROM ping
          WHERE sensor_id = s.id AND datetime >= ${START} AND datetime <= (SELECT datetime FROM newest)
          ORDER BY datetime DESC LIMIT $5
        ) AS p
      ) AS results
      FROM total
    ) AS page
    WHERE s.account_id = $1 AND s.id = $2`,
};
