import type { Reader } from '../../storage/postgres/reader.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { VolumeMethod, VolumeStore } from '../../storage/volumes/volume-store.js';
import { calendarBoundaries, type Calendar } from './calendar.js';
import { hourCount, hourBoundaries, slotBoundaries } from './bucket-boundaries.js';
import { InvalidInputError, NotFoundError } from '../shared/errors.js';
import { BareVolumes } from './bare-volumes.js';
import type { FlowVolume } from './flow-volume.js';
import { detailsOf, type VolumeDetails } from './volume-details.js';
import { byOwnMethod, historyOf, volumesByOwnMethod, type MethodHistory } from './own-method.js';
import { MeteredVolumes } from './metered-volumes.js';
import { emptyLists, type HourPage, type Outage, type SeriesPoint } from './lists.js';
import { noSuchPage, PAGE_SIZE, pageOf, type PageNumber } from '../shared/page.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { requireReadable } from './readable.js';
import { roundVolume } from './round-volume.js';
import { VolumeRequests } from './volume-requests.js';
import type { RecordHistory } from '../shared/record-history.js';

export { VOLUME_INTERVALS, type Calendar, type VolumeInterval } from './calendar.js';
export {
  isPartial,
  totalBareVolume,
  totalVolume,
  type BareVolume,
  type FlowVolume,
  type SensorVolume,
} from './flow-volume.js';
export type { HourPage, Outage, SeriesPoint } from './lists.js';
export type { MethodHistory } from './own-method.js';
export type { VolumeMethod } from '../../storage/volumes/volume-store.js';

export const MAX_POINTS = 5000;
export const MAX_OUTAGES = 10_000;

/**
 * How much flowed: the integral of flowrate over half-open ranges.
 *
 * Calls over several sensors run one statement, and leave out sensors that the account does not
 * have. All throw InvalidInputError for a range that ends before it starts.
 *
 * With `asOf`, volumes are of the pings as they were stored at that instant; InvalidInputError where
 * it is not known what was.
 */
export class Volumes {
  /** the same without what is known beside the volumes, in less time */
  readonly bare: BareVolumes;
  readonly metered: MeteredVolumes;
  private readonly requests: VolumeRequests;

  constructor(
    private readonly store: VolumeStore,
    private readonly history: RecordHistory,
  ) {
    this.requests = new VolumeRequests(store, history);
    this.metered = new MeteredVolumes(store);
    this.bare = new BareVolumes(this.metered, this.requests);
  }

  /**
   * Barrels, rounded to 6 decimals.
   * @param method undefined: the sensor's own
   * @throws NotFoundError where the account has no such sensor
   */
  async ofSensor(
    principal: Principal,
    sensorId: number,
    range: TimeRange,
    method?: VolumeMethod,
    asOf?: Date,
  ): Promise<{ sensorId: number; sensorName: string; volume: number }> {
    requireReadable(principal, range);
    await this.history.requireKnown(principal, [sensorId], asOf);
    const row = await byOwnMethod(method, (each) =>
      this.metered.ofSensor(principal, sensorId, range, each, asOf),
    );
    if (!row) throw new NotFoundError();
    const mixed = method ? undefined : historyOf(sensorId, row);
    const [own] = mixed ? await this.rounded(principal, mixed, [range.start, range.end], asOf) : [];
    return { sensorId, sensorName: row.sensor_name, volume: own ?? row.volume };
  }

