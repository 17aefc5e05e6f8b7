import type { Statement } from '../../postgres/database.js';

/**
 * Edges of the local days, weeks or months that meet a range, its own start and end among them, as
 * milliseconds since 1970, ascending.
 *
 * A local time that is skipped counts as moved on by the jump, which is what AT TIME ZONE does. One
 * that occurs twice is the first, where AT TIME ZONE takes the second: the first is the one that
 * lies 24 hours after the same local time of the day before.
 *
 * $1, $2 timestamptz range, $3 text 'day' | 'week' | 'month', $4 text zone, $5 interval day start
 */
export const calendarBoundaries: Statement = {
  name: 'calendar_edges',
  text: `
    SELECT round(date_part('epoch', at) * 1000) AS at
    FROM (
      SELECT $1::timestamptz AS at
      UNION
      SELECT CASE WHEN first AT TIME ZONE $4 = local THEN first ELSE local AT TIME ZONE $4 END
      FROM (
        SELECT local, (local - interval '1 day') AT TIME ZONE $4 + interval '24 hours' AS first
        FROM (
          SELECT turn + $5::interval AS local
          FROM generate_series(
            date_trunc($3, $1::timestamptz AT TIME ZONE $4 - $5::interval - interval '1 day'),
            $2::timestamptz AT TIME ZONE $4 + interval '1 day',
            ('1 ' || $3)::interval
          ) AS turn
        ) AS turns
      ) AS instants
      UNION
      SELECT $2::timestamptz
    ) AS edges
    WHERE at >= $1::timestamptz AND at <= $2::timestamptz
    ORDER BY at`,
};
