/*
 * Of the hours of sensor `s` before its thinned_until, most have only their first and last ping that
 * counts: what lists and counts pings begins there, and what else needs every ping of an hour.
 */

/** SQL: whether all pings around an instant are stored. */
export function isComplete(at: string): string {
  return `(s.thinned_until IS NULL OR ${at} >= s.thinned_until)`;
}

/** SQL: the start of a range, or the end of what is thinned where that is later. */
export function completeFrom(start: string): string {
  return `greatest(${start}, s.thinned_until)`;
}

/** SQL: a sensor's thinned_until in milliseconds since 1970. */
export const THINNED_UNTIL = `round(date_part('epoch', s.thinned_until) * 1000) AS thinned_until`;
