import { instantOf, localTime } from '../zoned-time.js';
import type { Range } from './range.js';

/** How time is cut into days: where clocks are, and when a contract day begins (HH:MM). */
export interface Calendar {
  readonly timeZone: string;
  readonly dayStart: string;
}

export interface Preset {
  readonly key: string;
  readonly name: string;
  /** may end in the future */
  readonly rangeAt: RangeAt;
  /** the whole period before */
  readonly beforeAt: RangeAt;
}

type RangeAt = (now: number, calendar: Calendar) => Range;

const DAY_MS = 86_400_000;

export const ROLLING: readonly Preset[] = [
  { key: '24h', name: '24 h', ...last(1) },
  { key: '7d', name: '7 d', ...last(7) },
  { key: '30d', name: '30 d', ...last(30) },
  { key: '1y', name: '1 y', ...last(365) },
];

/** By contract day and month. */
export const CALENDAR: readonly Preset[] = [
  { key: 'today', name: 'Today', ...contractDays(0) },
  { key: 'yesterday', name: 'Yesterday', ...contractDays(-1) },
  { key: 'month', name: 'This month', ...contractMonths(0) },
  { key: 'last-month', name: 'Last month', ...contractMonths(-1) },
];

export const DEFAULT_PRESET = ROLLING[0]!;

export function presetOf(key: string | null): Preset | undefined {
  return [...ROLLING, ...CALENDAR].find((preset) => preset.key === key);
}

type Ranges = Pick<Preset, 'rangeAt' | 'beforeAt'>;

function last(days: number): Ranges {
  const length = days * DAY_MS;
  return {
    rangeAt: (now) => ({ start: now - length, end: now }),
    beforeAt: (now) => ({ start: now - 2 * length, end: now - length }),
  };
}

function contractDays(shift: number): Ranges {
  return { rangeAt: contractDay(shift), beforeAt: contractDay(shift - 1) };
}

function contractMonths(shift: number): Ranges {
  return { rangeAt: contractMonth(shift), beforeAt: contractMonth(shift - 1) };
}

/** The range before, of the same length: as many contract days where it has whole ones. */
export function rangeBefore({ start, end }: Range, calendar: Calendar): Range {
  const first = contractDate(start, calendar);
  const day = (count: number) => beginning(first.year, first.month, first.day + count, calendar);
  const days = Math.round((end - start) / DAY_MS);
  const isWhole = day(0) === start && day(days) === end;
  return { start: isWhole ? day(-days) : start - (end - start), end: start };
}

function contractDay(shift: number): RangeAt {
  return (now, calendar) => {
    const { year, month, day } = contractDate(now, calendar);
    const at = (count: number) => beginning(year, month, day + count, calendar);
    return { start: at(shift), end: at(shift + 1) };
  };
}

function contractMonth(shift: number): RangeAt {
  return (now, calendar) => {
    const { year, month } = contractDate(now, calendar);
    const at = (count: number) => beginning(year, month + count, 1, calendar);
    return { start: at(shift), end: at(shift + 1) };
  };
}

/** The date of the contract day that an instant belongs to. */
export function contractDate(now: number, { timeZone, dayStart }: Calendar) {
  const { year, month, day } = localTime(now, timeZone);
  const hasBegun = now >= beginning(year, month, day, { timeZone, dayStart });
  return { year, month, day: hasBegun ? day : day - 1 };
}

/** When the contract day of a date begins; a day beyond its month counts on. */
export function beginning(year: number, month: number, day: number, calendar: Calendar): number {
  const [hour = 0, minute = 0] = calendar.dayStart.split(':').map(Number);
  return instantOf({ year, month, day, hour, minute }, calendar.timeZone);
}
