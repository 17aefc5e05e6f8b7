import type uPlot from 'uplot';

/**
 * Where the pointer is, as a share of the plot's width; undefined outside of it. Unlike an index or
 * an instant it stays right when the plot shows other data or another range under a pointer that
 * rests.
 */
export function pointedShare({ cursor, over }: uPlot): number | undefined {
  const { left = -1 } = cursor;
  return left < 0 || over.clientWidth === 0 ? undefined : left / over.clientWidth;
}
