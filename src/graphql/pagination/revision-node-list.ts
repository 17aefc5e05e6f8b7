import type { PingRevision, RevisionRange } from '../../domain/pings/revisions.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import { once } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';
import type { SensorLoaders } from '../loaders/sensor-loaders.js';

const KIND = 'ping revision';

/** The history of one sensor's pings, newest revision first, read forwards only. A revision's place is its id. */
export class RevisionNodeList implements NodeList<PingRevision, string> {
  constructor(
    private readonly telemetry: SensorLoaders,
    private readonly sensorId: number,
    readonly request: PageRequest<string>,
    private readonly range: RevisionRange,
  ) {}

  readonly page = once(async () => {
    const { after, take } = this.request;
    const { revisions, more } = await this.telemetry.revisions(
      this.sensorId,
      this.range,
      after,
      take,
    );
    return { nodes: revisions, more };
  });

  /** Nothing is ever taken out of the history: what a cursor names is there. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ id }: PingRevision): string {
    return writeCursor(KIND, id);
  }

  count(): Promise<number> {
    return this.telemetry.revisionCount(this.sensorId, this.range);
  }
}

/** The id that a cursor of revisions names. */
export function revisionPosition(cursor: string): string | undefined {
  const [id] = readCursor(KIND, cursor) ?? [];
  return typeof id === 'string' && /^[1-9]\d{0,17}$/.test(id) ? id : undefined;
}