  ofRange(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, FlowVolume>> {
    return this.requests.ofRange(principal, sensorIds, range, asOf, (boundaries) =>
      this.metered.between(principal, sensorIds, boundaries, method, asOf),
    );
  }

  /** The volumes of sensors whose method changed, each by the method in force at each instant. */
  ofRangeByOwnMethod(
    principal: Principal,
    sensors: readonly MethodHistory[],
    range: TimeRange,
    asOf?: Date,
  ): Promise<Map<number, FlowVolume>> {
    return this.requests.ofRange(principal, idsOf(sensors), range, asOf, (boundaries) =>
      volumesByOwnMethod(this.metered, principal, sensors, boundaries, asOf),
    );
  }

  /** The same in the buckets of a calendar. */
  ofCalendarByOwnMethod(
    principal: Principal,
    sensors: readonly MethodHistory[],
    range: TimeRange,
    calendar: Calendar,
    asOf?: Date,
  ): Promise<Map<number, FlowVolume[]>> {
    return this.requests.ofCalendar(
      principal,
      idsOf(sensors),
      range,
      calendar,
      asOf,
      (boundaries) => volumesByOwnMethod(this.metered, principal, sensors, boundaries, asOf),
    );
  }

  /** The boundaries of a calendar's buckets that meet the range, clipped to it. */
  boundaries(principal: Principal, range: TimeRange, calendar?: Calendar): Promise<Date[]> {
    requireReadable(principal, range);
    return calendar
      ? calendarBoundaries(this.store, principal, range, calendar)
      : Promise.resolve([range.start, range.end]);
  }

  /**
   * The volumes between neighbouring boundaries, ascending and at least two.
   * @param method undefined: each sensor's own
   */
  async between(
    principal: Principal,
    sensors: readonly MethodHistory[],
    boundaries: readonly Date[],
    method: VolumeMethod | undefined,
    asOf?: Date,
  ): Promise<Map<number, FlowVolume[]>> {
    requireReadable(principal, { start: boundaries[0]!, end: boundaries.at(-1)! });
    await this.history.requireKnown(principal, idsOf(sensors), asOf);
    return method
      ? this.metered.between(principal, idsOf(sensors), boundaries, method, asOf)
      : volumesByOwnMethod(this.metered, principal, sensors, boundaries, asOf);
  }

  private async rounded(
    reader: Reader,
    sensor: MethodHistory,
    boundaries: readonly Date[],
    asOf: Date | undefined,
  ): Promise<number[]> {
    const found = await volumesByOwnMethod(this.metered, reader, [sensor], boundaries, asOf);
    return (found.get(sensor.id) ?? []).map(({ volume }) => roundVolume(volume));
  }

  /** Buckets oldest first, clipped to the range, empty ones among them. */
  ofCalendar(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    calendar: Calendar,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, FlowVolume[]>> {
    return this.requests.ofCalendar(principal, sensorIds, range, calendar, asOf, (boundaries) =>
      this.metered.between(principal, sensorIds, boundaries, method, asOf),
    );
  }

  /** What is beside volumes that were computed before, as of the same instants. */
  details(principal: Principal, volumes: readonly FlowVolume[]): Promise<VolumeDetails[]> {
    requireScope(principal, 'READ');
    return detailsOf(this.store, principal, volumes);
  }

  /** Whether the range cuts the first bucket of a calendar that it meets, and the last one. */
  async cutEnds(
    principal: Principal,
    range: TimeRange,
    calendar: Calendar,
  ): Promise<{ first: boolean; last: boolean }> {
    const isCut = async (instant: Date) => {
      const around = {
        start: new Date(instant.getTime() - 1),
        end: new Date(instant.getTime() + 1),
      };
      return (await calendarBoundaries(this.store, principal, around, calendar)).length === 2;
    };
    return { first: await isCut(range.start), last: await isCut(range.end) };
  }

  /**
   * The clock hours (UTC) that meet the range, their volumes rounded to 6 decimals; only those of
   * the page are computed.
   *
   * @param method undefined: the sensor's own
   * @throws NotFoundError where there is no such sensor or page
   */
  async hourPage(
    principal: Principal,
    sensorId: number,
    range: TimeRange,
    requested: PageNumber,
    method?: VolumeMethod,
    asOf?: Date,
  ): Promise<HourPage> {
    requireReadable(principal, range);
    await this.history.requireKnown(principal, [sensorId], asOf);
    const count = hourCount(range);
    const place = pageOf(count, requested);
    const last = place ? count - (place.page - 1) * PAGE_SIZE : 0;
    const boundaries = hourBoundaries(range, Math.max(last - PAGE_SIZE, 0), last);
    const found = await byOwnMethod(method, (each) =>
      this.metered.ofHours(principal, sensorId, boundaries, each, asOf),
    );
    if (!found) throw new NotFoundError();
    if (!place) throw noSuchPage();
    const mixed = method ? undefined : historyOf(sensorId, found);
    const volumes =
      mixed && boundaries.length > 1
        ? await this.rounded(principal, mixed, boundaries, asOf)
        : found.volumes.map(roundVolume);
    const hours = Array.from(volumes, (volume, index) => {
      return { start: boundaries[index]!, end: boundaries[index + 1]!, volume };
    }).reverse();
    return { ...place, sensorId, sensorName: found.sensor_name, hours };
  }

  /** Equal slots of the range, a point for each that holds a ping, oldest first. */
  async series(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    maxPoints: number,
  ): Promise<Map<number, SeriesPoint[]>> {
    requireReadable(principal, range);
    if (!Number.isInteger(maxPoints) || maxPoints < 1 || maxPoints > MAX_POINTS) {
      throw InvalidInputError.of(
        'maxPoints',
        `Must be a whole number from 1 to ${MAX_POINTS}; got ${maxPoints}.`,
      );
    }
    const points = emptyLists<SeriesPoint>(sensorIds);
    const boundaries = slotBoundaries(range, maxPoints);
    if (boundaries.length < 2) return points;
    for (const { sensor_id, at, min, max, average } of await this.store.series(
      principal,
      sensorIds,
      boundaries,
    )) {
      points.get(sensor_id)?.push({ datetime: new Date(at), min, max, average });
    }
    return points;
  }

  /**
   * Segments longer than the sensor's max gap that meet the range, whole, oldest first; a range of
   * no length meets none.
   */
  async outages(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
  ): Promise<Map<number, Outage[]>> {
    requireReadable(principal, range);
    const outages = emptyLists<Outage>(sensorIds);
    if (range.start.getTime() === range.end.getTime()) return outages;
    const found = await this.store.outages(
      principal,
      sensorIds,
      range,
      MAX_OUTAGES * sensorIds.length + 1,
    );
    for (const { sensor_id, start, end } of found) {
      outages.get(sensor_id)?.push({ start: new Date(start), end: new Date(end) });
    }
    if ([...outages.values()].some(({ length }) => length > MAX_OUTAGES)) {
      throw InvalidInputError.of(
        'end',
        `At most ${MAX_OUTAGES} outages at once; this range has more. Shorten it.`,
      );
    }
    return outages;
  }
}

function idsOf(sensors: readonly MethodHistory[]): number[] {
  return sensors.map(({ id }) => id);
}
