import { COUNTS } from '../../pings/quality.js';
import { countingPingsAsOf } from '../../pings/sql/pings-as-of.js';
import { IS_TOTALIZER_OF } from '../../pings/sql/totalizers.js';
import type { Statement } from '../../postgres/database.js';
import type { PieceColumn } from '../../summaries/sql/piece.js';
import { piecesAsOf } from './pieces-as-of.js';
import { rangeVolume } from './range-volume.js';
import { byMethod, type VolumeMethod } from './volume-method.js';

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
export const totalizerRanges = ofReadings('totalizer_ranges', stored());

/** The same as of the instant $5. */
export const totalizerRangesAsOf = ofReadings(
  'totalizer_ranges_as_of',
  storedAsOf('$5::timestamptz'),
);

function ofReadings(name: string, readings: string): Statement {
  return {
    name,
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
        SELECT t.*, lag(t.totalizer) OVER in_time AS previous, lead(t.totalizer) OVER in_time AS next
        FROM (${readings}) AS t
        WINDOW in_time AS (ORDER BY t.datetime)
      ) AS r
      HAVING count(*) > 0
    ) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND (s.thinned_until IS NULL OR k.start >= s.thinned_until)`,
  };
}

/** The readings of sensor `s` in the range `k` that have a totalizer and count. */
function stored(): string {
  return `
          SELECT t.datetime, t.totalizer, s.totalizer_rollover AS rollover
          FROM ping_totalizer t JOIN ping p ON ${IS_TOTALIZER_OF} AND ${COUNTS}
          WHERE t.sensor_id = s.id AND p.sensor_id = s.id AND t.datetime >= k.start AND t.datetime <= k."end"
            AND p.datetime >= k.start AND p.datetime <= k."end"`;
}

/**
 * Those as of an instant. What a totalizer was is what the first revision after that replaced which
 * changes it or deletes its ping; the rollover is the one that was set then.
 */
function storedAsOf(asOf: string): string {
  const within = (at: string) => `${at} >= k.start AND ${at} <= k."end"`;
  return `
          SELECT * FROM (
            SELECT p.datetime, CASE WHEN later.id IS NULL THEN t.totalizer ELSE later.old_totalizer END AS totalizer,
              CASE WHEN changed.id IS NULL THEN s.totalizer_rollover ELSE changed.old_value::float8 END AS rollover
            FROM (${countingPingsAsOf(asOf, within)}) AS p
            LEFT JOIN ping_totalizer t ON t.sensor_id = s.id AND t.datetime = p.datetime AND t.ping_id = p.id
            LEFT JOIN LATERAL (
              SELECT r.id, r.old_totalizer FROM ping_revision r
              WHERE r.sensor_id = s.id AND r.datetime = p.datetime AND r.ping_id = p.id AND r.revised_at > ${asOf}
                AND (r.update_type = 'DELETE' OR r.update_type = 'REPLACE' AND
                  (r.old_totalizer IS NOT NULL OR r.new_totalizer IS NOT NULL))
              ORDER BY r.id LIMIT 1
            ) AS later ON true
            LEFT JOIN LATERAL (
              SELECT c.id, c.old_value FROM sensor_configuration_change c
              WHERE c.sensor_id = s.id AND c.parameter = 'TOTALIZER_ROLLOVER' AND c.recorded_at > ${asOf}
              ORDER BY c.id LIMIT 1
            ) AS changed ON true
          ) AS known WHERE totalizer IS NOT NULL`;
}

/**
 * The volumes of sensors over ranges of their own: (range, volume), numbered from 1. $1 int account id, $2
 * int[] sensor ids, $3 to $10 timestamptz[] the eight cuts of each range, pairwise
 */
export const ownRangeVolumes = byMethod((method) => ownRange('own_range_volumes', method));

/** The same of the pings as they were stored at the instant $11. */
export const ownRangeVolumesAsOf = byMethod((method) =>
  ownRange('own_range_volumes_as_of', method, (columns) =>
    piecesAsOf('(k.cuts)[1]', '(k.cuts)[8]', columns, '$11::timestamptz'),
  ),
);

function ownRange(
  name: string,
  method: VolumeMethod,
  piecesOf?: (columns: readonly PieceColumn[]) => string,
): Statement {
  const cuts = Array.from({ length: 8 }, (_, index) => `cut_${index + 1}`).join(', ');
  const parameters = Array.from({ length: 8 }, (_, index) => `$${index + 3}::timestamptz[]`);
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    SELECT k.range::int AS range, v.volume
    FROM flow_sensor s
    JOIN (
      SELECT sensor_id, range, ARRAY[${cuts}] AS cuts
      FROM unnest($2::int[], ${parameters.join(', ')}) WITH ORDINALITY AS u (sensor_id, ${cuts}, range)
    ) AS k ON k.sensor_id = s.id
    CROSS JOIN LATERAL (${rangeVolume(method, 'VOLUME', piecesOf, 'k.cuts')}) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
}
