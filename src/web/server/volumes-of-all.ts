import { sensorSearch } from '../../domain/sensors/list-filter.js';
import type { SensorFilter, SensorRecord, Sensors } from '../../domain/sensors/sensors.js';
import type { Principal } from '../../domain/shared/principal.js';
import type {
  Calendar,
  FlowVolume,
  VolumeInterval,
  VolumeMethod,
  Volumes,
} from '../../domain/volumes/volumes.js';
import type { DisplayUnits } from '../../domain/shared/units.js';
import { volumeRows, volumesHeader } from './volumes-csv.js';

export interface VolumesOfAllOptions {
  readonly range: { readonly start: Date; readonly end: Date };
  /** undefined: one row for the whole range of each sensor */
  readonly interval: VolumeInterval | undefined;
  readonly place: Omit<Calendar, 'interval'>;
  readonly units: DisplayUnits;
  /** undefined: each sensor's own */
  readonly method: VolumeMethod | undefined;
  readonly filter: SensorFilter;
  /** in the name of a sensor, or its id; undefined: of any */
  readonly search: string | undefined;
}

/** How many sensors a statement computes at once: up to 10,000 volumes of each are in memory. */
const SENSORS_AT_ONCE: Readonly<Record<VolumeInterval, number>> = {
  HOUR: 5,
  DAY: 25,
  WEEK: 100,
  MONTH: 200,
};
const PAGE_SIZE = 500;

/** Writes the volumes of those of an account's sensors that meet a filter, as CSV, sensors by name. */
export class VolumesOfAll {
  constructor(private readonly deps: { readonly sensors: Sensors; readonly volumes: Volumes }) {}

  /** @throws InvalidInputError before anything is written */
  async write(
    principal: Principal,
    options: VolumesOfAllOptions,
    write: (text: string) => Promise<void>,
  ): Promise<void> {
    const { range, interval, place, units } = options;
    const ends = await this.deps.volumes.cutEnds(principal, range, {
      interval: interval ?? 'DAY',
      ...place,
    });
    const isCut = ends.first || ends.last;
    const cut = interval ? ends : { first: isCut, last: isCut };
    let header = volumesHeader(units);
    for await (const sensors of this.pages(principal, options)) {
      const volumes = await this.volumesOf(principal, sensors, options);
      const rows = sensors.map((sensor) =>
        volumeRows(sensor, volumes.get(sensor.id) ?? [], place, cut, units),
      );
      await write(header + rows.join(''));
      header = '';
    }
    if (header) await write(header);
  }

  private async *pages(
    principal: Principal,
    { range, interval, filter, search }: VolumesOfAllOptions,
  ): AsyncGenerator<SensorRecord[]> {
    const atOnce = interval ? SENSORS_AT_ONCE[interval] : PAGE_SIZE;
    const isFound = sensorSearch(search ?? '');
    let after: { id: number; name: string } | undefined;
    for (;;) {
      const { sensors, more } = await this.deps.sensors.window(principal, {
        filter,
        order: { field: 'NAME', direction: 'ASC' },
        after,
        take: PAGE_SIZE,
        from: 'first',
      });
      // Sensors that retired later count, as they do in the totals of the API.
      const shown = sensors.filter(
        (sensor) => isFound(sensor) && (!sensor.retiredAt || sensor.retiredAt > range.start),
      );
      for (let from = 0; from < shown.length; from += atOnce) {
        yield shown.slice(from, from + atOnce);
      }
      if (!more) return;
      after = sensors.at(-1);
    }
  }

  private async volumesOf(
    principal: Principal,
    all: readonly SensorRecord[],
    { range, interval, place, method: asked }: VolumesOfAllOptions,
  ): Promise<Map<number, readonly FlowVolume[]>> {
    const { volumes } = this.deps;
    const found = new Map<number, readonly FlowVolume[]>();
    const mixed = asked ? [] : all.filter(({ methodChangedAt }) => methodChangedAt);
    const sensors = asked ? all : all.filter(({ methodChangedAt }) => !methodChangedAt);
    if (mixed.length > 0) {
      if (interval) {
        const calendar = { interval, ...place };
        const of = await volumes.ofCalendarByOwnMethod(principal, mixed, range, calendar);
        for (const [id, each] of of) found.set(id, each);
      } else {
        const of = await volumes.ofRangeByOwnMethod(principal, mixed, range);
        for (const [id, each] of of) found.set(id, [each]);
      }
    }
    for (const method of new Set(sensors.map((sensor) => asked ?? sensor.method))) {
      const ids = sensors
        .filter((sensor) => (asked ?? sensor.method) === method)
        .map(({ id }) => id);
      if (interval) {
        const calendar = { interval, ...place };
        const of = await volumes.ofCalendar(principal, ids, range, calendar, method);
        for (const [id, each] of of) found.set(id, each);
      } else {
        const of = await volumes.ofRange(principal, ids, range, method);
        for (const [id, each] of of) found.set(id, [each]);
      }
    }
    return found;
  }
}
