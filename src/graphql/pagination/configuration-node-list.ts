import type { ConfigurationChange } from '../../domain/sensors/configurations.js';
import type { NodeList } from './connection.js';
import { readIdCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';
import type { SensorLoaders } from '../loaders/sensor-loaders.js';

const KIND = 'configuration change';

/** The history of one sensor's settings, newest change first. A change's position is its id. */
export class ConfigurationNodeList implements NodeList<ConfigurationChange, string> {
  constructor(
    private readonly sensorLoaders: SensorLoaders,
    private readonly sensorId: number,
    readonly request: PageRequest<string>,
  ) {}

  readonly page = lazy(async () => {
    const { after, before, take, from } = this.request;
    const window = { after, before, take, from };
    const found = await this.sensorLoaders.configurationChanges(this.sensorId, window);
    return { nodes: found.items, more: found.more };
  });

  /** Changes are never removed, so the one that a cursor names exists. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ id }: ConfigurationChange): string {
    return writeCursor(KIND, id);
  }

  count(): Promise<number> {
    return this.sensorLoaders.configurationChangeCount(this.sensorId);
  }
}

/** The id of a cursor of changes; undefined where it is not one. */
export function configurationPosition(cursor: string): string | undefined {
  return readIdCursor(KIND, cursor);
}
