import DataLoader from 'dataloader';
import type { ResponsePath } from 'graphql';
import type { Principal } from '../../domain/shared/principal.js';
import type { VolumeDetails } from '../../domain/volumes/volume-details.js';
import type {
  BareVolume,
  Calendar,
  FlowVolume,
  MethodHistory,
  VolumeMethod,
  Volumes,
} from '../../domain/volumes/volumes.js';
import type { BatchLoaders } from './batch-loaders.js';

interface Range {
  readonly start: Date;
  readonly end: Date;
}

/** The volumes of sensors, loaded for all sensors of the operation together. */
export class VolumeLoaders {
  /** whose methods have changed */
  private readonly mixed = new Map<number, MethodHistory>();
  /** by the field of the query that gives the volumes */
  private readonly details = new Map<string, DataLoader<FlowVolume, VolumeDetails>>();

  constructor(
    private readonly principal: Principal,
    private readonly volumes: Volumes,
    private readonly batches: BatchLoaders,
  ) {}

  /** @param asked null or undefined: the sensor's own method */
  flowVolume(
    sensor: MethodHistory,
    range: Range,
    asked: VolumeMethod | null | undefined,
    asOf?: Date,
  ): Promise<FlowVolume> {
    const method = this.constantMethod(sensor, asked);
    const shape = wholeVolume(range, method, asOf);
    return this.batches.require(shape, sensor.id, (ids) =>
      method
        ? this.volumes.ofRange(this.principal, ids, range, method, asOf)
        : this.volumes.ofRangeByOwnMethod(this.principal, this.mixedOf(ids), range, asOf),
    );
  }

  /** The volume alone; read with what is beside it where another field asks for that. */
  bareVolume(
    sensor: MethodHistory,
    range: Range,
    asked: VolumeMethod | null | undefined,
    asOf?: Date,
  ): Promise<BareVolume> {
    const method = this.constantMethod(sensor, asked);
    if (!method) return this.flowVolume(sensor, range, asked, asOf);
    const shape = ['bareVolume', range.start, range.end, method, asOf];
    return this.batches.require<BareVolume>(shape, sensor.id, (ids) =>
      this.batches.shared<BareVolume>(wholeVolume(range, method, asOf), ids, () =>
        this.volumes.bare.ofRange(this.principal, ids, range, method, asOf),
      ),
    );
  }

  /** The volumes alone, likewise. */
  bareVolumes(
    sensor: MethodHistory,
    range: Range,
    calendar: Calendar,
    asked: VolumeMethod | null | undefined,
    asOf?: Date,
  ): Promise<BareVolume[]> {
    const method = this.constantMethod(sensor, asked);
    if (!method) return this.flowVolumes(sensor, range, calendar, asked, asOf);
    const shape = ['bareVolumes', ...partsOf(range, calendar), method, asOf];
    return this.batches.require<BareVolume[]>(shape, sensor.id, (ids) =>
      this.batches.shared<BareVolume[]>(wholeVolumes(range, calendar, method, asOf), ids, () =>
        this.volumes.bare.ofCalendar(this.principal, ids, range, calendar, method, asOf),
      ),
    );
  }

  /** @param asked null or undefined: the sensor's own method */
  flowVolumes(
    sensor: MethodHistory,
    range: Range,
    calendar: Calendar,
    asked: VolumeMethod | null | undefined,
    asOf?: Date,
  ): Promise<FlowVolume[]> {
    const method = this.constantMethod(sensor, asked);
    const shape = wholeVolumes(range, calendar, method, asOf);
    return this.batches.require(shape, sensor.id, (ids) =>
      method
        ? this.volumes.ofCalendar(this.principal, ids, range, calendar, method, asOf)
        : this.volumes.ofCalendarByOwnMethod(
            ...([this.principal, this.mixedOf(ids), range, calendar, asOf] as const),
          ),
    );
  }

  /**
   * What is beside a volume that was loaded here. Volumes of one field of the query arrive together,
   * those of different fields do not: so each field has a statement of its own.
   * @param path of the volume in the response
   */
  volumeDetails(volume: FlowVolume, path: ResponsePath | undefined): Promise<VolumeDetails> {
    const field = fieldOf(path);
    const loader =
      this.details.get(field) ??
      new DataLoader(
        (volumes: readonly FlowVolume[]) => this.volumes.details(this.principal, volumes),
        { batchScheduleFn: this.batches.schedule },
      );
    this.details.set(field, loader);
    return loader.load(volume);
  }

  /** The one method of a volume; undefined where the sensor's own has changed. */
  private constantMethod(
    sensor: MethodHistory,
    asked: VolumeMethod | null | undefined,
  ): VolumeMethod | undefined {
    if (asked) return asked;
    if (!sensor.methodChangedAt) return sensor.method;
    this.mixed.set(sensor.id, sensor);
    return undefined;
  }

  private mixedOf(ids: readonly number[]): MethodHistory[] {
    return ids.map((id) => this.mixed.get(id)!);
  }

  clear(): void {
    this.details.clear();
  }
}

function wholeVolume(range: Range, method: VolumeMethod | undefined, asOf?: Date) {
  return ['flowVolume', range.start, range.end, method, asOf] as const;
}

function wholeVolumes(
  range: Range,
  calendar: Calendar,
  method: VolumeMethod | undefined,
  asOf?: Date,
) {
  return ['flowVolumes', ...partsOf(range, calendar), method, asOf] as const;
}

/** Values that are the same for each sensor, which objects made for each would not be. */
function partsOf({ start, end }: Range, { interval, timeZone, dayStart }: Calendar) {
  return [start, end, interval, timeZone, dayStart] as const;
}

/** The names along a path of the response, without the places in lists. */
function fieldOf(path: ResponsePath | undefined): string {
  const names: string[] = [];
  for (let at = path; at; at = at.prev) if (typeof at.key === 'string') names.push(at.key);
  return names.join(' ');
}
