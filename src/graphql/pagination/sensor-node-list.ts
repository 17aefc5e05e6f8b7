import { isRecordId } from '../../domain/shared/record-id.js';
import type {
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorRecord,
  SensorWindow,
} from '../../domain/sensors/sensors.js';
import {
  totalBareVolume,
  totalVolume,
  type BareVolume,
  type FlowVolume,
  type SensorVolume,
  type VolumeMethod,
} from '../../domain/volumes/volumes.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from '../execution/context.js';
import { readCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';

const BY_ID = 'sensor';
const BY_NAME = 'sensor by name';

interface VolumeRange {
  readonly start: Date;
  readonly end: Date;
}

/** The range, the method (undefined: each sensor's own), and the instant as of which. */
type VolumeRequest = [range: VolumeRange, method: VolumeMethod | undefined, asOf: Date | undefined];

/** The account's sensors that a filter selects, in an order. */
export class SensorNodeList implements NodeList<SensorRecord, SensorPosition> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<SensorPosition>,
    private readonly filter: SensorFilter,
    private readonly order: SensorOrder,
  ) {}

  readonly page = lazy(async () => {
    const { sensors, more } = await this.window(this.request);
    return { nodes: sensors, more };
  });

  readonly count = lazy(() =>
    this.context.services.sensors.count(this.context.principal, this.filter),
  );

  async reaches(side: 'before' | 'after', position: SensorPosition): Promise<boolean> {
    const { sensors } = await this.window({
      [side]: position,
      inclusive: true,
      take: 1,
      from: 'first',
    });
    return sensors.length > 0;
  }

  cursorOf({ id, name }: SensorRecord): string {
    return this.order.field === 'ID' ? writeCursor(BY_ID, id) : writeCursor(BY_NAME, id, name);
  }

  /**
   * Over the whole list, and over the retired sensors that the filter leaves out, if they retired
   * after the range's start: what they measured in it still counts.
   */
  async flowVolume(...[range, method, asOf]: VolumeRequest): Promise<FlowVolume> {
    const { principal, services, sensorLoaders } = this.context;
    const volumes = await this.volumes(range, method, asOf, {
      ofSensor: (sensor) => sensorLoaders.volumes.flowVolume(sensor, range, method, asOf),
      ofOthers: (ids, each) => services.volumes.ofRange(principal, ids, range, each, asOf),
    });
    return totalVolume(range.start, range.end, volumes);
  }

  /** The same without what is known beside the volume, in less time. */
  async bareVolume(...[range, method, asOf]: VolumeRequest): Promise<BareVolume> {
    const { principal, services, sensorLoaders } = this.context;
    const volumes = await this.volumes<BareVolume>(range, method, asOf, {
      ofSensor: (sensor) => sensorLoaders.volumes.bareVolume(sensor, range, method, asOf),
      ofOthers: (ids, each) => services.volumes.bare.ofRange(principal, ids, range, each, asOf),
    });
    return totalBareVolume(
      range.start,
      range.end,
      volumes.map(({ volume }) => volume),
    );
  }

  /**
   * Of each sensor of the whole list. Sensors of the page are loaded as their own fields load them,
   * so that both share what is computed.
   */
  private async volumes<Volume extends BareVolume>(
    range: VolumeRange,
    method: VolumeMethod | undefined,
    asOf: Date | undefined,
    read: {
      ofSensor: (sensor: SensorRecord) => Promise<Volume>;
      ofOthers: (
        ids: readonly number[],
        method: VolumeMethod,
      ) => Promise<ReadonlyMap<number, Volume>>;
    },
  ): Promise<(Omit<SensorVolume, 'volume'> & { volume: Volume | FlowVolume })[]> {
    const { principal, services } = this.context;
    const page = this.page.isStarted ? (await this.page()).nodes : [];
    const others = await services.sensors.selected(
      principal,
      this.filter,
      range.start,
      page.map(({ id }) => id),
    );
    const mixed = method ? [] : others.filter(({ methodChangedAt }) => methodChangedAt);
    const byMethod = { LINEAR: [] as number[], STEP: [] as number[] };
    for (const sensor of others) {
      if (method || !sensor.methodChangedAt) byMethod[method ?? sensor.method].push(sensor.id);
    }
    // One statement for each method that there are sensors of; without any sensor the range is checked.
    const found = (['LINEAR', 'STEP'] as const).filter((each) => byMethod[each].length > 0);
    const methods = page.length + others.length > 0 ? found : [method ?? ('LINEAR' as const)];
    const [ofPage, ...ofOthers] = await Promise.all([
      Promise.all(page.map(read.ofSensor)),
      ...methods.map((each) => read.ofOthers(byMethod[each], each)),
      ...(mixed.length > 0
        ? [services.volumes.ofRangeByOwnMethod(principal, mixed, range, asOf)]
        : []),
    ]);
    const selected = new Map(others.map((sensor) => [sensor.id, sensor]));
    return [
      ...ofPage.map((volume, index) => ({ volume, ...serviceOf(page[index]!) })),
      ...ofOthers.flatMap((volumes: ReadonlyMap<number, Volume | FlowVolume>) =>
        [...volumes].map(([id, volume]) => ({ volume, ...serviceOf(selected.get(id)!) })),
      ),
    ];
  }

  private window(place: Omit<SensorWindow, 'filter' | 'order'>) {
    const { principal, services } = this.context;
    return services.sensors.window(principal, { ...place, filter: this.filter, order: this.order });
  }
}

function serviceOf({
  retiredAt,
  continuesFrom,
}: Pick<SensorRecord, 'retiredAt' | 'continuesFrom'>): Omit<SensorVolume, 'volume'> {
  return { retiredAt, continuesFrom };
}

/** The position of a cursor of sensors in that order; undefined where it is not one. */
export function sensorPosition(order: SensorOrder, cursor: string): SensorPosition | undefined {
  const [id, name] = readCursor(order.field === 'ID' ? BY_ID : BY_NAME, cursor) ?? [];
  if (typeof id !== 'number' || !isRecordId(id)) return undefined;
  if (order.field === 'ID') return { id };
  return typeof name === 'string' && !name.includes('\0') ? { id, name } : undefined;
}
