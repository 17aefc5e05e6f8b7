import { COUNTS } from '../../pings/quality.js';
import { isComplete, THINNED_UNTIL } from '../../pings/sql/thinned.js';
import { countingPingsAsOf } from '../../pings/sql/pings-as-of.js';
import type { Statement } from '../../postgres/database.js';
import { bucketStart, HOUR, LEVELS } from '../../summaries/sql/level.js';

const { width } = LEVELS[HOUR];

/**
 * The first of some instants, none of which begins an hour, whose hour has lost pings of a sensor:
 * (at, thinned_until), milliseconds since 1970. $1 int account id, $2 int[] sensor ids, $3
 * timestamptz[] instants
 */
export const thinnedInstant: Statement = {
  name: 'thinned_instant',
  text: `
    SELECT round(date_part('epoch', k.at) * 1000) AS at, ${THINNED_UNTIL}
    FROM flow_sensor s CROSS JOIN unnest($3::timestamptz[]) AS k (at)
    JOIN ping_summary h ON h.sensor_id = s.id AND h.level = ${HOUR} AND h.start = ${bucketStart(width, 'k.at')}
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND NOT ${isComplete('k.at')}
      AND h.ping_count > (
        SELECT count(*) FROM ping p WHERE p.sensor_id = s.id AND p.datetime >= h.start
          AND p.datetime < h.start + interval '${width}' AND ${COUNTS}
      )
    ORDER BY k.at LIMIT 1`,
};

/**
 * A sensor of which it is not known what was stored at an instant before the start of a range:
 * (thinned_until), milliseconds since 1970. The ping before the start may be one of those that are
 * thinned unless another one lies between. $1 int account id, $2 int[] sensor ids, $3 timestamptz start,
 * $4 timestamptz instant
 */
export const unknownBefore: Statement = {
  name: 'unknown_before',
  text: `
    SELECT ${THINNED_UNTIL}
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND s.thinned_until IS NOT NULL
      AND NOT EXISTS (${countingPingsAsOf('$4::timestamptz', (at) => `${at} >= s.thinned_until AND ${at} <= $3::timestamptz`)})
    LIMIT 1`,
};
