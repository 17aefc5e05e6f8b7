import { beginning, contractDate, type Calendar } from './presets.js';
import { iso } from './range.js';

/** Whole days, both inclusive, as `2026-10-31`. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

export const UTC_DAYS: Calendar = { timeZone: 'UTC', dayStart: '00:00' };

/** The days of the month before. */
export function lastMonth(now: number): Days {
  const { year, month } = { year: new Date(now).getFullYear(), month: new Date(now).getMonth() };
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return { first: day(Date.UTC(year, month - 1, 1)), last: day(Date.UTC(year, month, 0)) };
}

/** The date of the day that begins at an instant, as `2026-10-31`. */
export function dayAfter(instant: string, calendar: Calendar): string {
  const { year, month, day } = contractDate(Date.parse(instant), calendar);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The instants at which the days begin and end in a calendar; undefined where one is not a date. */
export function periodOf(
  { first, last }: Days,
  calendar: Calendar,
): { start: string; end: string } | undefined {
  const at = (date: string, more: number) => {
    const [year, month, day] = date.split('-').map(Number);
    return year && month && day ? iso(beginning(year, month, day + more, calendar)) : undefined;
  };
  const [start, end] = [at(first, 0), at(last, 1)];
  return start && end ? { start, end } : undefined;
}
