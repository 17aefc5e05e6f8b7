import type { SystemStore } from '../../storage/system/system-store.js';
import type { Clock } from '../shared/clock.js';

export type { PoolFigures, ReplicaFigures } from '../../storage/system/system-store.js';

/** The state of the whole installation. It holds nothing of what any account stores. */
export interface SystemStatus {
  readonly database: {
    /** of PostgreSQL */
    readonly version: string;
    /** undefined where a node of a cluster does not answer */
    readonly bytes: number | undefined;
    /** by how much its clock is ahead of this server's; negative where it is behind */
    readonly clockSkewSeconds: number;
  };
  readonly migrations: {
    readonly applied: number;
    readonly pending: number;
    readonly unknown: number;
  };
  readonly queue: { readonly depth: number; readonly oldestPendingSeconds: number };
  readonly sensors: { readonly reporting: number; readonly silent: number; readonly never: number };
  /** of the embedded PostgreSQL's data directory */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
}

const MAX_AGE_MS = 10_000;

/** Reads the state of the installation, at most once in ten seconds whatever asks for it. */
export class SystemStatusReader {
  private last: { readonly at: number; readonly status: Promise<SystemStatus> } | undefined;

  constructor(
    readonly store: SystemStore,
    private readonly clock: Clock,
    private readonly maxAgeMs = MAX_AGE_MS,
  ) {}

  /** @throws where the database is unavailable */
  read(): Promise<SystemStatus> {
    const at = performance.now();
    if (!this.last || at - this.last.at > this.maxAgeMs) {
      const status = this.readNow();
      this.last = { at, status };
      status.catch(() => {
        this.last = undefined;
      });
    }
    return this.last.status;
  }

  private async readNow(): Promise<SystemStatus> {
    const { store, clock } = this;
    const asked = clock().getTime();
    const database = await store.databaseFigures();
    const now = clock().getTime();
    const [bytes, queue, sensors, migrations, disk] = await Promise.all([
      store.size(),
      store.queue(),
      store.sensors(),
      store.migrations(),
      store.disk(),
    ]);
    const count = (state: string) => migrations.filter((each) => each.state === state).length;
    return {
      database: {
        version: database.version,
        bytes,
        clockSkewSeconds: skewSeconds(database.clock, asked, now),
      },
      migrations: {
        applied: count('applied'),
        pending: count('pending'),
        unknown: count('unknown'),
      },
      queue: {
        depth: queue.depth,
        oldestPendingSeconds:
          queue.oldest === null ? 0 : Math.max(0, (database.clock - queue.oldest) / 1000),
      },
      sensors,
      disk,
    };
  }
}

/** What of a difference cannot be explained by the time that the question took. */
function skewSeconds(theirs: number, asked: number, answered: number): number {
  if (theirs < asked) return (theirs - asked) / 1000;
  return theirs > answered ? (theirs - answered) / 1000 : 0;
}
