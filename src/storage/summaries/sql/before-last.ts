import { BLOCK, ALL, DAY, type Level } from './level.js';
import { COLUMNS, type PieceColumn } from './piece.js';

/*
 * Beside the summary of a day, a block or all time is kept (before_last) what its children before the last one come to, with the
 * segment that leads to that, so that readings appended to the last one need no other.
 */

export const LEVELS_ABOVE_HOURS: readonly Level[] = [DAY, BLOCK, ALL];

/** What is kept, in this order, and how it and the last child make the whole. */
const TOGETHER: Readonly<Partial<Record<PieceColumn, (before: string, last: string) => string>>> = {
  ping_count: (before, last) => `(${before} + ${last})::bigint`,
  measured_linear_volume: sum,
  measured_step_volume: sum,
  outage_linear_volume: sum,
  outage_step_volume: sum,
  covered_ms: (before, last) => `(${before} + ${last})::bigint`,
  longest_gap_ms: (before, last) => `greatest(${before}::bigint, ${last})`,
  min_flowrate: (before, last) => `least(${before}, ${last})`,
  max_flowrate: (before, last) => `greatest(${before}, ${last})`,
  flowrate_sum: sum,
};

function sum(before: string, last: string): string {
  return `${before} + ${last}`;
}

export const KEPT = Object.keys(TOGETHER) as PieceColumn[];

export const NOTHING_BEFORE = `'{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[]`;

/** A column of what is kept. @param beforeLast the array */
export function keptColumn(beforeLast: string, column: PieceColumn): string {
  return `${beforeLast}[${KEPT.indexOf(column) + 1}]`;
}

/** A kept column of what was before and of a child together. @param beforeLast the array */
export function together(beforeLast: string, column: PieceColumn, child: string): string {
  return TOGETHER[column]!(keptColumn(beforeLast, column), child);
}

/** The kept columns of the whole. @param child the row that is the last one */
export function wholeOf(
  beforeLast: string,
  child: string,
): Readonly<Partial<Record<PieceColumn, string>>> {
  return Object.fromEntries(
    KEPT.map((column) => [column, together(beforeLast, column, `${child}.${column}`)]),
  );
}

/** The transaction that writes it, before_last_written_by. */
export const WRITTEN_BY = '(SELECT pg_current_xact_id()::xid::text::bigint)';

/** Whether it counts: where another transaction has written the summary since, that may have been of a version without it. */
export function isKept(summary: string): string {
  return `${summary}.before_last_written_by = ${summary}.xmin::text::bigint`;
}

/** Replaces a whole summary, after ON CONFLICT. */
export const REPLACED = [...COLUMNS, 'before_last', 'before_last_written_by']
  .map((column) => `${column} = EXCLUDED.${column}`)
  .join(', ');
