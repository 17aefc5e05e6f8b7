import { instantOf, localTime } from '../../zoned-time.js';
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
  readonly rangeAt: (now: number, calendar: Calendar) => Range;
}

const DAY_MS = 86_400_000;

export const ROLLING: readonly Preset[] = [
  { key: '24h', name: '24 h', rangeAt: last(1) },
  { key: '7d', name: '7 d', rangeAt: last(7) },
  { key: '30d', name: '30 d', rangeAt: last(30) },
  { key: '1y', name: '1 y', rangeAt: last(365) },
];

/** By contract day and month. */
export const CALENDAR: readonly Preset[] = [
  { key: 'today', name: 'Today', rangeAt: contractDay(0) },
  { key: 'yesterday', name: 'Yesterday', rangeAt: contractDay(-1) },
  { key: 'month', name: 'This month', rangeAt: contractMonth(0) },
  { key: 'last-month', name: 'Last month', rangeAt: contractMonth(-1) },
];

export const DEFAULT_PRESET = ROLLING[0]!;

export function presetOf(key: string | null): Preset | undefined {
  return [...ROLLING, ...CALENDAR].find((preset) => preset.key === key);
}

function last(days: number): Preset['rangeAt'] {
  return (now) => ({ start: now - days * DAY_MS, end: now });
}

function contractDay(shift: number): Preset['rangeAt'] {
  return (now, calendar) => {
    const { year, month, day } = contractDate(now, calendar);
    const at = (count: number) => beginning(year, month, day + count, calendar);
    return { start: at(shift), end: at(shift + 1) };
  };
}

function contractMonth(shift: number): Preset['rangeAt'] {
  return (now, calendar) => {
    const { year, month } = contractDate(now, calendar);
    const at = (count: number) => beginning(year, month + count, 1, calendar);
    return { start: at(shift), end: at(shift + 1) };
  };
}

/** The date of the contract day that an instant belongs to. */
function contractDate(now: number, { timeZone, dayStart }: Calendar) {
  const { year, month, day } = localTime(now, timeZone);
  const hasBegun = now >= beginning(year, month, day, { timeZone, dayStart });
  return { year, month, day: hasBegun ? day : day - 1 };
}

function beginning(year: number, month: number, day: number, calendar: Calendar): number {
  const [hour = 0, minute = 0] = calendar.dayStart.split(':').map(Number);
  return instantOf({ year, month, day, hour, minute }, calendar.timeZone);
}
