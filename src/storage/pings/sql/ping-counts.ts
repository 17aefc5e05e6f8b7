import type { Statement } from '../../postgres/database.js';
import { ALL } from '../../summaries/sql/level.js';
import { pingsAsOf } from './pings-as-of.js';
import { completeFrom, isComplete, THINNED_UNTIL } from './thinned.js';
import { rangePieces, splitBuckets } from '../../volumes/sql/range-pieces.js';

const BOUNDARIES = '$3::timestamptz[]';
const START = completeFrom(`(${BOUNDARIES})[1]`);
const IN_RANGE = `p.datetime >= ${START} AND p.datetime < (${BOUNDARIES})[2]`;
/** and where the thinned pings of the sensors end */
const SPLITS = `array_cat(${BOUNDARIES}, ARRAY(
      SELECT thinned_until FROM flow_sensor
      WHERE account_id = $1 AND id = ANY($2::int[]) AND thinned_until IS NOT NULL))`;

/** How many pings sensors have, thinned ones among them. $1 int account id, $2 int[] sensor ids */
export const pingCounts: Statement = {
  name: 'ping_counts',
  text: `
    SELECT s.id AS sensor_id, a.ping_count::float8 + ${badPings('true')} AS count, ${THINNED_UNTIL}
    FROM flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};

/**
 * How many pings sensors have in [start, end), without thinned ones. $1 int account id, $2 int[] sensor ids, $3
 * timestamptz[2] range
 */
export const pingCountsBetween: Statement = {
  name: 'ping_counts_between',
  text: `
    WITH ${splitBuckets(SPLITS)}
    SELECT s.id AS sensor_id, counted.count
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(ping_count), 0)::float8 + ${badPings(IN_RANGE)} AS count
      FROM (${rangePieces(START, `(${BOUNDARIES})[2]`)}) AS piece WHERE inside
    ) AS counted
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};

/**
 * How many pings sensors had in [start, end) at an instant. $1 int account id, $2 int[] sensor ids,
 * $3, $4 timestamptz range, $5 timestamptz instant
 */
export const pingCountsAsOf: Statement = {
  name: 'ping_counts_as_of',
  text: `
    SELECT s.id AS sensor_id, counted.count
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT count(*)::float8 AS count
      FROM (${pingsAsOf('$5::timestamptz', (at) => `${at} >= $3 AND ${at} < $4 AND ${isComplete(at)}`)}) AS p
    ) AS counted
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};

/** How many bad pings sensor `s` has: an index leads to them, and summaries leave them out. */
function badPings(condition: string): string {
  return `(SELECT count(*) FROM ping p WHERE p.sensor_id = s.id AND p.quality = 0 AND ${condition})`;
}
