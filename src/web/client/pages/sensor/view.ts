import type { VolumeInterval } from '../../../../generated/graphql/graphql.js';
import { keptCalendar } from './kept-calendar.js';
import { DEFAULT_PRESET, presetOf, type Calendar, type Preset } from './presets.js';
import { iso, type Range } from './range.js';

/** What a sensor's page shows; the address holds it. */
export interface View extends Calendar {
  /** undefined where `range` is given */
  readonly preset: Preset | undefined;
  readonly range: Range | undefined;
  /** undefined: what fits the range */
  readonly interval: VolumeInterval | undefined;
}

export const INTERVALS: readonly { readonly key: VolumeInterval; readonly name: string }[] = [
  { key: 'HOUR', name: 'Hours' },
  { key: 'DAY', name: 'Days' },
  { key: 'WEEK', name: 'Weeks' },
  { key: 'MONTH', name: 'Months' },
];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const MIDNIGHT = '00:00';

/** A range that has not begun counts as not given: nothing is known of it. */
export function readView(parameters: URLSearchParams, now: number): View {
  const start = Date.parse(parameters.get('start') ?? '');
  const end = Date.parse(parameters.get('end') ?? '');
  const range = start < end && start < now ? { start, end } : undefined;
  const kept = keptCalendar();
  return {
    range,
    preset: range ? undefined : (presetOf(parameters.get('range')) ?? DEFAULT_PRESET),
    interval: INTERVALS.find(({ key }) => key === parameters.get('interval'))?.key,
    timeZone: [parameters.get('zone'), kept.timeZone].find(isTimeZone) ?? LOCAL_ZONE,
    dayStart: [parameters.get('day'), kept.dayStart].find(isTimeOfDay) ?? MIDNIGHT,
  };
}

export function writeView(view: View): URLSearchParams {
  const { preset, range, interval, timeZone, dayStart } = view;
  const kept = keptCalendar();
  const isUsualZone = timeZone === LOCAL_ZONE && (kept.timeZone ?? LOCAL_ZONE) === LOCAL_ZONE;
  const isUsualDay = dayStart === MIDNIGHT && (kept.dayStart ?? MIDNIGHT) === MIDNIGHT;
  return new URLSearchParams({
    ...(range && { start: iso(range.start), end: iso(range.end) }),
    ...(preset && { range: preset.key }),
    ...(interval && { interval }),
    ...(!isUsualZone && { zone: timeZone }),
    ...(!isUsualDay && { day: dayStart }),
  });
}

/** The address of the same view for everyone and for ever. */
export function pinnedView(view: View, range: Range): string {
  const parameters = writeView({ ...view, preset: undefined, range });
  parameters.set('interval', intervalOf(view, range));
  parameters.set('zone', view.timeZone);
  parameters.set('day', view.dayStart);
  return parameters.toString();
}

/** The server answers up to 10,000 volumes at once. */
const MAX_BUCKETS = 9990;
const SHORT_INTERVALS: Partial<Record<VolumeInterval, number>> = { HOUR: HOUR_MS, DAY: DAY_MS };

/** Whether the range would be cut into more volumes than the server answers at once. */
export function isTooFine(interval: VolumeInterval, { start, end }: Range): boolean {
  return end - start > MAX_BUCKETS * (SHORT_INTERVALS[interval] ?? Infinity);
}

/** The interval that was chosen, unless it is too fine; else what fits the range. */
export function intervalOf({ interval }: View, range: Range): VolumeInterval {
  if (interval && !isTooFine(interval, range)) return interval;
  const length = range.end - range.start;
  if (length <= 4 * DAY_MS) return 'HOUR';
  return length <= 120 * DAY_MS ? 'DAY' : 'MONTH';
}

/** The next shorter interval; undefined for hours. */
export function finerInterval(interval: VolumeInterval): VolumeInterval | undefined {
  return ({ MONTH: 'DAY', WEEK: 'DAY', DAY: 'HOUR', HOUR: undefined } as const)[interval];
}

function isTimeOfDay(text: string | null | undefined): text is string {
  return typeof text === 'string' && TIME_OF_DAY.test(text);
}

function isTimeZone(name: string | null | undefined): name is string {
  if (typeof name !== 'string') return false;
  try {
    return Boolean(new Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}
