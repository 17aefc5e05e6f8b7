import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { PagePlace } from '../shared/page.js';

/**
 * What plots show of one slot of time, at its first ping; bbl/d, `average` the mean of its pings.
 */
export interface SeriesPoint {
  readonly datetime: Date;
  readonly min: number;
  readonly max: number;
  readonly average: number;
}

/** A whole segment longer than the sensor's max gap. */
export type Outage = TimeRange;

/** Barrels in each clock hour, newest first. */
export interface HourPage extends PagePlace {
  readonly sensorId: number;
  readonly sensorName: string;
  readonly hours: readonly { start: Date; end: Date; volume: number }[];
}

/** Of each sensor, by id. */
export function emptyLists<T>(sensorIds: readonly number[]): Map<number, T[]> {
  return new Map(sensorIds.map((id) => [id, []]));
}
