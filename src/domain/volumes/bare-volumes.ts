import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { VolumeMethod } from '../../storage/volumes/volume-store.js';
import type { Principal } from '../shared/principal.js';
import type { Calendar } from './calendar.js';
import type { BareVolume } from './flow-volume.js';
import type { MeteredVolumes } from './metered-volumes.js';
import type { VolumeRequests } from './volume-requests.js';

/** Volumes without what is known beside them, as `Volumes` computes them. */
export class BareVolumes {
  constructor(
    private readonly metered: Pick<MeteredVolumes, 'bareOfRange' | 'bareBetween'>,
    private readonly requests: VolumeRequests,
  ) {}

  async ofRange(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, BareVolume>> {
    await this.requests.require(principal, sensorIds, range, asOf);
    return this.metered.bareOfRange(principal, sensorIds, range, method, asOf);
  }

  /** Buckets oldest first, clipped to the range, empty ones among them. */
  ofCalendar(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    calendar: Calendar,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, BareVolume[]>> {
    return this.requests.ofCalendar(principal, sensorIds, range, calendar, asOf, (boundaries) =>
      this.metered.bareBetween(principal, sensorIds, boundaries, method, asOf),
    );
  }
}
