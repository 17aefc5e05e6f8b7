import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { VolumeMethod, VolumeStore } from '../../storage/volumes/volume-store.js';
import type { Principal } from '../shared/principal.js';
import type { RecordHistory } from '../shared/record-history.js';
import { calendarBoundaries, type Calendar } from './calendar.js';
import type { BareVolume } from './flow-volume.js';
import { requireReadable } from './readable.js';

/** Volumes without what is known beside them, as `Volumes` computes them. */
export class BareVolumes {
  constructor(
    private readonly store: VolumeStore,
    private readonly history: RecordHistory,
  ) {}

  async ofRange(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, BareVolume>> {
    requireReadable(principal, range);
    await this.history.requireKnown(principal, sensorIds, asOf);
    const boundaries = [range.start, range.end];
    const found = await this.store.bareBetween(principal, sensorIds, boundaries, method, asOf);
    return new Map([...found].map(([id, [volume]]) => [id, volume!]));
  }

  /** Buckets oldest first, clipped to the range, empty ones among them. */
  async ofCalendar(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    calendar: Calendar,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, BareVolume[]>> {
    requireReadable(principal, range);
    await this.history.requireKnown(principal, sensorIds, asOf);
    const boundaries = await calendarBoundaries(this.store, principal, range, calendar);
    if (boundaries.length < 2) return new Map(sensorIds.map((id) => [id, []]));
    return this.store.bareBetween(principal, sensorIds, boundaries, method, asOf);
  }
}
