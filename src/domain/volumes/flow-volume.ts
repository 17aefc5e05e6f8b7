import type { BareVolume } from '../../storage/volumes/bucket-volume.js';

export type { BareVolume, VolumeSource } from '../../storage/volumes/bucket-volume.js';

const NOTHING: Omit<FlowVolume, 'start' | 'end' | 'sources'> = {
  volume: 0,
  volumeMeasured: 0,
  volumeInterpolated: 0,
  durationGood: 0,
  durationInterpolated: 0,
  durationMissing: 0,
  coverage: 0,
  pingCount: 0,
  minFlowrate: null,
  maxFlowrate: null,
  averageFlowrate: null,
};

/**
 * The indicated volume of [start, end), and its parts. Volumes in barrels, durations in seconds,
 * bbl/d.
 */
export interface FlowVolume extends BareVolume {
  /** in segments no longer than the sensor's max gap */
  readonly volumeMeasured: number;
  /** in outages */
  readonly volumeInterpolated: number;
  /** in segments no longer than the sensor's max gap */
  readonly durationGood: number;
  /** in outages */
  readonly durationInterpolated: number;
  /** before the first ping and after the last one */
  readonly durationMissing: number;
  /** the good share of the range, 0…1 */
  readonly coverage: number;
  readonly pingCount: number;
  readonly minFlowrate: number | null;
  readonly maxFlowrate: number | null;
  readonly averageFlowrate: number | null;
}

/** What a sensor adds to a total. */
export interface SensorVolume {
  readonly volume: FlowVolume;
  /** null while the sensor is in service */
  readonly retiredAt: Date | null;
  /** from when on it continues another sensor; null where it continues none */
  readonly continuesFrom: Date | null;
}

/**
 * Several sensors over one range: volumes, durations, ping counts and averages add up, minimum and
 * maximum are over all, coverage is the mean over the sensors' time in service. Time without pings
 * after a sensor's retirement, and before one continues another, is in none of the durations, and
 * lowers no mean.
 */
export function totalVolume(start: Date, end: Date, volumes: readonly SensorVolume[]): FlowVolume {
  const length = end.getTime() - start.getTime();
  const inService = ({ retiredAt, continuesFrom, volume }: SensorVolume) => {
    if (!retiredAt && !continuesFrom) return length;
    const within = (instant: Date) =>
      Math.min(Math.max(instant.getTime() - start.getTime(), 0), length);
    const out =
      (continuesFrom ? within(continuesFrom) : 0) + (retiredAt ? length - within(retiredAt) : 0);
    return length - Math.min(out, Math.round(volume.durationMissing * 1000));
  };
  // In lengths of the range: without retired sensors the number of sensors, exactly.
  const service = volumes.reduce((sum, each) => sum + inService(each) / (length || 1), 0);
  const total = volumes.reduce((sum, sensor) => {
    const each = sensor.volume;
    return {
      volume: sum.volume + each.volume,
      volumeMeasured: sum.volumeMeasured + each.volumeMeasured,
      volumeInterpolated: sum.volumeInterpolated + each.volumeInterpolated,
      durationGood: addSeconds(sum.durationGood, each.durationGood),
      durationInterpolated: addSeconds(sum.durationInterpolated, each.durationInterpolated),
      durationMissing: addSeconds(
        sum.durationMissing,
        each.durationMissing - (length - inService(sensor)) / 1000,
      ),
      coverage: service > 0 ? sum.coverage + each.coverage / service : 0,
      pingCount: sum.pingCount + each.pingCount,
      minFlowrate: pick(Math.min, sum.minFlowrate, each.minFlowrate),
      maxFlowrate: pick(Math.max, sum.maxFlowrate, each.maxFlowrate),
      averageFlowrate: pick((a, b) => a + b, sum.averageFlowrate, each.averageFlowrate),
    };
  }, NOTHING);
  // A mean of ones may come out a rounding above one.
  const coverage = Math.min(total.coverage, 1);
  const sources = volumes.flatMap(({ volume }) => volume.sources);
  return { ...total, start, end, coverage, sources };
}

/** The same without what is known beside the volumes. */
export function totalBareVolume(
  start: Date,
  end: Date,
  volumes: readonly BareVolume[],
): BareVolume {
  return {
    start,
    end,
    volume: volumes.reduce((sum, { volume }) => sum + volume, 0),
    sources: volumes.flatMap(({ sources }) => sources),
  };
}

/**
 * Whether readings are missing from the range, or may still come: part of it lies before the first
 * ping or after the last one, or it ends after `now`.
 */
export function isPartial({ start, end, durationMissing }: FlowVolume, now: Date): boolean {
  return durationMissing > 0 || (end > start && end > now);
}

/** Both are whole milliseconds, and so is their sum. */
function addSeconds(a: number, b: number): number {
  return Math.round((a + b) * 1000) / 1000;
}

function pick(
  choose: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}
