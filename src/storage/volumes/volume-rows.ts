import type { VolumeMethod } from './sql/volume-method.js';
import type { ThinnedSensor } from './thinned-hours.js';

/** The sensor that a volume is of. */
export interface SensorRow {
  readonly sensor_name: string;
  /** its own, whichever was asked for */
  readonly method: VolumeMethod;
  /** when that changed (a cluster says it as text), and what it was before; null where it never did */
  readonly method_changed_at: (Date | string)[] | null;
  readonly earlier_methods: VolumeMethod[] | null;
  /** earlier pings are thinned, milliseconds since 1970; null where none are */
  readonly thinned_until: number | null;
  /** whether its meter factor is not, or was not always, 1 */
  readonly is_metered: boolean;
}

/** What the recorded flowrates of sensors come to, without their meter factors. */
export interface Indicated<Volume> {
  readonly volumes: Map<number, Volume>;
  /** the sensors among them whose meter factor is not, or was not always, 1 */
  readonly metered: readonly number[];
}

export interface SensorBuckets extends ThinnedSensor {
  readonly is_metered: boolean;
  readonly buckets: string | null;
  readonly [column: string]: unknown;
}

export interface SeriesRow {
  readonly sensor_id: number;
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly average: number;
}

export interface OutageRow {
  readonly sensor_id: number;
  readonly start: number;
  readonly end: number;
  readonly [column: string]: unknown;
}
