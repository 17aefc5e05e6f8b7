import { bucketStart, LEVELS } from '../../summaries/sql/level.js';
import { COUNTS } from '../../pings/quality.js';
import { isComplete } from '../../pings/sql/thinned.js';
import { COLUMNS, pingAsPiece, type PieceColumn } from '../../summaries/sql/piece.js';

const [hour, day, block] = LEVELS;

/**
 * Common table expressions that say how the ranges between consecutive boundaries are put together
 * from summaries: a boundary within a block splits it into days, one within a day splits that into
 * hours, and the hours that boundaries fall into are taken ping by ping.
 *
 * @param boundaries a timestamptz[] parameter, ascending, at least two
 */
export function splitBuckets(boundaries: string): string {
  return LEVELS.map(
    ({ name, width }) => `
    split_${name} AS MATERIALIZED (
      SELECT DISTINCT ${bucketStart(width, 'at')} AS start FROM unnest(${boundaries}) AS at
      WHERE ${bucketStart(width, 'at')} <> at
    )`,
  ).join(',');
}

/**
 * The same where hours whose pings are thinned are not split: those that the ends lie in are pieces as
 * they are, and so may begin before the start and end after the end.
 */
export function wholeHourPieces(
  start: string,
  end: string,
  columns: readonly PieceColumn[] = COLUMNS,
): string {
  const outwards = (at: string, hourOf: string) =>
    `CASE WHEN ${isComplete(at)} THEN ${at} ELSE ${hourOf} END`;
  const thinned = `
    SELECT true, ${columns.join(', ')} FROM split_hour w JOIN ping_summary c
      ON c.sensor_id = s.id AND c.level = ${hour.level} AND c.start = w.start
    WHERE NOT ${isComplete('w.start')} AND c.start < ${end} AND c.start + interval '${hour.width}' > ${start}`;
  return pieces(start, end, columns, {
    before: outwards(start, bucketStart(hour.width, start)),
    after: outwards(
      end,
      bucketStart(hour.width, `${end} + interval '${hour.width}' - interval '1 millisecond'`),
    ),
    isSplit: isComplete('w.start'),
    more: `UNION ALL ${thinned}`,
  });
}

/**
 * The pieces of sensor `s` in [start, end), each within one of the ranges between boundaries, in no
 * order; and the ping on either side, `inside` false.
 *
 * @param columns only these are read, because wide rows take longer to sort and keep
 */
export function rangePieces(
  start: string,
  end: string,
  columns: readonly PieceColumn[] = COLUMNS,
): string {
  return pieces(start, end, columns, { before: start, after: end, isSplit: 'true', more: '' });
}

interface SplitHours {
  /** before which, and from which on, the pings on either side lie */
  readonly before: string;
  readonly after: string;
  /** a condition on the split hours `w` that are taken ping by ping */
  readonly isSplit: string;
  readonly more: string;
}

function pieces(
  start: string,
  end: string,
  columns: readonly PieceColumn[],
  { before, after, isSplit, more }: SplitHours,
): string {
  const [ofPing, ofSummary] = [pingAsPiece(columns), columns.join(', ')];
  return `
    (SELECT false AS inside, ${ofPing} FROM ping p
      WHERE p.sensor_id = s.id AND p.datetime < ${before} AND ${COUNTS} ORDER BY p.datetime DESC LIMIT 1)
    UNION ALL
    SELECT true, ${ofSummary} FROM ping_summary c
      WHERE c.sensor_id = s.id AND c.level = ${block.level}
        AND c.start >= ${start} AND c.start < ${bucketStart(block.width, end)}
        AND c.start NOT IN (SELECT start FROM split_block)
    UNION ALL
    ${childPieces(day, block, start, end, ofSummary)}
    UNION ALL
    ${childPieces(hour, day, start, end, ofSummary)}
    UNION ALL
    SELECT true, ${ofPing} FROM split_hour w CROSS JOIN LATERAL (
      SELECT p.datetime, p.flowrate FROM ping p
      WHERE p.sensor_id = s.id AND p.datetime >= greatest(w.start, ${start})
        AND p.datetime < least(w.start + interval '${hour.width}', ${end}) AND ${COUNTS}
      OFFSET 0
    ) AS p WHERE ${isSplit}
    ${more}
    UNION ALL
    (SELECT false, ${ofPing} FROM ping p
      WHERE p.sensor_id = s.id AND p.datetime >= ${after} AND ${COUNTS} ORDER BY p.datetime LIMIT 1)`;
}

type Level = (typeof LEVELS)[number];

/**
 * The whole summaries of one level within the split buckets of the level above. OFFSET 0 keeps each
 * bucket a range scan of its own: otherwise the planner would scan the sensor's whole level once
 * and join.
 */
function childPieces(
  child: Level,
  parent: Level,
  start: string,
  end: string,
  columns: string,
): string {
  return `SELECT true, ${columns} FROM split_${parent.name} w CROSS JOIN LATERAL (
      SELECT start, ${columns} FROM ping_summary
      WHERE sensor_id = s.id AND level = ${child.level} AND start >= greatest(w.start, ${start})
        AND start < least(w.start + interval '${parent.width}', ${bucketStart(child.width, end)})
      OFFSET 0
    ) AS c WHERE c.start NOT IN (SELECT start FROM split_${child.name})`;
}
