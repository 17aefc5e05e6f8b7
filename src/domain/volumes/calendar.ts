import { sqlState } from '../../storage/postgres/pg-errors.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { CalendarUnit, VolumeStore } from '../../storage/volumes/volume-store.js';
import { hourCount, hourBoundaries } from './bucket-boundaries.js';
import { InvalidInputError } from '../shared/errors.js';

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
// No bucket is longer, so a range has at least so many of them: what exceeds
// the limit even so need not be laid out to be refused.
const LONGEST_HOURS = { DAY: 26, WEEK: 7 * 24 + 2, MONTH: 31 * 24 + 2 };
const INVALID_PARAMETER_VALUE = '22023';

/**
 * Edges of the buckets of a calendar that meet a range, clipped to it.
 *
 * @throws InvalidInputError for an unknown time zone, a day start that is no
 * time of day, or more than MAX_BUCKETS buckets
 */
export async function calendarBoundaries(
  store: VolumeStore,
  range: TimeRange,
  { interval, timeZone, dayStart }: Calendar,
): Promise<Date[]> {
  requireTimeZone(timeZone);
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(dayStart)) {
    throw InvalidInputError.of('dayStart', `Must be a time of day, HH:MM; got "${dayStart}".`);
  }
  const hours = hourCount(range);
  if (interval === 'HOUR') {
    requireFew(hours);
    return hourBoundaries(range);
  }
  requireFew(Math.floor(hours / LONGEST_HOURS[interval]) - 1);
  const boundaries = await store
    .calendarBoundaries(range, UNITS[interval], timeZone, dayStart)
    .catch((error: unknown) => {
      throw sqlState(error) === INVALID_PARAMETER_VALUE ? unknownZone(timeZone) : error;
    });
  requireFew(boundaries.length - 1);
  return boundaries;
}

function requireFew(buckets: number): void {
  if (buckets > MAX_BUCKETS) {
    throw InvalidInputError.of(
      'end',
      `At most ${MAX_BUCKETS} volumes at once; this range has more. Shorten it or use a longer interval.`,
    );
  }
}

function requireTimeZone(timeZone: string): void {
  // Intl also takes offsets such as +05:00, which are no IANA names.
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(timeZone)) throw unknownZone(timeZone);
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw unknownZone(timeZone);
  }
}

function unknownZone(timeZone: string): InvalidInputError {
  return InvalidInputError.of('timeZone', `Must be an IANA time zone name; got "${timeZone}".`);
}
