import type { Reader } from '../../storage/postgres/reader.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { CalendarUnit, VolumeStore } from '../../storage/volumes/volume-store.js';
import { hourCount, hourBoundaries } from './bucket-boundaries.js';
import { InvalidInputError } from '../shared/errors.js';
import { requireTimeZone, unknownTimeZone } from '../shared/time-zone.js';

export const VOLUME_INTERVALS = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export type VolumeInterval = (typeof VOLUME_INTERVALS)[number];

/** Hours of UTC; or days, weeks (from Monday) and months that begin at a local time of day. */
export interface Calendar {
  readonly interval: VolumeInterval;
  /** IANA name */
  readonly timeZone: string;
  /** `HH:MM` */
  readonly dayStart: string;
}

export const MAX_BUCKETS = 10_000;

const UNITS = { DAY: 'day', WEEK: 'week', MONTH: 'month' } as const satisfies Record<
  Exclude<VolumeInterval, 'HOUR'>,
  CalendarUnit
>;
// No bucket is longer, which gives the least number of buckets in a range: where that exceeds the
// limit already, they need not be laid out to be refused.
const MAX_HOURS = { DAY: 26, WEEK: 7 * 24 + 2, MONTH: 31 * 24 + 2 };

/**
 * The boundaries of the buckets of a calendar that meet a range, clipped to it.
 *
 * @throws InvalidInputError for an unknown time zone, a day start that is not a time of day, or
 * more than MAX_BUCKETS buckets
 */
export async function calendarBoundaries(
  store: VolumeStore,
  reader: Reader,
  range: TimeRange,
  { interval, timeZone, dayStart }: Calendar,
): Promise<Date[]> {
  requireTimeZone(timeZone);
  requireDayStart(dayStart);
  const hours = hourCount(range);
  if (interval === 'HOUR') {
    requireFewEnough(hours);
    return hourBoundaries(range);
  }
  requireFewEnough(Math.floor(hours / MAX_HOURS[interval]) - 1);
  const boundaries = await store.calendarBoundaries(
    reader,
    range,
    UNITS[interval],
    timeZone,
    dayStart,
  );
  if (!boundaries) throw unknownTimeZone(timeZone);
  requireFewEnough(boundaries.length - 1);
  return boundaries;
}

/** @throws InvalidInputError where it is not a time of day */
export function requireDayStart(dayStart: string): void {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(dayStart)) return;
  throw InvalidInputError.of('dayStart', `Must be a time of day, HH:MM; got "${dayStart}".`);
}

function requireFewEnough(buckets: number): void {
  if (buckets > MAX_BUCKETS) {
    throw InvalidInputError.of(
      'end',
      `At most ${MAX_BUCKETS} volumes at once; this range has more. Shorten it or use a longer interval.`,
    );
  }
}
