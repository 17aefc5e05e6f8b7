import type { Statement } from '../../postgres/database.js';
import { COUNTS } from '../../pings/quality.js';
import { isComplete } from '../../pings/sql/thinned.js';
import { bucketStart, HOUR, LEVELS } from '../../summaries/sql/level.js';
import { LEAST_MAX_GAP, maxGapAt } from '../../summaries/sql/max-gap.js';
import { PIECE_COLUMNS, pingAsPiece } from '../../summaries/sql/piece.js';
import { splitBuckets, wholeHourPieces } from './range-pieces.js';
import { milliseconds } from '../../summaries/sql/segment.js';

const BOUNDARIES = '$3::timestamptz[]';
const START = `(${BOUNDARIES})[1]`;
const END = `(${BOUNDARIES})[2]`;
const LEAST = `(${LEAST_MAX_GAP}) * 1000::float8`;
const hour = LEVELS[HOUR];
// An hour that had an outage when its pings were to be thinned has kept them; a lesser max_gap since then
// does not apply to it.
const IS_SEARCHED = `hourly.longest_gap_ms > ${LEAST} AND (${isComplete('hourly.first_at')}
          OR hourly.longest_gap_ms > (${maxGapAt('hourly.first_at')}) * 1000::float8)`;

/**
 * The segments of sensors that are longer than the sensor's max_gap in force where they begin and
 * meet a range, whole, ascending. Only the spans whose summaries contain a segment longer than the
 * least max_gap that the sensor had are searched.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[2] range, $4 int maximum rows
 */
export const outages: Statement = {
  name: 'outages',
  text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT s.id AS sensor_id, round(date_part('epoch', o.last_at) * 1000) AS "start",
      round(date_part('epoch', o.next_at) * 1000) AS "end"
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      WITH piece AS MATERIALIZED (${wholeHourPieces(START, END)}),
      hourly AS MATERIALIZED (
        SELECT first_at, last_at, longest_gap_ms FROM piece WHERE longest_gap_ms <= ${LEAST}
        UNION ALL
        SELECT h.first_at, h.last_at, h.longest_gap_ms FROM piece CROSS JOIN LATERAL (
          SELECT ${PIECE_COLUMNS} FROM ping_summary
          WHERE sensor_id = s.id AND level = ${HOUR}
            AND start >= ${bucketStart(hour.width, 'piece.first_at')} AND start <= piece.last_at
        ) AS h
        WHERE piece.longest_gap_ms > ${LEAST}
      ),
      exact AS (
        SELECT first_at, last_at FROM hourly WHERE NOT (${IS_SEARCHED})
        UNION ALL
        SELECT p.first_at, p.last_at FROM hourly CROSS JOIN LATERAL (
          SELECT ${pingAsPiece()} FROM ping p
          WHERE p.sensor_id = s.id AND p.datetime >= hourly.first_at AND p.datetime <= hourly.last_at
            AND ${COUNTS}
        ) AS p
        WHERE ${IS_SEARCHED}
      )
      SELECT last_at, next_at
      FROM (SELECT last_at, lead(first_at) OVER (ORDER BY first_at) AS next_at FROM exact) AS segment
      WHERE ${milliseconds('last_at', 'next_at')} > (${maxGapAt('last_at')}) * 1000::float8 AND last_at < ${END} AND next_at > ${START}
      ORDER BY last_at
    ) AS o
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY s.id
    LIMIT $4`,
};
