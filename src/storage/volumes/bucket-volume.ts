import { unpackVolumes } from './packed-volumes.js';
import { BUCKET_RECORD, SENSOR_VOLUME_RECORD } from './sql/flow-volumes.js';
import type { TimeRange } from '../postgres/time-range.js';
import type { VolumeMethod } from './sql/volume-method.js';

const { bytes: BYTES, offsets: AT } = BUCKET_RECORD;
const NOTHING = Buffer.alloc(BYTES);
const MILLISECONDS_A_DAY = 86_400_000;

/** A part of a range in which the flowrate runs by one method, and one meter factor is in force. */
export interface VolumeSpan extends TimeRange {
  readonly method: VolumeMethod;
  /** undefined: 1 */
  readonly meterFactor?: number | undefined;
}

/** The sensor that a volume is of, and how it was computed. */
export interface VolumeSource {
  readonly sensorId: number;
  /** by which the flowrate runs at the start of the range, and up to its end */
  readonly startMethod: VolumeMethod;
  readonly endMethod: VolumeMethod;
  /** by which the volume is multiplied where it is not joined of parts; undefined: 1 */
  readonly meterFactor?: number | undefined;
  /** the parts that it is joined of, where there are several */
  readonly spans?: readonly VolumeSpan[];
  /** of the pings as they were stored then; undefined: now */
  readonly asOf: Date | undefined;
}

/** What flowed through sensors in [start, end), without what is known beside it. */
export interface BareVolume {
  readonly start: Date;
  readonly end: Date;
  readonly volume: number;
  readonly sources: readonly VolumeSource[];
}

/**
 * What flowed through one sensor in [start, end), read from a BUCKET_RECORD. Each figure is
 * computed when it is asked for: of thousands of days mostly the volume alone is.
 */
export class BucketVolume implements BareVolume {
  constructor(
    readonly start: Date,
    readonly end: Date,
    readonly sources: readonly VolumeSource[],
    private readonly buffer: Buffer = NOTHING,
    private readonly place = 0,
  ) {}

  get volume(): number {
    return this.figure(AT.volume);
  }

  get volumeMeasured(): number {
    return this.figure(AT.measured_volume);
  }

  get volumeInterpolated(): number {
    return this.figure(AT.outage_volume);
  }

  get durationGood(): number {
    return this.coveredMs / 1000;
  }

  get durationInterpolated(): number {
    return (this.spannedMs - this.coveredMs) / 1000;
  }

  get durationMissing(): number {
    return (this.lengthMs - this.spannedMs) / 1000;
  }

  get coverage(): number {
    return this.lengthMs > 0 ? this.coveredMs / this.lengthMs : 0;
  }

  get pingCount(): number {
    return this.figure(AT.ping_count);
  }

  get minFlowrate(): number | null {
    return this.pingCount > 0 ? this.figure(AT.min_flowrate) : null;
  }

  get maxFlowrate(): number | null {
    return this.pingCount > 0 ? this.figure(AT.max_flowrate) : null;
  }

  /** Time-weighted, and kept within the flowrates that it averages, which rounding could leave. */
  get averageFlowrate(): number | null {
    if (this.spannedMs === 0) return null;
    const average = this.volume / (this.spannedMs / MILLISECONDS_A_DAY);
    return Math.min(Math.max(average, this.figure(AT.lowest)), this.figure(AT.highest));
  }

  private get lengthMs(): number {
    return this.end.getTime() - this.start.getTime();
  }

  /** time in segments no longer than the sensor's max gap */
  private get coveredMs(): number {
    return this.figure(AT.covered_ms);
  }

  /** time in segments, outages too */
  private get spannedMs(): number {
    return this.figure(AT.spanned_ms);
  }

  private figure(offset: number): number {
    return this.buffer.readDoubleBE(this.place + offset);
  }
}

/**
 * The volumes between each two neighbouring boundaries, in their order.
 * @param base64 records in any order, null where there are none
 */
export function unpackBuckets(
  base64: string | null,
  boundaries: readonly Date[],
  source: VolumeSource,
): BucketVolume[] {
  // One for all, since there may be thousands.
  const sources = [source];
  const buffer = Buffer.from(base64 ?? '', 'base64');
  const places = new Map<number, number>();
  for (let place = 0; place < buffer.length; place += BYTES) {
    places.set(buffer.readInt32BE(place + AT.bucket), place);
  }
  return boundaries.slice(1).map((end, index) => {
    const place = places.get(index + 1);
    const start = boundaries[index]!;
    return place === undefined
      ? new BucketVolume(start, end, sources)
      : new BucketVolume(start, end, sources, buffer, place);
  });
}

/** The same of VOLUME_RECORDs. */
export function unpackBareVolumes(
  base64: string | null,
  boundaries: readonly Date[],
  source: VolumeSource,
): BareVolume[] {
  const sources = [source];
  const volumes = unpackVolumes(base64 ?? '', boundaries.length - 1);
  return boundaries.slice(1).map((end, index) => {
    return { start: boundaries[index]!, end, volume: volumes[index]!, sources };
  });
}

/** The row of `packedVolumes`. */
export interface PackedVolumesRow {
  /** SENSOR_VOLUME_RECORDs in base64 */
  readonly volumes: string | null;
  /** the sensors whose meter factor is not, or was not always, 1 */
  readonly metered_ids: number[] | null;
  /** the sensors that have thinned pings, and until when the last of these has */
  readonly thinned_ids: number[] | null;
  readonly thinned_until: number | null;
  readonly [column: string]: unknown;
}

/**
 * The volumes of sensors over one range.
 * @param packed SENSOR_VOLUME_RECORDs, some of them each, in base64; by sensor each
 * @returns by sensor, so that a sum of them does not depend on where they come from
 */
export function unpackRangeVolumes(
  packed: readonly string[],
  { start, end }: TimeRange,
  source: Omit<VolumeSource, 'sensorId'>,
): Map<number, BareVolume> {
  const { bytes, offsets } = SENSOR_VOLUME_RECORD;
  const buffer = Buffer.concat(packed.map((each) => Buffer.from(each, 'base64')));
  const volumes = new Map<number, BareVolume>();
  for (let place = 0; place < buffer.length; place += bytes) {
    const sensorId = buffer.readInt32BE(place + offsets.sensor_id);
    const volume = buffer.readDoubleBE(place + offsets.volume);
    volumes.set(sensorId, { start, end, volume, sources: [{ sensorId, ...source }] });
  }
  return packed.length > 1 ? new Map([...volumes].sort(([a], [b]) => a - b)) : volumes;
}
