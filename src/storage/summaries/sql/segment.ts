/**
 * The integral of flowrate over one segment: the only place where it is written. A segment runs
 * from one reading to the next; x and y clip it to a range.
 *
 * All of these are SQL expressions. Times are timestamptz, lengths are whole milliseconds in a
 * double (exact up to 285 000 years), flowrates bbl/d, volumes bbl.
 */

const MILLISECONDS_A_DAY = '86400000.0';

/** Whole milliseconds from one instant to another. */
export function milliseconds(from: string, to: string): string {
  return `round(date_part('epoch', ${to} - ${from}) * 1000)`;
}

/** Volume of a whole segment by the trapezoid rule. */
export function linearVolume(flowrate: string, nextFlowrate: string, length: string): string {
  return `(${flowrate} + ${nextFlowrate}) / 2 * (${length} / ${MILLISECONDS_A_DAY})`;
}

/** Volume of a segment that holds its first flowrate to its end. */
export function stepVolume(flowrate: string, length: string): string {
  return `${flowrate} * (${length} / ${MILLISECONDS_A_DAY})`;
}

/**
 * Flowrate in the middle of the part of a segment that begins `before` after the segment's start
 * and ends `after` before its end: times that part's length it is the part's volume, since f is
 * linear.
 *
 * Where flow reverses, the two terms cancel almost wholly near the zero crossing, and doubles would
 * lose there what additivity promises. Hence numeric, which multiplies and adds exactly; and
 * through text, since a double cast straight to numeric keeps 15 digits only. It costs twenty times
 * what doubles cost, which do where nothing cancels.
 */
export function middleFlowrate(
  flowrate: string,
  nextFlowrate: string,
  before: string,
  after: string,
  length: string,
): string {
  const exact = (double: string) => `(${double})::text::numeric`;
  const fromEnd = `(${length} - ${before} + ${after})`;
  const fromStart = `(${length} + ${before} - ${after})`;
  return `CASE WHEN (${flowrate} < 0) = (${nextFlowrate} < 0)
      THEN ${flowrate} * ${fromEnd} + ${nextFlowrate} * ${fromStart}
      ELSE (${exact(flowrate)} * ${fromEnd}::bigint + ${exact(nextFlowrate)} * ${fromStart}::bigint)::float8
    END / (2 * ${length})`;
}
