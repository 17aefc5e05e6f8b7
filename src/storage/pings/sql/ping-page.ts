import type { Statement } from '../../postgres/database.js';
import { BLOCK, bucketStart, DAY, HOUR, LEVELS } from '../../summaries/sql/level.js';
import { COUNTS } from '../quality.js';
import { PACKED_PINGS } from './packed-pings.js';
import { THINNED_UNTIL } from './thinned.js';
import { rangePieces, splitBuckets } from '../../volumes/sql/range-pieces.js';

const BOUNDARIES = '$3::timestamptz[]';
const START = `(${BOUNDARIES})[1]`;
const END = `(${BOUNDARIES})[2]`;

/** What is read of pieces: wide rows take longer to sort and keep. */
const COUNTED = ['ping_count', 'first_at', 'last_at'] as const;

/** The pings of the page, newest first. */
export const PINGS_OF_PAGE = `
  SELECT p.id, p.datetime, p.flowrate, p.recorded_at, p.quality FROM ping p
  WHERE p.sensor_id = s.id AND p.datetime >= ${START} AND p.datetime <= (SELECT datetime FROM newest)
    AND ${COUNTS}
  ORDER BY p.datetime DESC LIMIT $5`;

const PACKED_PAGE = `
  s.name AS sensor_name, (SELECT ${PACKED_PINGS} FROM (${PINGS_OF_PAGE}) AS p) AS pings`;

/** Queries for the pieces of sensor `s` in the range, and what they need before them. */
const IN_RANGE = {
  expressions: `WITH ${splitBuckets(BOUNDARIES)}`,
  pieces: rangePieces(START, END, COUNTED),
};
const EVERY = {
  expressions: '',
  pieces: `SELECT true AS inside, ${COUNTED.join(', ')} FROM ping_summary
    WHERE sensor_id = s.id AND level = ${BLOCK}`,
};

/**
 * A page of one sensor's pings in [start, end), bad ones left out, newest first, packed, the
 * sensor's name, and the count of them all, thinned ones among them, and where those end: of one
 * snapshot.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[2] range, $4 int page from 1, or null for the
 * last, $5 int pings to a page
 */
export const pingPage: Statement = {
  name: 'ping_page',
  text: pageOfPings(PACKED_PAGE),
  isShort: true,
};

/** The same where the range is that of all pings. */
export const pingPageOfAll: Statement = {
  name: 'ping_page_of_all',
  text: pageOfPings(PACKED_PAGE, EVERY),
  isShort: true,
};

/**
 * The summaries' running counts lead to the page's first ping, through the days of one block, the
 * hours of one day and the pings of one hour, so that a deep page costs what the first one costs.
 * Counts are added as doubles: that is exact, and faster than sums of bigints, which are numeric.
 *
 * @param columns of PINGS_OF_PAGE and the sensor `s`
 */
export function pageOfPings(columns: string, { expressions, pieces } = IN_RANGE): string {
  return `
    ${expressions}
    SELECT page.*
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      WITH piece AS MATERIALIZED (
        SELECT first_at, last_at, ping_count, (sum(ping_count::float8) OVER newest_first)::bigint AS running
        FROM (${pieces}) AS unordered
        WHERE inside
        WINDOW newest_first AS (ORDER BY first_at DESC)
      ),
      total AS MATERIALIZED (
        SELECT count, coalesce($4::bigint - 1, greatest(count - 1, 0) / $5) * $5 AS skipped
        FROM (SELECT coalesce(sum(ping_count), 0)::bigint AS count FROM piece) AS counted
      ),
      in_piece AS MATERIALIZED (${firstBeyond('SELECT piece.*, skipped FROM piece, total')}),
      in_day AS MATERIALIZED (${firstBeyond(partsOf('in_piece', DAY))}),
      in_hour AS MATERIALIZED (${firstBeyond(partsOf('in_day', HOUR))}),
      newest AS MATERIALIZED (
        SELECT p.datetime FROM in_hour h CROSS JOIN LATERAL (
          SELECT p.datetime FROM ping p
          WHERE p.sensor_id = s.id AND p.datetime >= h.first_at AND p.datetime <= h.last_at AND ${COUNTS}
          ORDER BY p.datetime DESC OFFSET h.skipped LIMIT 1
        ) AS p
      )
      SELECT total.count::float8 AS count, ${THINNED_UNTIL}, ${columns}
      FROM total
    ) AS page
    WHERE s.account_id = $1 AND s.id = $2`;
}

/**
 * The first of several pieces that extends beyond the skipped pings, and how many of its pings to
 * skip.
 */
function firstBeyond(pieces: string): string {
  return `
    SELECT first_at, last_at, ping_count, skipped - (running - ping_count) AS skipped
    FROM (${pieces}) AS pieces
    WHERE running > skipped ORDER BY running LIMIT 1`;
}

/** The days or hours that a piece is of; itself where it lies within one of them. */
function partsOf(piece: string, level: typeof DAY | typeof HOUR): string {
  const { width } = LEVELS[level];
  const [first, last] = [bucketStart(width, 'w.first_at'), bucketStart(width, 'w.last_at')];
  return `
    SELECT part.*, w.skipped, (sum(part.ping_count::float8) OVER (ORDER BY part.first_at DESC))::bigint AS running
    FROM ${piece} w CROSS JOIN LATERAL (
      SELECT first_at, last_at, ping_count FROM ping_summary
      WHERE ${first} < ${last} AND sensor_id = s.id AND level = ${level}
        AND start >= ${first} AND start <= ${last}
      UNION ALL
      SELECT w.first_at, w.last_at, w.ping_count WHERE ${first} = ${last}
    ) AS part`;
}
