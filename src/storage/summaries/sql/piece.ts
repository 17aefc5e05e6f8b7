import { segmentVolumes } from './segment-volumes.js';
import { milliseconds } from './segment.js';

/** One ping `p` as a piece: a column's name, and what it is of the ping. */
const OF_PING = {
  ping_count: '1::bigint',
  first_at: 'p.datetime',
  first_flowrate: 'p.flowrate',
  last_at: 'p.datetime',
  last_flowrate: 'p.flowrate',
  measured_linear_volume: '0::float8',
  measured_step_volume: '0::float8',
  outage_linear_volume: '0::float8',
  outage_step_volume: '0::float8',
  covered_ms: '0::bigint',
  longest_gap_ms: '0::bigint',
  min_flowrate: 'p.flowrate',
  max_flowrate: 'p.flowrate',
  flowrate_sum: 'p.flowrate',
};

type Piece = typeof OF_PING;

export type PieceColumn = keyof Piece;

export const COLUMNS = Object.keys(OF_PING) as PieceColumn[];

/**
 * A piece is a run of consecutive pings of one sensor: a single ping, or the summary of an hour, a
 * day, a block or all of them. Pieces in the order of time merge into one; the segment between two
 * neighbours is added as they do.
 */
export const PIECE_COLUMNS = COLUMNS.join(', ');

/** Some columns of ping `p` as a piece. */
export function pingAsPiece(columns: readonly PieceColumn[] = COLUMNS): string {
  return columns.map((column) => `${OF_PING[column]} AS ${column}`).join(', ');
}

const UNKNOWN_WITHOUT_PINGS: ReadonlySet<keyof Piece> = new Set([
  ...(['first_at', 'first_flowrate', 'last_at', 'last_flowrate'] as const),
  ...(['min_flowrate', 'max_flowrate'] as const),
]);

/** The piece of no pings, in the order of PIECE_COLUMNS. */
export const EMPTY_PIECE = COLUMNS.map((column) =>
  UNKNOWN_WITHOUT_PINGS.has(column) ? 'NULL' : '0',
).join(', ');

const OF_SUMMARY = Object.fromEntries(COLUMNS.map((column) => [column, `p.${column}`])) as Piece;

/** The max gap in seconds, as SQL, of a segment that begins at an instant. */
type MaxGapAt = (instant: string) => string;

/**
 * Merges pings into one piece; no row if there are none.
 * @param pings a query for (sensor_id, datetime, flowrate) of one sensor
 */
export function mergedPings(pings: string, maxGapAt: MaxGapAt): string {
  return merged(OF_PING, pings, 'datetime', maxGapAt);
}

/**
 * Merges summaries into one piece; no row if there are none.
 * @param summaries a query for (sensor_id, start, …a piece) of one sensor and one level
 * @param next a row with the piece that follows, where the segment to it is to be added
 */
export function mergedSummaries(summaries: string, maxGapAt: MaxGapAt, next?: string): string {
  return merged(OF_SUMMARY, summaries, 'start', maxGapAt, next);
}

// Grouped by the sensor, though there is but one: no pings are then no row, and Citus takes it for many
// sensors at once. The gaps are computed below the aggregates, not in each of them: a quarter of the time of all. And
// what is constant of a ping is not carried through the window: another tenth.
function merged(
  piece: Piece,
  pieces: string,
  at: string,
  maxGapAt: MaxGapAt,
  next?: string,
): string {
  const following = (column: 'first_at' | 'first_flowrate') =>
    `lead(${piece[column]}${next === undefined ? '' : `, 1, ${next}.${column}`}) OVER in_time`;
  const gap = 'p.gap_ms';
  const volumes = Object.entries(segmentVolumes('p', piece.last_flowrate, 'p.next_flowrate')).map(
    ([column, volume]) => `sum(${piece[column as keyof Piece]} + ${volume}) AS ${column}`,
  );
  return `
    SELECT sum(${piece.ping_count})::bigint AS ping_count,
      min(${piece.first_at}) AS first_at, min(${piece.first_flowrate}) FILTER (WHERE p.is_first) AS first_flowrate,
      max(${piece.last_at}) AS last_at, min(${piece.last_flowrate}) FILTER (WHERE ${gap} IS NULL) AS last_flowrate,
      ${volumes.join(',\n      ')},
      (sum(${piece.covered_ms}) + coalesce(sum(${gap}) FILTER (WHERE ${gap} <= p.max_gap_ms), 0))::bigint AS covered_ms,
      coalesce(greatest(max(${piece.longest_gap_ms}), max(${gap})), 0)::bigint AS longest_gap_ms,
      min(${piece.min_flowrate}) AS min_flowrate, max(${piece.max_flowrate}) AS max_flowrate,
      sum(${piece.flowrate_sum}) AS flowrate_sum
    FROM (
      SELECT p.*, row_number() OVER in_time = 1 AS is_first,
        ${following('first_flowrate')} AS next_flowrate,
        ${milliseconds(piece.last_at, following('first_at'))} AS gap_ms,
        (${maxGapAt(piece.last_at)}) * 1000::float8 AS max_gap_ms
      FROM (${pieces}) AS p
      WINDOW in_time AS (ORDER BY p.${at})
    ) AS p
    GROUP BY p.sensor_id`;
}
