import type { PackedPing, PingOrder, PingSelection, PingWindow } from '../../domain/pings/pings.js';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { PageRequest } from './page-request.js';

const KIND = 'ping';
// The largest time value of a Date, in milliseconds.
const MAX_TIME = 8.64e15;

type PingOfSensor = PackedPing<SensorRecord>;

/** Where the pings of a list come from. */
export interface PingSource {
  window(window: PingWindow): Promise<{ readonly nodes: PingOfSensor[]; readonly more: boolean }>;
  count(selection: PingSelection): Promise<number>;
}

/** The pings of a sensor, or of its history, in an interval of time, in an order. A ping's position is its instant. */
export class PingNodeList implements NodeList<PingOfSensor, Date> {
  constructor(
    private readonly source: PingSource,
    readonly request: PageRequest<Date>,
    private readonly selection: PingSelection,
    private readonly order: PingOrder,
  ) {}

  page(): Promise<{ nodes: PingOfSensor[]; more: boolean }> {
    return this.window(this.request);
  }

  async reaches(side: 'before' | 'after', position: Date): Promise<boolean> {
    // Instants are whole milliseconds: at or beyond one is beyond its neighbour.
    const later = (side === 'before') === (this.order === 'OLDEST_FIRST');
    const neighbour = new Date(position.getTime() + (later ? 1 : -1));
    const { nodes } = await this.window({ [side]: neighbour, take: 1, from: 'first' });
    return nodes.length > 0;
  }

  cursorOf({ datetime }: PingOfSensor): string {
    return writeCursor(KIND, datetime.getTime());
  }

  count(): Promise<number> {
    return this.source.count(this.selection);
  }

  private window(place: Omit<PingWindow, 'order' | keyof PingSelection>) {
    const { after, before, take, from } = place;
    const { start, end, asOf } = this.selection;
    return this.source.window({ order: this.order, start, end, asOf, after, before, take, from });
  }
}

/** The instant of a cursor of pings; undefined where it is not one. */
export function pingPosition(cursor: string): Date | undefined {
  const [time] = readCursor(KIND, cursor) ?? [];
  const isInstant = typeof time === 'number' && Number.isInteger(time) && Math.abs(time) < MAX_TIME;
  return isInstant ? new Date(time) : undefined;
}
