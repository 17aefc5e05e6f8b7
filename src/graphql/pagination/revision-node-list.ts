import type { PingRevision, RevisionRange } from '../../domain/pings/revisions.js';
import type { NodeList } from './connection.js';
import { readIdCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';
import type { SensorLoaders } from '../loaders/sensor-loaders.js';

const KIND = 'ping revision';

/** The history of one sensor's pings, newest revision first. A revision's position is its id. */
export class RevisionNodeList implements NodeList<PingRevision, string> {
  constructor(
    private readonly sensorLoaders: SensorLoaders,
    private readonly sensorId: number,
    readonly request: PageRequest<string>,
    private readonly range: RevisionRange,
  ) {}

  readonly page = lazy(async () => {
    const { after, before, take, from } = this.request;
    const window = { after, before, take, from };
    const found = await this.sensorLoaders.revisions(this.sensorId, this.range, window);
    // `reason` is an older name of the comment.
    const nodes = found.items.map((each) => ({ ...each, reason: each.comment }));
    return { nodes, more: found.more };
  });

  /** Revisions are never removed, so the one that a cursor names exists. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ id }: PingRevision): string {
    return writeCursor(KIND, id);
  }

  count(): Promise<number> {
    return this.sensorLoaders.revisionCount(this.sensorId, this.range);
  }
}

/** The id of a cursor of revisions; undefined where it is not one. */
export function revisionPosition(cursor: string): string | undefined {
  return readIdCursor(KIND, cursor);
}
