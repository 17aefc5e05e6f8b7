import type pg from 'pg';
import type { Reader } from '../postgres/reader.js';
import type { ReplicaReads } from '../postgres/reads.js';
import type { Queryable, Statement } from '../postgres/statement.js';
import { PrimaryPosition } from './position.js';
import { Replica, type ReplicaDeps, type ReplicaFigures, type ReplicaSource } from './replica.js';

/** Which replicas there are. */
export interface ReplicaOptions {
  readonly sources: readonly ReplicaSource[];
  /** how long a read waits for a replica; one that takes longer is left out */
  readonly maxLagMs: number;
  /** called with one line each when a replica begins to answer reads, and when it is left out */
  readonly onEvent?: (event: string) => void;
}

/**
 * Replicas of a database, which take turns to answer reads. A read sees all that was committed
 * before it was asked: the primary reports its position then, and a replica answers once it has
 * replayed that.
 */
export class Replicas implements ReplicaReads {
  private readonly replicas: readonly Replica[];
  private readonly position: PrimaryPosition;
  private turn = 0;

  constructor(
    primary: Queryable,
    { sources, maxLagMs, onEvent = () => undefined }: ReplicaOptions,
    createReads: ReplicaDeps['createReads'],
  ) {
    this.position = new PrimaryPosition(primary);
    const position = () => this.position.now();
    this.replicas = sources.map(
      (source) => new Replica(source, { maxLagMs, position, createReads, onEvent }),
    );
  }

  get figures(): readonly ReplicaFigures[] {
    return this.replicas.map(({ figures }) => figures);
  }

  async query<Row extends pg.QueryResultRow>(
    reader: Reader,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | undefined> {
    if (!this.replicas.some(({ isUsed }) => isUsed)) return undefined;
    const position = await this.position.now().catch(() => undefined);
    return position && this.next()?.query<Row>(position, reader, statement, values);
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  private next(): Replica | undefined {
    const used = this.replicas.filter(({ isUsed }) => isUsed);
    return used[this.turn++ % used.length];
  }
}
