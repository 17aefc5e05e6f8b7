import type {
  SensorVolumesQuery,
  VolumeFiguresFragment,
  VolumeInterval,
} from '../../../../generated/graphql/graphql.js';
import type { Bar } from '../../charts/volume-options.js';
import { measuredTime, type MeasuredTime } from '../../measured-time.js';
import { roundedParts, volumeFormat } from '../../rounded-volumes.js';

/** Figures, and their volumes in the user’s unit, rounded so that they add up. */
export interface Bucket {
  readonly figures: VolumeFiguresFragment;
  readonly measured: MeasuredTime;
  readonly volume: number;
  readonly interpolatedVolume: number;
  readonly bar: Bar;
}

/** A range's volumes; all figures of one moment. */
export interface VolumeAnswer {
  readonly total: Omit<Bucket, 'bar'>;
  readonly buckets: readonly Bucket[];
  readonly interval: VolumeInterval;
  /** writes volumes, in the user’s unit, all with the same number of decimals */
  readonly format: (volume: number) => string;
}

export function volumeAnswer(
  { flowSensor: sensor }: SensorVolumesQuery,
  interval: VolumeInterval,
): VolumeAnswer | undefined {
  if (!sensor) return undefined;
  const { flowVolume: total, flowVolumes: buckets, lastPing } = sensor;
  const { decimals, format } = volumeFormat([total, ...buckets].map(({ volume }) => volume));
  const volumes = roundedParts(
    total.volume,
    buckets.map(({ volume }) => volume),
    decimals,
  );
  const interpolated = roundedParts(
    total.volumeInterpolated,
    buckets.map(({ volumeInterpolated }) => volumeInterpolated),
    decimals,
  );
  return {
    total: {
      figures: total,
      measured: measuredTime(total, sensor),
      volume: total.volume,
      interpolatedVolume: total.volumeInterpolated,
    },
    buckets: buckets.map((figures, index) => {
      const measured = measuredTime(figures, sensor);
      return {
        figures,
        measured,
        volume: volumes[index]!,
        interpolatedVolume: interpolated[index]!,
        bar: barOf(figures, measured, lastPing ? Date.parse(lastPing.datetime) : -Infinity),
      };
    }),
    interval,
    format,
  };
}

/**
 * Readings are missing only before the first one and after the last one: between them it is
 * outages.
 */
function barOf(figures: VolumeFiguresFragment, { pending }: MeasuredTime, last: number): Bar {
  const [start, end] = [Date.parse(figures.start), Date.parse(figures.end)];
  const missing = figures.durationMissing * 1000;
  const missingAfter = Math.min(Math.max(end - Math.max(last, start), 0), missing);
  return {
    start,
    end,
    covered: { start: start + missing - missingAfter, end: end - missingAfter },
    missingUntil: end - pending,
    volume: figures.volume,
    measured: figures.volumeMeasured,
    interpolated: figures.volumeInterpolated,
  };
}
