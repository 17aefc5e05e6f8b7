import { readCalendar, readRange, writeCalendar } from '../../range/calendar.js';
import {
  CALENDAR,
  presetOf,
  rangeBefore,
  type Calendar,
  type Preset,
} from '../../range/presets.js';
import { clipped, iso, type Range } from '../../range/range.js';

/** The period that the page is about; the address holds it. */
export interface Period extends Calendar {
  /** undefined where `range` is given */
  readonly preset: Preset | undefined;
  readonly range: Range | undefined;
}

const DEFAULT_PRESET = CALENDAR.find(({ key }) => key === 'yesterday')!;

export function readPeriod(parameters: URLSearchParams, now: number): Period {
  const range = readRange(parameters, now);
  const preset = range ? undefined : (presetOf(parameters.get('range')) ?? DEFAULT_PRESET);
  return { range, preset, ...readCalendar(parameters) };
}

/** The parameters of the address. */
export function writePeriod(period: Period): Record<string, string> {
  const { range, preset } = period;
  return {
    ...(range && { start: iso(range.start), end: iso(range.end) }),
    ...(preset && { range: preset.key }),
    ...writeCalendar(period),
  };
}

/** The period as far as it is over, and as much of the period before. */
export function rangesOf(period: Period, now: number): { range: Range; before: Range } {
  const { preset } = period;
  const whole = period.range ?? preset!.rangeAt(now, period);
  const before = preset ? preset.beforeAt(now, period) : rangeBefore(whole, period);
  const range = clipped(whole, now);
  if (range.end === whole.end) return { range, before };
  const length = Math.min(range.end - range.start, before.end - before.start);
  return { range, before: { start: before.start, end: before.start + length } };
}
