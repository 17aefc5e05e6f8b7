import { COUNTS } from '../../pings/quality.js';
import { IS_TOTALIZER_OF } from '../../pings/sql/totalizers.js';
import type { Statement } from '../../postgres/database.js';
import { rangeVolume } from './range-volume.js';
import { byMethod } from './volume-method.js';

/**
 * A decrease is a rollover where that makes a step of at most half of what the totalizer can show: a
 * smaller one backwards, or a meter that was set back, would make a larger one.
 */
const IS_ROLLOVER = `r.totalizer < r.previous AND r.previous <= r.rollover
        AND r.rollover - r.previous + r.totalizer <= r.rollover / 2`;
const IS_RESET = `r.totalizer < r.previous AND (${IS_ROLLOVER}) IS NOT TRUE`;

/**
 * What the totalizers of sensors come to over ranges, both ends inclusive: of the readings that have one
 * and are not bad. A row for each range with one at least: its number, from 1; the instants of the first and
 * the last (milliseconds since 1970); barrels between them, without the decreases that are no rollovers; and
 * how many of those there are. None of a range with thinned pings.
 *
 * $1 int account id, $2 int[] sensor ids, $3, $4 timestamptz[] starts and ends, pairwise
 */
export const totalizerRanges: Statement = {
  name: 'totalizer_ranges',
  text: `
    SELECT k.range::int AS range, v.*
    FROM flow_sensor s
    JOIN unnest($2::int[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY
      AS k (sensor_id, start, "end", range) ON k.sensor_id = s.id
    CROSS JOIN LATERAL (
      SELECT round(date_part('epoch', min(r.datetime)) * 1000) AS start_at,
        round(date_part('epoch', max(r.datetime)) * 1000) AS end_at,
        min(r.totalizer) FILTER (WHERE r.next IS NULL) - min(r.totalizer) FILTER (WHERE r.previous IS NULL)
          + coalesce(min(r.rollover) * count(*) FILTER (WHERE ${IS_ROLLOVER}), 0)
          + coalesce(sum(r.previous - r.totalizer) FILTER (WHERE ${IS_RESET}), 0) AS volume,
        (count(*) FILTER (WHERE ${IS_RESET}))::int AS resets
      FROM (
        SELECT t.datetime, t.totalizer, s.totalizer_rollover AS rollover,
          lag(t.totalizer) OVER in_time AS previous, lead(t.totalizer) OVER in_time AS next
        FROM ping_totalizer t JOIN ping p ON ${IS_TOTALIZER_OF} AND ${COUNTS}
        WHERE t.sensor_id = s.id AND p.sensor_id = s.id AND t.datetime >= k.start AND t.datetime <= k."end"
          AND p.datetime >= k.start AND p.datetime <= k."end"
        WINDOW in_time AS (ORDER BY t.datetime)
      ) AS r
      HAVING count(*) > 0
    ) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND (s.thinned_until IS NULL OR k.start >= s.thinned_until)`,
};

/**
 * The volumes of sensors over ranges of their own: (range, volume), numbered from 1. $1 int account id, $2
 * int[] sensor ids, $3 to $10 timestamptz[] the eight cuts of each range, pairwise
 */
export const ownRangeVolumes = byMethod((method): Statement => {
  const cuts = Array.from({ length: 8 }, (_, index) => `cut_${index + 1}`).join(', ');
  const parameters = Array.from({ length: 8 }, (_, index) => `$${index + 3}::timestamptz[]`);
  return {
    name: `own_range_volumes_${method.toLowerCase()}`,
    text: `
    SELECT k.range::int AS range, v.volume
    FROM flow_sensor s
    JOIN (
      SELECT sensor_id, range, ARRAY[${cuts}] AS cuts
      FROM unnest($2::int[], ${parameters.join(', ')}) WITH ORDINALITY AS u (sensor_id, ${cuts}, range)
    ) AS k ON k.sensor_id = s.id
    CROSS JOIN LATERAL (${rangeVolume(method, 'VOLUME', undefined, 'k.cuts')}) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
});
