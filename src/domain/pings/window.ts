import type { TimeRange } from '../../storage/postgres/time-range.js';
import { FIRST_INSTANT, LAST_INSTANT } from '../shared/time.js';

export type PingOrder = 'NEWEST_FIRST' | 'OLDEST_FIRST';

/** Both ends inclusive; without one, from the first ping or to the last. */
export interface PingInterval {
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** Pings as they are stored, or as they were at an instant. */
export interface PingSelection extends PingInterval {
  readonly asOf?: Date | undefined;
}

/** A stretch of pings in an order: `take` of them from its first or its last. */
export interface PingWindow extends PingSelection {
  readonly order: PingOrder;
  /** exclusive positions in that order */
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

/** Of instants in whole milliseconds; empty where it ends before it starts. */
export function halfOpen({ start = FIRST_INSTANT, end = LAST_INSTANT }: PingInterval): TimeRange {
  const after = new Date(end.getTime() + 1);
  return { start, end: after < start ? start : after };
}

/** The instants between which, exclusive, a window's pings lie. */
export function bounds(window: PingWindow): { oldest: Date; newest: Date } {
  const { start, end } = halfOpen(window);
  const [above, below] =
    window.order === 'OLDEST_FIRST' ? [window.after, window.before] : [window.before, window.after];
  const beforeStart = new Date(start.getTime() - 1);
  return {
    oldest: above && above > beforeStart ? above : beforeStart,
    newest: below && below < end ? below : end,
  };
}
