import type { Reader } from '../../storage/postgres/reader.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { NEVER_CHANGED, valueAt } from '../../storage/sensors/history.js';
import type {
  Indicated,
  MeterFactors,
  SensorRow,
  VolumeMethod,
  VolumeStore,
} from '../../storage/volumes/volume-store.js';
import type { BareVolume, FlowVolume } from './flow-volume.js';
import { cutAt, joinParts } from './parts.js';
import { roundVolume } from './round-volume.js';

const ALWAYS_ONE: MeterFactors = { ...NEVER_CHANGED, current: 1 };

/**
 * Volumes, with the meter factor of each sensor: the indicated volume times the factor in force at each
 * instant (API MPMS chapters 4.8 and 12.2). A volume over instants at which the factor changes is cut
 * there. Sensors that always had the factor 1 take no other statements than without it.
 *
 * With `asOf` also the factors are those that were known at that instant.
 */
export class MeteredVolumes {
  constructor(private readonly store: VolumeStore) {}

  /** Barrels, rounded to 6 decimals. @returns undefined where the account has no such sensor */
  async ofSensor(
    reader: Reader,
    sensorId: number,
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<(SensorRow & { volume: number }) | undefined> {
    const row = await this.store.ofSensor(reader, sensorId, range, method, asOf);
    if (!row?.is_metered) return row;
    const boundaries = [range.start, range.end];
    const [volume] = await this.ofOne(reader, sensorId, boundaries, method, asOf);
    return { ...row, volume: roundVolume(volume!) };
  }

  /** @returns undefined where the account has no such sensor */
  async ofHours(
    reader: Reader,
    sensorId: number,
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<(SensorRow & { volumes: Float64Array }) | undefined> {
    const row = await this.store.ofHours(reader, sensorId, boundaries, method, asOf);
    if (!row || boundaries.length < 2) return row;
    if (!row.is_metered) return row;
    const volumes = await this.ofOne(reader, sensorId, boundaries, method, asOf);
    return { ...row, volumes: Float64Array.from(volumes) };
  }

  /** The volumes of each sensor that the account has, in the order of the buckets. */
  async between(
    reader: Reader,
    sensorIds: readonly number[],
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, FlowVolume[]>> {
    const indicated = await this.store.between(reader, sensorIds, boundaries, method, asOf);
    const place = { reader, boundaries, method, asOf };
    return this.corrected<FlowVolume>(indicated, place, corrected);
  }

  /** The same without what is beside the volumes. */
  async bareBetween(
    reader: Reader,
    sensorIds: readonly number[],
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, BareVolume[]>> {
    const indicated = await this.store.bareBetween(reader, sensorIds, boundaries, method, asOf);
    const place = { reader, boundaries, method, asOf };
    return this.corrected(indicated, place, bareCorrected);
  }

  /** The volume of each sensor that the account has, over one range. */
  async bareOfRange(
    reader: Reader,
    sensorIds: readonly number[],
    range: TimeRange,
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<Map<number, BareVolume>> {
    const { volumes, metered } = await this.store.bareOfRange(
      ...([reader, sensorIds, range, method, asOf] as const),
    );
    if (metered.length === 0) return volumes;
    const lists = new Map([...volumes].map(([id, volume]) => [id, [volume]]));
    const place = { reader, boundaries: [range.start, range.end], method, asOf };
    const found = await this.corrected({ volumes: lists, metered }, place, bareCorrected);
    return new Map([...found].map(([id, [volume]]) => [id, volume!]));
  }

  /** The meter factors over time of each sensor that is asked for. */
  async factors(
    reader: Reader,
    sensorIds: readonly number[],
    asOf?: Date,
  ): Promise<Map<number, MeterFactors>> {
    const found = await this.store.meterFactors(reader, sensorIds, asOf);
    return new Map(sensorIds.map((id) => [id, found.get(id) ?? ALWAYS_ONE]));
  }

  /** The mean of the recorded flowrates over time, bbl/d; null where no segment runs. */
  async indicatedFlowrate(
    reader: Reader,
    sensorId: number,
    { start, end }: TimeRange,
  ): Promise<number | null> {
    const { volumes } = await this.store.between(reader, [sensorId], [start, end], 'LINEAR');
    return volumes.get(sensorId)?.[0]?.averageFlowrate ?? null;
  }

  /** The mean of the meter factor over time. */
  async meanFactor(reader: Reader, sensorId: number, { start, end }: TimeRange): Promise<number> {
    const factors = (await this.factors(reader, [sensorId])).get(sensorId)!;
    const cuts = cutAt([start, end], factors.changedAt);
    if (cuts.length === 2) return valueAt(factors, start);
    const total = cuts.slice(1).reduce((sum, to, index) => {
      const from = cuts[index]!;
      return sum + valueAt(factors, from) * (to.getTime() - from.getTime());
    }, 0);
    return total / (end.getTime() - start.getTime());
  }

  private async ofOne(
    reader: Reader,
    sensorId: number,
    boundaries: readonly Date[],
    method: VolumeMethod,
    asOf: Date | undefined,
  ): Promise<number[]> {
    const found = await this.bareBetween(reader, [sensorId], boundaries, method, asOf);
    return (found.get(sensorId) ?? []).map(({ volume }) => volume);
  }

  private async corrected<Volume extends BareVolume>(
    { volumes, metered }: Indicated<Volume[]>,
    { reader, boundaries, method, asOf }: Place,
    times: (volume: Volume, factor: number) => Volume,
  ): Promise<Map<number, (Volume | FlowVolume)[]>> {
    if (metered.length === 0) return volumes;
    const factors = await this.store.meterFactors(reader, metered, asOf);
    const found = new Map<number, (Volume | FlowVolume)[]>(volumes);
    const cut = new Map<number, MeterFactors>();
    for (const [id, own] of factors) {
      const indicated = volumes.get(id);
      if (!indicated) continue;
      if (cutAt(boundaries, own.changedAt).length > boundaries.length) cut.set(id, own);
      else found.set(id, timesFactors(indicated, own, times));
    }
    if (cut.size === 0) return found;
    const changes = [...cut.values()].flatMap(({ changedAt }) => changedAt);
    const cuts = cutAt(boundaries, changes);
    const parts = await this.store.between(reader, [...cut.keys()], cuts, method, asOf);
    for (const [id, own] of parts.volumes) {
      const each = timesFactors<FlowVolume>(own, cut.get(id)!, corrected);
      found.set(id, joinParts(each, boundaries));
    }
    return found;
  }
}

/** Where volumes are, and how they are computed. */
interface Place {
  readonly reader: Reader;
  readonly boundaries: readonly Date[];
  readonly method: VolumeMethod;
  readonly asOf: Date | undefined;
}

/** Each times the factor in force at its start. */
function timesFactors<Volume extends BareVolume>(
  volumes: readonly Volume[],
  factors: MeterFactors,
  times: (volume: Volume, factor: number) => Volume,
): Volume[] {
  return volumes.map((volume) => {
    const factor = valueAt(factors, volume.start);
    return factor === 1 ? volume : times(volume, factor);
  });
}

function bareCorrected(
  { start, end, volume, sources }: BareVolume,
  meterFactor: number,
): BareVolume {
  return {
    ...{ start, end, volume: volume * meterFactor },
    sources: sources.map((source) => ({ ...source, meterFactor })),
  };
}

/** The average times the factor too: it is the volume over time. Flowrates of readings stay. */
function corrected(indicated: FlowVolume, meterFactor: number): FlowVolume {
  const { averageFlowrate } = indicated;
  return {
    ...bareCorrected(indicated, meterFactor),
    volumeMeasured: indicated.volumeMeasured * meterFactor,
    volumeInterpolated: indicated.volumeInterpolated * meterFactor,
    durationGood: indicated.durationGood,
    durationInterpolated: indicated.durationInterpolated,
    durationMissing: indicated.durationMissing,
    coverage: indicated.coverage,
    pingCount: indicated.pingCount,
    minFlowrate: indicated.minFlowrate,
    maxFlowrate: indicated.maxFlowrate,
    averageFlowrate: averageFlowrate === null ? null : averageFlowrate * meterFactor,
  };
}
