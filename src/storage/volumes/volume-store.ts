import { int4Array, timestamptzArray } from '../postgres/binary-array.js';
import {
  unpackBuckets,
  unpackBareVolumes,
  unpackRangeVolumes,
  type PackedVolumesRow,
  type BareVolume,
  type BucketVolume,
  type VolumeSource,
} from './bucket-volume.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { unpackVolumes } from './packed-volumes.js';
import type { Indicated, OutageRow, SensorBuckets, SensorRow, SeriesRow } from './volume-rows.js';
import { calendarBoundaries } from './sql/calendar-boundaries.js';
import { readMeterFactors, type MeterFactors } from './meter-factors.js';
import { cutsParameter } from './range-cuts.js';
import {
  packedVolumes,
  packedVolumesAsOf,
  sensorVolume,
  sensorVolumeAsOf,
} from './sql/flow-volumes.js';
import { hourVolumes, hourVolumesAsOf } from './sql/hour-volumes.js';
import { outages } from './sql/outages.js';
import { series } from './sql/series.js';
import { volumeDetails, volumeDetailsAsOf } from './sql/volume-details.js';
import type { Figures, VolumeMethod } from './sql/volume-method.js';
import { HOUR } from '../summaries/sql/level.js';
import { sqlState } from '../postgres/pg-errors.js';
import type { Reader } from '../postgres/reader.js';
import { unpackDetails, type SensorRange, type VolumeDetailRow } from './volume-detail-row.js';
import { requireWholeHours } from './thinned-hours.js';
import type { TimeRange } from '../postgres/time-range.js';
import { parameters, rangeOf, statementsOf } from './volume-statements.js';
import { readRanges, readSensor, readSensors } from '../postgres/sensor-reads.js';
import { zoneParameter } from '../postgres/zone-parameter.js';

export type { Indicated, OutageRow, SensorRow, SeriesRow } from './volume-rows.js';
export type { MeterFactors } from './meter-factors.js';
export type { VolumeMethod } from './sql/volume-method.js';

const INVALID_PARAMETER_VALUE = '22023';

export type CalendarUnit = 'day' | 'week' | 'month';

/**
 * Flow volumes without meter factors, computed by window functions over pings and their summaries;
 * with `asOf` over the pings as they were stored at that instant.
 */
export class VolumeStore {
  constructor(private readonly database: Database) {}

