import { statfs } from 'node:fs/promises';
import { isDistributed } from '../distribution/distributed-tables.js';
import { migrationStatus, type MigrationStatus } from '../migrations/status.js';
import type { Database } from '../postgres/database.js';
import type { ReplicaFigures } from '../replicas/replica.js';
import {
  clusterSize,
  databaseFigures,
  databaseSize,
  queueFigures,
  sensorFigures,
} from './sql/figures.js';

const MAX_COUNTED = 100_000;

export interface DatabaseFigures {
  readonly version: string;
  /** ms since 1970 */
  readonly clock: number;
}

export interface QueueFigures {
  /** at most 100 000 are counted for each endpoint */
  readonly depth: number;
  /** when the oldest was queued, ms since 1970; null where none waits */
  readonly oldest: number | null;
}

export interface SensorFigures {
  readonly reporting: number;
  readonly silent: number;
  readonly never: number;
}

export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The connections that one pool has. */
export interface PoolFigures {
  readonly name: string;
  readonly active: number;
  readonly idle: number;
  /** requests that wait for a connection */
  readonly waiting: number;
}

export type { ReplicaFigures } from '../replicas/replica.js';

/** Figures of the whole installation, which are of no account. */
export class SystemStore {
  /** @param directory the data directory of the embedded PostgreSQL, where there is one */
  constructor(
    private readonly database: Database,
    private readonly directory: string | undefined,
  ) {}

  async databaseFigures(): Promise<DatabaseFigures> {
    const [row] = await this.database.credentials.query<DatabaseFigures>(databaseFigures, []);
    return row!;
  }

  /** In bytes, on all nodes of a cluster together; undefined where one of them does not answer. */
  async size(): Promise<number | undefined> {
    const { database } = this;
    const statement = (await isDistributed(database.pool)) ? clusterSize : databaseSize;
    const [row] = await database.query<{ bytes: number | null }>(statement, []);
    return row!.bytes ?? undefined;
  }

  async queue(): Promise<QueueFigures> {
    const [row] = await this.database.query<QueueFigures>(queueFigures, [MAX_COUNTED]);
    return row!;
  }

  async sensors(): Promise<SensorFigures> {
    const [row] = await this.database.query<SensorFigures>(sensorFigures, []);
    return row!;
  }

  migrations(): Promise<MigrationStatus[]> {
    return migrationStatus(this.database.credentials.pool);
  }

  /** Of the file system that has the data directory; undefined with a PostgreSQL of one's own. */
  async disk(): Promise<DiskSpace | undefined> {
    if (this.directory === undefined) return undefined;
    const { bavail, blocks, bsize } = await statfs(this.directory);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  }

  /** As this instance sees them. */
  replicas(): readonly ReplicaFigures[] {
    return this.database.replicas?.figures ?? [];
  }

  pools(): PoolFigures[] {
    return POOLS.map((name, index) => {
      const { totalCount = 0, idleCount = 0, waitingCount = 0 } = this.database.pools[index] ?? {};
      return { name, active: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    });
  }
}

// In the order of Database.pools.
const POOLS = ['general', 'credentials', 'reads', 'short_reads', 'transfers', 'ingestion'] as const;
