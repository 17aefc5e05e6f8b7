/** Milliseconds since 1970. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const MIN_LENGTH_MS = 60_000;
const MAX_LENGTH_MS = 50 * 365 * 86_400_000;

/** Shorter or longer by a factor, around a place in it (0 its start, 1 its end). */
export function zoomed({ start, end }: Range, factor: number, place = 0.5): Range {
  const before = end - start;
  const length = Math.min(Math.max(before * factor, MIN_LENGTH_MS), MAX_LENGTH_MS);
  const from = Math.round(start + (before - length) * place);
  return { start: from, end: from + Math.round(length) };
}

/** Later by a share of its length; earlier where that is negative. */
export function panned({ start, end }: Range, share: number): Range {
  const by = Math.round((end - start) * share);
  return { start: start + by, end: end + by };
}

/** As long, but moved back where it would reach into the future. */
export function heldBack({ start, end }: Range, now: number): Range {
  const beyond = Math.max(end - now, 0);
  return { start: start - beyond, end: end - beyond };
}

/** Without the part in the future, where there is no data. */
export function clipped({ start, end }: Range, now: number): Range {
  return { start, end: Math.min(end, now) };
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
