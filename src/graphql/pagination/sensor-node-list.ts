import { isRecordId } from '../../domain/shared/record-id.js';
import type {
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorRecord,
  SensorWindow,
} from '../../domain/sensors/sensors.js';
import { totalVolume, type FlowVolume, type VolumeMethod } from '../../domain/volumes/volumes.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from '../execution/context.js';
import { readCursor, writeCursor } from './cursor.js';
import { once } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';

const BY_ID = 'sensor';
const BY_NAME = 'sensor by name';

/** The account's sensors that meet a filter, in an order. */
export class SensorNodeList implements NodeList<SensorRecord, SensorPosition> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<SensorPosition>,
    private readonly filter: SensorFilter,
    private readonly order: SensorOrder,
  ) {}

  readonly page = once(async () => {
    const { sensors, more } = await this.window(this.request);
    return { nodes: sensors, more };
  });

  readonly count = once(() =>
    this.context.services.sensors.count(this.context.principal, this.filter),
  );

  private readonly ids = once(() =>
    this.context.services.sensors.idsOf(this.context.principal, this.filter),
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

  /** Over all the list. Sensors of the page are asked for as their own fields ask: both share what is computed. */
  async flowVolume(range: { start: Date; end: Date }, method: VolumeMethod): Promise<FlowVolume> {
    const { principal, services, telemetry } = this.context;
    const all = await this.ids();
    const page = this.page.isAsked ? (await this.page()).nodes.map(({ id }) => id) : [];
    const shown = new Set(page);
    const others = all.filter((id) => !shown.has(id));
    const [ofPage, ofOthers] = await Promise.all([
      Promise.all(page.map((id) => telemetry.flowVolume(id, range, method))),
      services.volumes.ofRange(principal, others, range, method),
    ]);
    return totalVolume(range.start, range.end, [...ofPage, ...ofOthers.values()]);
  }

  private window(place: Omit<SensorWindow, 'filter' | 'order'>) {
    const { principal, services } = this.context;
    return services.sensors.window(principal, { ...place, filter: this.filter, order: this.order });
  }
}

/** The place that a cursor of sensors in that order names. */
export function sensorPosition(order: SensorOrder, cursor: string): SensorPosition | undefined {
  const [id, name] = readCursor(order.field === 'ID' ? BY_ID : BY_NAME, cursor) ?? [];
  if (typeof id !== 'number' || !isRecordId(id)) return undefined;
  if (order.field === 'ID') return { id };
  return typeof name === 'string' && !name.includes('\0') ? { id, name } : undefined;
}
