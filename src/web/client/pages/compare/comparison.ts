import type {
  SensorReadingsQuery,
  SensorVolumesQuery,
} from '../../../../generated/graphql/graphql.js';
import { hasData, measuredTime } from '../../measured-time.js';
import type { Range } from '../../range/range.js';

type Readings = NonNullable<SensorReadingsQuery['flowSensor']>;
type Volumes = NonNullable<SensorVolumesQuery['flowSensor']>;

/** A volume of a bucket or of the whole range, in the user's unit. */
export interface ComparedVolume {
  /** milliseconds since 1970 */
  readonly start: number;
  readonly end: number;
  readonly volume: number;
  readonly interpolated: number;
  /** the share of the time that is measured; undefined where no reading is due yet */
  readonly measured: number | undefined;
  /** false: its volume is not known */
  readonly hasData: boolean;
}

/** One of the lines: a sensor in a range. */
export interface ComparedSeries {
  readonly key: string;
  /** names the period too, where several are compared */
  readonly name: string;
  readonly sensorName: string;
  readonly sensorId: string;
  readonly range: Range;
  /** how much later it is drawn than it was, in milliseconds */
  readonly shift: number;
  readonly points: Readings['series'];
  readonly outages: Readings['outages'];
  readonly total: ComparedVolume;
  /** buckets of the interval in a row; those of the same place are compared */
  readonly volumes: readonly ComparedVolume[];
}

export function comparedVolumes(sensor: Volumes): Pick<ComparedSeries, 'total' | 'volumes'> {
  const compared = (figures: Volumes['flowVolume']): ComparedVolume => ({
    start: Date.parse(figures.start),
    end: Date.parse(figures.end),
    volume: figures.volume,
    interpolated: figures.volumeInterpolated,
    measured: measuredTime(figures, sensor).share,
    hasData: hasData(figures),
  });
  return { total: compared(sensor.flowVolume), volumes: sensor.flowVolumes.map(compared) };
}

/** How much more than the first one; undefined where either is not known. */
export function difference(
  volume: ComparedVolume | undefined,
  first: ComparedVolume | undefined,
): number | undefined {
  if (!volume?.hasData || !first?.hasData) return undefined;
  return volume.volume - first.volume;
}
