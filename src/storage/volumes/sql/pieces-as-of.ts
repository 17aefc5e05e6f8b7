import { countingPingsAsOf } from '../../pings/sql/pings-as-of.js';
import { COLUMNS, pingAsPiece, type PieceColumn } from '../../summaries/sql/piece.js';

/** The instant, unless it is said. */
const AS_OF = '$4::timestamptz';

/**
 * The pings of sensor `s` in [start, end) as they were stored at an instant, each a piece, in no
 * order; and the ping on either side, `inside` false. Summaries are of what is stored now, so that
 * every ping is read.
 */
export function piecesAsOf(
  start: string,
  end: string,
  columns: readonly PieceColumn[] = COLUMNS,
  asOf = AS_OF,
): string {
  const [last, first] = [
    { direction: 'DESC', limit: '1' },
    { direction: 'ASC', limit: '1' },
  ] as const;
  const before = countingPingsAsOf(asOf, (at) => `${at} < ${start}`, last);
  const inside = countingPingsAsOf(asOf, (at) => `${at} >= ${start} AND ${at} < ${end}`);
  const after = countingPingsAsOf(asOf, (at) => `${at} >= ${end}`, first);
  const part = (isInside: boolean, pings: string) =>
    `SELECT ${isInside} AS inside, ${pingAsPiece(columns)} FROM (${pings}) AS p`;
  return [part(false, before), part(true, inside), part(false, after)].join(' UNION ALL ');
}