  /** Barrels, rounded to 6 decimals. @returns undefined where the account has no such sensor */
  async ofSensor(
    reader: Reader,
    sensorId: number,
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<(SensorRow & { volume: number }) | undefined> {
    const [row] = await readSensor<SensorRow & { volume: number }>(
      this.database.reads,
      reader,
      (asOf ? sensorVolumeAsOf : sensorVolume)[method],
      sensorId,
      [reader.accountId, sensorId, cutsParameter(range), ...parameters(asOf)],
    );
    if (row) await this.requireWholeHours(reader, sensorId, row, [range.start, range.end], asOf);
    return row;
  }

  /**
   * The volumes of each sensor that the account has, in the order of the buckets.
   * @param boundaries ascending, at least two: the ranges between neighbours are the buckets
   */
  between(
    reader: Reader,
    sensorIds: readonly number[],
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Indicated<BucketVolume[]>> {
    return this.buckets('ALL', unpackBuckets, reader, sensorIds, boundaries, method, asOf);
  }

  /** The same without what is beside the volumes. */
  bareBetween(
    reader: Reader,
    sensorIds: readonly number[],
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Indicated<BareVolume[]>> {
    return this.buckets('VOLUME', unpackBareVolumes, reader, sensorIds, boundaries, method, asOf);
  }

  /** The volume of each sensor that the account has, over one range. */
  async bareOfRange(
    reader: Reader,
    sensorIds: readonly number[],
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Indicated<BareVolume>> {
    const rows = await readSensors<PackedVolumesRow>(
      this.database.reads,
      reader,
      (asOf ? packedVolumesAsOf : packedVolumes)[method],
      sensorIds,
      (ids) => [reader.accountId, int4Array(ids), cutsParameter(range), ...parameters(asOf)],
    );
    const thinned = rows.flatMap(({ thinned_ids, thinned_until }) =>
      (thinned_ids ?? []).map((sensor_id) => ({ sensor_id, thinned_until })),
    );
    await requireWholeHours(this.database, reader, thinned, [range.start, range.end], asOf);
    const source = { startMethod: method, endMethod: method, asOf };
    const packed = rows.map(({ volumes }) => volumes ?? '');
    return {
      volumes: unpackRangeVolumes(packed, range, source),
      metered: rows.flatMap(({ metered_ids }) => metered_ids ?? []),
    };
  }

  private async buckets<Bucket>(
    figures: Figures,
    unpack: (packed: string | null, boundaries: readonly Date[], source: VolumeSource) => Bucket[],
    reader: Reader,
    sensorIds: readonly number[],
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf: Date | undefined,
  ): Promise<Indicated<Bucket[]>> {
    const [statements, instants] = statementsOf(boundaries, asOf);
    const rows = await readSensors<SensorBuckets>(
      this.database.reads,
      reader,
      statements[figures][method],
      sensorIds,
      (ids) => [reader.accountId, int4Array(ids), ...instants],
    );
    await requireWholeHours(this.database, reader, rows, boundaries, asOf);
    const volumes = new Map(
      rows.map(({ sensor_id, buckets }) => {
        const source = { sensorId: sensor_id, startMethod: method, endMethod: method, asOf };
        return [sensor_id, unpack(buckets, boundaries, source)];
      }),
    );
    const metered = rows.flatMap(({ sensor_id, is_metered }) => (is_metered ? [sensor_id] : []));
    return { volumes, metered };
  }

  /** Of sensors; those that always had the factor 1 may be missing. @param asOf undefined: now */
  meterFactors(
    reader: Reader,
    sensorIds: readonly number[],
    asOf?: Date,
  ): Promise<Map<number, MeterFactors>> {
    return readMeterFactors(this.database, reader, sensorIds, asOf);
  }

  /** What is beside the volumes of some ranges of sensors, in their order. */
  details(
    reader: Reader,
    ranges: readonly SensorRange[],
    asOf?: Date,
  ): Promise<(VolumeDetailRow | undefined)[]> {
    return readRanges(
      this.database.reads,
      reader,
      asOf ? volumeDetailsAsOf : volumeDetails,
      ranges,
      (some) => [
        reader.accountId,
        int4Array(some.map(({ sensorId }) => sensorId)),
        timestamptzArray(some.map(({ start }) => start)),
        timestamptzArray(some.map(({ end }) => end)),
        ...parameters(asOf),
      ],
      ([row], count) => unpackDetails((row?.['details'] as string | null) ?? '', count),
    );
  }

  /**
   * Barrels between each two neighbouring boundaries, which are those of hours but for the first and
   * the last.
   * @returns undefined where the account has no such sensor
   */
  async ofHours(
    reader: Reader,
    sensorId: number,
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<(SensorRow & { volumes: Float64Array }) | undefined> {
    const [row] = await readSensor<SensorRow & { volumes: string | null }>(
      this.database.reads,
      reader,
      (asOf ? hourVolumesAsOf : hourVolumes)[method],
      sensorId,
      [
        reader.accountId,
        sensorId,
        timestamptzArray(boundaries),
        asOf ? instantParameter(asOf) : cutsParameter(rangeOf(boundaries), HOUR),
      ],
    );
    if (row) await this.requireWholeHours(reader, sensorId, row, boundaries, asOf);
    return row && { ...row, volumes: unpackVolumes(row.volumes ?? '', boundaries.length - 1) };
  }

  private requireWholeHours(
    reader: Reader,
    sensor_id: number,
    { thinned_until }: SensorRow,
    boundaries: readonly Date[],
    asOf: Date | undefined,
  ): Promise<void> {
    const sensors = [{ sensor_id, thinned_until }];
    return requireWholeHours(this.database, reader, sensors, boundaries, asOf);
  }

  /**
   * @param timeZone an IANA name
   * @param dayStart `HH:MM`
   * @returns undefined where the database does not know the zone
   */
  async calendarBoundaries(
    reader: Reader,
    { start, end }: TimeRange,
    unit: CalendarUnit,
    timeZone: string,
    dayStart: string,
  ): Promise<Date[] | undefined> {
    const range = [start, end].map(instantParameter);
    const rows = await this.database.reads
      .query<{ at: number }>(reader, calendarBoundaries, [
        ...range,
        ...[unit, zoneParameter(timeZone), dayStart],
      ])
      .catch((error: unknown) => {
        if (sqlState(error) === INVALID_PARAMETER_VALUE) return undefined;
        throw error;
      });
    return rows?.map(({ at }) => new Date(at));
  }

  series(
    reader: Reader,
    sensorIds: readonly number[],
    boundaries: readonly Date[],
  ): Promise<SeriesRow[]> {
    const instants = boundaries.map(instantParameter);
    return readSensors(this.database.reads, reader, series, sensorIds, (ids) => [
      ...[reader.accountId, ids, instants],
    ]);
  }

  async outages(
    reader: Reader,
    sensorIds: readonly number[],
    { start, end }: TimeRange,
    limit: number,
  ): Promise<OutageRow[]> {
    const range = [start, end].map(instantParameter);
    const rows = await readSensors<OutageRow>(
      ...([this.database.reads, reader, outages, sensorIds] as const),
      (ids) => [reader.accountId, ids, range, limit],
    );
    return rows.slice(0, limit);
  }
}
