import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { SensorRecord, Sensors } from '../sensors/sensors.js';
import type { Principal } from '../shared/principal.js';
import type { VolumeMethod, Volumes } from '../volumes/volumes.js';
import { figuresOf, type Figures } from './figures.js';

/** The days of a period, and how volumes are computed in it. */
export interface PeriodDays {
  /** the start of each day, and the end of the last */
  readonly boundaries: readonly Date[];
  /** null: each sensor's own */
  readonly method: VolumeMethod | null;
}

/** The figures of a sensor's days. */
export interface SensorFigures {
  readonly sensor: SensorRecord;
  readonly figures: readonly Figures[];
  /** whether readings have come up to the end of the period, or cannot come any more */
  readonly isComplete: boolean;
}

/** Sensors are computed this many at a time. */
const CHUNK = 50;

/** Computes the figures of the days of periods. */
export class PeriodFigures {
  constructor(
    private readonly sensors: Pick<Sensors, 'find'>,
    private readonly volumes: Pick<Volumes, 'between' | 'details'>,
  ) {}

  /** Those of the sensors that the account has, by id. @param asOf undefined: now */
  async of(
    principal: Principal,
    sensorIds: readonly number[],
    days: PeriodDays,
    asOf?: Date,
  ): Promise<Map<number, SensorFigures>> {
    const found = await this.sensors.find(principal, sensorIds);
    const sensors = [...found.values()];
    const all = new Map<number, SensorFigures>();
    for (let from = 0; from < sensors.length; from += CHUNK) {
      const chunk = sensors.slice(from, from + CHUNK);
      for (const each of await this.chunk(principal, chunk, days, asOf)) {
        all.set(each.sensor.id, each);
      }
    }
    return all;
  }

  private async chunk(
    principal: Principal,
    sensors: readonly SensorRecord[],
    { boundaries, method }: PeriodDays,
    asOf: Date | undefined,
  ): Promise<SensorFigures[]> {
    const volumes = await this.volumes.between(
      ...([principal, sensors, boundaries, method ?? undefined, asOf] as const),
    );
    const listed = sensors.flatMap((sensor) => volumes.get(sensor.id) ?? []);
    const details = await this.volumes.details(principal, listed);
    const days = boundaries.length - 1;
    return sensors
      .filter(({ id }) => volumes.has(id))
      .map((sensor, index) => {
        const own = details.slice(index * days, (index + 1) * days);
        const end = boundaries.at(-1)!;
        const isRetired = sensor.retiredAt !== null && sensor.retiredAt <= end;
        return {
          sensor,
          figures: volumes.get(sensor.id)!.map((volume, day) => figuresOf(volume, own[day]!)),
          isComplete: isRetired || own.at(-1)!.endBound !== null,
        };
      });
  }
}

/** The range of a day of a period, from 0. */
export function dayOf({ boundaries }: Pick<PeriodDays, 'boundaries'>, day: number): TimeRange {
  return { start: boundaries[day]!, end: boundaries[day + 1]! };
}
