import { COUNTS } from '../../pings/quality.js';
import { BLOCK, DAY, HOUR, type Level } from '../../summaries/sql/level.js';
import { pingAsPiece, type PieceColumn } from '../../summaries/sql/piece.js';

/**
 * The pieces of sensor `s` in a range that is cut in the server, in no order; and the ping on either
 * side, `inside` false.
 *
 * @param cuts a timestamptz[8] parameter, as `rangeCuts` makes it
 */
export function piecesBetweenCuts(cuts: string, columns: readonly PieceColumn[]): string {
  const ofPing = pingAsPiece(columns);
  const cut = (index: number) => `(${cuts})[${index}]`;
  // The condition on the cuts alone comes first: where two are the same no index is searched.
  const between = (column: string, from: number) =>
    `${cut(from)} < ${cut(from + 1)} AND ${column} >= ${cut(from)} AND ${column} < ${cut(from + 1)}`;
  const pings = (from: number) => `
    SELECT true, ${ofPing} FROM ping p
    WHERE p.sensor_id = s.id AND ${between('p.datetime', from)} AND ${COUNTS}`;
  const summaries = (level: Level, from: number) => `
    SELECT true, ${columns.join(', ')} FROM ping_summary
    WHERE sensor_id = s.id AND level = ${level} AND ${between('start', from)}`;
  return [
    `(SELECT false AS inside, ${ofPing} FROM ping p
      WHERE p.sensor_id = s.id AND p.datetime < ${cut(1)} AND ${COUNTS} ORDER BY p.datetime DESC LIMIT 1)`,
    pings(1),
    summaries(HOUR, 2),
    summaries(DAY, 3),
    summaries(BLOCK, 4),
    summaries(DAY, 5),
    summaries(HOUR, 6),
    pings(7),
    `(SELECT false, ${ofPing} FROM ping p
      WHERE p.sensor_id = s.id AND p.datetime >= ${cut(8)} AND ${COUNTS} ORDER BY p.datetime LIMIT 1)`,
  ].join('\n    UNION ALL');
}
