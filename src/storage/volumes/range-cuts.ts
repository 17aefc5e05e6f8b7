import { timestamptzArray } from '../postgres/binary-array.js';
import { LEVELS } from '../summaries/sql/level.js';
import type { TimeRange } from '../postgres/time-range.js';

/**
 * Cuts a range where the summaries begin that cover it with the fewest rows: pings to the first
 * whole hour, hours to the first whole day, days to the first whole block, blocks, and back down to
 * pings. Two neighbouring cuts are the same where the range has nothing between them.
 *
 * @returns eight instants, ascending: the first is the range's start, the last its end
 */
export function rangeCuts({ start, end }: TimeRange): Date[] {
  let [from, to] = [start.getTime(), end.getTime()];
  const rising = [from];
  const falling = [to];
  for (const { widthMs } of LEVELS) {
    const first = Math.ceil(from / widthMs) * widthMs;
    const last = Math.floor(to / widthMs) * widthMs;
    // Nothing whole of this level: what is left is covered by the level below.
    [from, to] = first < last ? [first, last] : [to, to];
    rising.push(from);
    falling.unshift(to);
  }
  return [...rising, ...falling].map((at) => new Date(at));
}

/** The cuts as the parameter of the statements over one range. */
export function cutsParameter(range: TimeRange): Buffer {
  return timestamptzArray(rangeCuts(range));
}
