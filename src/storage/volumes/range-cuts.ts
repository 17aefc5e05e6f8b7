import { timestamptzArray } from '../postgres/binary-array.js';
import { BLOCK, DAY, HOUR, LEVELS } from '../summaries/sql/level.js';
import type { TimeRange } from '../postgres/time-range.js';

/**
 * Cuts a range where the summaries begin that cover it with the fewest rows: pings to the first
 * whole hour, hours to the first whole day, days to the first whole block, blocks, and back down to
 * pings. Two neighbouring cuts are the same where the range has nothing between them.
 *
 * @param widest the level of the widest summaries
 * @returns eight instants, ascending: the first is the range's start, the last its end
 */
export function rangeCuts({ start, end }: TimeRange, widest: Level = BLOCK): Date[] {
  let [from, to] = [start.getTime(), end.getTime()];
  const rising = [from];
  const falling = [to];
  for (const { level, widthMs } of LEVELS) {
    const first = Math.ceil(from / widthMs) * widthMs;
    const last = Math.floor(to / widthMs) * widthMs;
    // Nothing whole of this level: what is left is covered by the level below.
    [from, to] = level <= widest && first < last ? [first, last] : [to, to];
    rising.push(from);
    falling.unshift(to);
  }
  return [...rising, ...falling].map((at) => new Date(at));
}

type Level = typeof HOUR | typeof DAY | typeof BLOCK;

/**
 * The level of summaries that make up buckets without being split: all boundaries but the first and
 * the last are theirs. Undefined where there is none, or where wider summaries would be fewer in
 * spite of those that are split.
 */
export function levelOfBuckets(boundaries: readonly Date[]): Level | undefined {
  const inner = boundaries.slice(1, -1);
  const meanMs = (boundaries.at(-1)!.getTime() - boundaries[0]!.getTime()) / (inner.length + 1);
  return ([DAY, HOUR] as const).find(
    (level) =>
      meanMs <= LEVELS[level === DAY ? BLOCK : DAY].widthMs &&
      inner.every((at) => at.getTime() % LEVELS[level].widthMs === 0),
  );
}

/** The cuts as the parameter of the statements over one range. */
export function cutsParameter(range: TimeRange, widest?: Level): Buffer {
  return timestamptzArray(rangeCuts(range, widest));
}
