import type { PackedPing, PingOrder, PingSelection, PingWindow } from '../../domain/pings/pings.js';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { PageRequest } from './page-request.js';
import type { SensorLoaders } from '../loaders/sensor-loaders.js';

const KIND = 'ping';
// The largest time value of a Date, in milliseconds.
const MAX_TIME = 8.64e15;

type PingOfSensor = PackedPing<SensorRecord>;

/** One sensor's pings in an interval of time, in an order. A ping's position is its instant. */
export class PingNodeList implements NodeList<PingOfSensor, Date> {
  constructor(
    private readonly sensorLoaders: SensorLoaders,
    private readonly sensor: SensorRecord,
    readonly request: PageRequest<Date>,
    private readonly selection: PingSelection,
    private readonly order: PingOrder,
  ) {}

  async page(): Promise<{ nodes: PingOfSensor[]; more: boolean }> {
    const { pings, more } = await this.window(this.request);
    return { nodes: pings.of(this.sensor), more };
  }

  async reaches(side: 'before' | 'after', position: Date): Promise<boolean> {
    // Instants are whole milliseconds: at or beyond one is beyond its neighbour.
    const later = (side === 'before') === (this.order === 'OLDEST_FIRST');
    const neighbour = new Date(position.getTime() + (later ? 1 : -1));
    const { pings } = await this.window({ [side]: neighbour, take: 1, from: 'first' });
    return pings.length > 0;
  }

  cursorOf({ datetime }: PingOfSensor): string {
    return writeCursor(KIND, datetime.getTime());
  }

  count(): Promise<number> {
    return this.sensorLoaders.pingCount(this.sensor.id, this.selection);
  }

  private window(place: Omit<PingWindow, 'order' | keyof PingSelection>) {
    const { selection, order } = this;
    return this.sensorLoaders.pings(this.sensor.id, { ...place, ...selection, order });
  }
}

/** The instant of a cursor of pings; undefined where it is not one. */
export function pingPosition(cursor: string): Date | undefined {
  const [time] = readCursor(KIND, cursor) ?? [];
  const isInstant = typeof time === 'number' && Number.isInteger(time) && Math.abs(time) < MAX_TIME;
  return isInstant ? new Date(time) : undefined;
}
