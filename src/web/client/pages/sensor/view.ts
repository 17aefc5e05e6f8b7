import type { VolumeInterval } from '../../../../generated/graphql/graphql.js';

/** Milliseconds since 1970. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const PRESETS = [
  { key: '24h', name: '24 h', length: DAY_MS },
  { key: '7d', name: '7 d', length: 7 * DAY_MS },
  { key: '30d', name: '30 d', length: 30 * DAY_MS },
  { key: '1y', name: '1 y', length: 365 * DAY_MS },
] as const;
export type Preset = (typeof PRESETS)[number];

export const INTERVALS: readonly { readonly key: VolumeInterval; readonly name: string }[] = [
  { key: 'HOUR', name: 'Hours' },
  { key: 'DAY', name: 'Days' },
  { key: 'WEEK', name: 'Weeks' },
  { key: 'MONTH', name: 'Months' },
];

/** What a sensor's page shows; the address says it. */
export interface View {
  /** which ends now, or `range` */
  readonly preset: Preset | undefined;
  readonly range: Range | undefined;
  /** undefined: what fits the range */
  readonly interval: VolumeInterval | undefined;
  readonly timeZone: string;
  /** HH:MM */
  readonly dayStart: string;
}

export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const MIDNIGHT = '00:00';
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

export function readView(parameters: URLSearchParams): View {
  const start = Date.parse(parameters.get('start') ?? '');
  const end = Date.parse(parameters.get('end') ?? '');
  const range = start < end ? { start, end } : undefined;
  const preset = PRESETS.find(({ key }) => key === parameters.get('range')) ?? PRESETS[0];
  const zone = parameters.get('zone');
  const dayStart = parameters.get('day') ?? '';
  return {
    range,
    preset: range ? undefined : preset,
    interval: INTERVALS.find(({ key }) => key === parameters.get('interval'))?.key,
    timeZone: zone !== null && isTimeZone(zone) ? zone : LOCAL_ZONE,
    dayStart: TIME_OF_DAY.test(dayStart) ? dayStart : MIDNIGHT,
  };
}

export function writeView({ preset, range, interval, timeZone, dayStart }: View): URLSearchParams {
  return new URLSearchParams({
    ...(range && { start: iso(range.start), end: iso(range.end) }),
    ...(preset && { range: preset.key }),
    ...(interval && { interval }),
    ...(timeZone !== LOCAL_ZONE && { zone: timeZone }),
    ...(dayStart !== MIDNIGHT && { day: dayStart }),
  });
}

/** The address of the same view whoever opens it, and whenever. */
export function pinnedView(view: View, range: Range): string {
  const parameters = writeView({ ...view, preset: undefined, range });
  parameters.set('interval', intervalOf(view, range));
  parameters.set('zone', view.timeZone);
  return parameters.toString();
}

/** The interval that was chosen, unless it would make more bars than one can tell apart; else what fits. */
export function intervalOf({ interval }: View, range: Range): VolumeInterval {
  const length = range.end - range.start;
  if (interval && !(interval === 'HOUR' && length > MOST_HOURS * HOUR_MS)) return interval;
  if (length <= 4 * DAY_MS) return 'HOUR';
  return length <= 120 * DAY_MS ? 'DAY' : 'MONTH';
}

/** as many as the server gives at once */
const MOST_HOURS = 9990;
const SHORTEST_MS = 60_000;
const LONGEST_MS = 50 * 365 * DAY_MS;

/** Shorter or longer by a factor, around a place in it (0 its start, 1 its end). */
export function zoomed({ start, end }: Range, factor: number, place = 0.5): Range {
  const before = end - start;
  const length = Math.min(Math.max(before * factor, SHORTEST_MS), LONGEST_MS);
  const from = Math.round(start + (before - length) * place);
  return { start: from, end: from + Math.round(length) };
}

/** Later by a share of its length; earlier where that is negative. */
export function panned({ start, end }: Range, share: number): Range {
  const by = Math.round((end - start) * share);
  return { start: start + by, end: end + by };
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}
