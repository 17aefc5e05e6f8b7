import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { VolumeStore } from '../../storage/volumes/volume-store.js';
import type { Principal } from '../shared/principal.js';
import type { RecordHistory } from '../shared/record-history.js';
import { calendarBoundaries, type Calendar } from './calendar.js';
import { requireReadable } from './readable.js';

/** Computes the volumes between neighbouring boundaries, ascending and at least two. */
type Between<Volume> = (boundaries: readonly Date[]) => Promise<Map<number, Volume[]>>;

/** Checks what is asked for, and has it computed. */
export class VolumeRequests {
  constructor(
    private readonly store: VolumeStore,
    private readonly history: RecordHistory,
  ) {}

  /** @throws where what is asked for may not be read, or is not known */
  async require(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    asOf: Date | undefined,
  ): Promise<void> {
    requireReadable(principal, range);
    await this.history.requireKnown(principal, sensorIds, asOf);
  }

  async ofRange<Volume>(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    asOf: Date | undefined,
    between: Between<Volume>,
  ): Promise<Map<number, Volume>> {
    await this.require(principal, sensorIds, range, asOf);
    const found = await between([range.start, range.end]);
    return new Map([...found].map(([id, [volume]]) => [id, volume!]));
  }

  /** Buckets oldest first, clipped to the range, empty ones among them. */
  async ofCalendar<Volume>(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    calendar: Calendar,
    asOf: Date | undefined,
    between: Between<Volume>,
  ): Promise<Map<number, Volume[]>> {
    await this.require(principal, sensorIds, range, asOf);
    const boundaries = await calendarBoundaries(this.store, principal, range, calendar);
    return boundaries.length < 2 ? new Map(sensorIds.map((id) => [id, []])) : between(boundaries);
  }
}
