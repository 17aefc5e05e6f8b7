import type { Range } from '../range/range.js';
import { instantOf, localTime } from '../zoned-time.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720] as const;
const DAYS = [1, 2, 7, 14] as const;
const MONTHS = [1, 2, 3, 6, 12] as const;

/** Round times of a zone within a range, at most about so many; milliseconds since 1970. */
export function timeTicks({ start, end }: Range, timeZone: string, maximum: number): number[] {
  const length = end - start;
  const { year, month, day } = localTime(start, timeZone);
  const from = (count: number, unit: 'minute' | 'day' | 'month') =>
    ticksOf({ start, end }, (index) =>
      instantOf(
        {
          year,
          month: unit === 'month' ? 1 + index * count : month,
          day: unit === 'month' ? 1 : unit === 'day' ? day + index * count : day,
          hour: 0,
          minute: unit === 'minute' ? index * count : 0,
        },
        timeZone,
      ),
    );
  const minutes = MINUTES.find((count) => length / (count * MINUTE_MS) <= maximum);
  if (minutes) return from(minutes, 'minute');
  const days = DAYS.find((count) => length / (count * DAY_MS) <= maximum);
  if (days) return from(days, 'day');
  const months = MONTHS.find((count) => length / (count * 30 * DAY_MS) <= maximum) ?? 12;
  return from(months, 'month');
}

function ticksOf({ start, end }: Range, at: (index: number) => number): number[] {
  const ticks: number[] = [];
  for (let index = 0; ; index += 1) {
    const tick = at(index);
    if (tick > end) return ticks;
    if (tick >= start) ticks.push(tick);
  }
}

/** Round numbers from below the least to above the largest. */
export function valueTicks(low: number, high: number, maximum: number): number[] {
  const [least, most] = low === high ? [low, low + 1] : [low, high];
  const rough = (most - least) / maximum;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const first = Math.floor(least / step);
  const last = Math.ceil(most / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}
