import { useState, type KeyboardEvent } from 'react';
import type { PlotCursor } from '../../charts/plot.js';
import type { Range } from '../../range/range.js';

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/**
 * Points at one value of a plot after the other by keys.
 * @param instants of the values, ascending, milliseconds since 1970
 * @param pointedShare where the plot is pointed at now, as a share of its width
 */
export function useKeyCursor(
  instants: readonly number[],
  { start, end }: Range,
  pointedShare: number | undefined,
) {
  const [cursor, setCursor] = useState<PlotCursor>();
  /** @returns whether the key is one that points at another value */
  const point = ({ key }: KeyboardEvent): boolean => {
    const step = STEPS[key];
    if (step === undefined) return false;
    const last = instants.length - 1;
    const at = pointedShare === undefined ? undefined : start + pointedShare * (end - start);
    const outside = step > 0 ? -1 : instants.length;
    const wanted = (at === undefined ? outside : nearest(instants, at)) + step;
    const instant = instants[Math.min(Math.max(wanted, 0), last)];
    if (instant !== undefined) setCursor({ share: (instant - start) / (end - start) });
    return true;
  };
  return { cursor, point };
}

function nearest(instants: readonly number[], at: number): number {
  let best = 0;
  instants.forEach((instant, index) => {
    if (Math.abs(instant - at) < Math.abs(instants[best]! - at)) best = index;
  });
  return best;
}
