import { instantOf, localTime } from '../zoned-time.js';
import { rangeBefore, type Calendar } from './presets.js';
import type { Range } from './range.js';

/** A period to compare one with: the same part of the day, week or month before, or what came just before. */
export const PERIODS_BEFORE = [
  { key: 'period', name: 'The period before' },
  { key: 'day', name: 'A day before' },
  { key: 'week', name: 'A week before' },
  { key: 'month', name: 'A month before' },
] as const;

export type PeriodBefore = (typeof PERIODS_BEFORE)[number]['key'];

const MINUTE_MS = 60_000;

/** By local time, so that days and months keep their beginning; as long as the range unless clocks change. */
export function earlierRange(range: Range, by: PeriodBefore, calendar: Calendar): Range {
  if (by === 'period') return rangeBefore(range, calendar);
  const { timeZone } = calendar;
  return { start: earlier(range.start, by, timeZone), end: earlier(range.end, by, timeZone) };
}

function earlier(instant: number, by: 'day' | 'week' | 'month', timeZone: string): number {
  const { year, month, day, hour, minute } = localTime(instant, timeZone);
  const rest = ((instant % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
  if (by !== 'month') {
    const days = by === 'day' ? 1 : 7;
    return instantOf({ year, month, day: day - days, hour, minute }, timeZone) + rest;
  }
  // Of March 31, the end of February.
  const lastDay = new Date(Date.UTC(year, month - 1, 0)).getUTCDate();
  const before = { year, month: month - 1, day: Math.min(day, lastDay), hour, minute };
  return instantOf(before, timeZone) + rest;
}
