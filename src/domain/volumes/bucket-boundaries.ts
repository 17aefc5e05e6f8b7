import type { TimeRange } from '../../storage/postgres/time-range.js';

export const HOUR_MS = 3_600_000;

/** How many clock hours (UTC) meet [start, end). */
export function hourCount({ start, end }: TimeRange): number {
  return end > start ? hoursAfter(end) - hoursBefore(start) : 0;
}

/**
 * Edges of the clock hours from the `first`-th that meets the range (from 0) up to before the
 * `last`-th, the outermost clipped to the range.
 */
export function hourBoundaries(range: TimeRange, first = 0, last = hourCount(range)): Date[] {
  const origin = hoursBefore(range.start);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = (origin + first + index) * HOUR_MS;
    return new Date(Math.min(Math.max(at, range.start.getTime()), range.end.getTime()));
  });
}

/**
 * Edges of equal slots of a range. A slot boundary between two milliseconds counts from the later
 * one; slots shorter than a millisecond fall together.
 */
export function slotBoundaries({ start, end }: TimeRange, slots: number): Date[] {
  const origin = start.getTime();
  // Exact: a length in milliseconds times a slot's number may exceed 2^53.
  const length = BigInt(end.getTime() - origin);
  const count = BigInt(slots);
  const offsets = Array.from({ length: slots + 1 }, (_, slot) =>
    Number((length * BigInt(slot) + count - 1n) / count),
  );
  return [...new Set(offsets)].map((offset) => new Date(origin + offset));
}

function hoursBefore(instant: Date): number {
  return Math.floor(instant.getTime() / HOUR_MS);
}

function hoursAfter(instant: Date): number {
  return Math.ceil(instant.getTime() / HOUR_MS);
}
