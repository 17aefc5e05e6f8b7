import { isRecordId } from '../domain/record-id.js';
import type {
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorRecord,
  SensorWindow,
} from '../domain/sensors.js';
import type { FlowVolume, VolumeMethod } from '../domain/volumes.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from './context.js';
import { readCursor, writeCursor } from './cursor.js';
import { once } from './once.js';
import type { PageRequest } from './page-request.js';

const BY_ID = 'sensor';
const BY_NAME = 'sensor by name';

/** The account's sensors that meet a filter, in an order. */
export class SensorList implements NodeList<SensorRecord, SensorPosition> {
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

  async flowVolume(range: { start: Date; end: Date }, method: VolumeMethod): Promise<FlowVolume> {
    const { principal, services } = this.context;
    return services.volumes.total(principal, await this.ids(), range, method);
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
