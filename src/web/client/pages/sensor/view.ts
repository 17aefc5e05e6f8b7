import type { VolumeInterval } from '../../../../generated/graphql/graphql.js';
import { readCalendar, readRange, writeCalendar } from '../../range/calendar.js';
import { DEFAULT_PRESET, presetOf, type Calendar, type Preset } from '../../range/presets.js';
import { iso, type Range } from '../../range/range.js';

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

export function readView(parameters: URLSearchParams, now: number): View {
  const range = readRange(parameters, now);
  return {
    range,
    preset: range ? undefined : (presetOf(parameters.get('range')) ?? DEFAULT_PRESET),
    interval: INTERVALS.find(({ key }) => key === parameters.get('interval'))?.key,
    ...readCalendar(parameters),
  };
}

export function writeView(view: View): URLSearchParams {
  const { preset, range, interval } = view;
  return new URLSearchParams({
    ...(range && { start: iso(range.start), end: iso(range.end) }),
    ...(preset && { range: preset.key }),
    ...(interval && { interval }),
    ...writeCalendar(view),
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
