import type pg from 'pg';
import { ConnectionPool, createPool } from './connection-pool.js';
import { AccountShares } from './account-shares.js';
import { ReadRefusedError } from './pg-errors.js';
import { ClientGoneError, type Reader } from './reader.js';
import { Replicas, type ReplicaOptions } from '../replicas/replicas.js';
import { MAX_SHARED, Reads } from './reads.js';
import { applySettings, sessionSettings, type Settings } from './session-settings.js';
import { Pipeline, runStatementAlone, runTransaction, type Transaction } from './transaction.js';

export type { Queryable, Statement } from './statement.js';
export { Pipeline, Transaction } from './transaction.js';

// Connections per instance, each opened when it is first needed.
const MAX_GENERAL = 8;
/** of one account, for the general connections */
const MAX_WAITING = 500;
const MAX_CREDENTIALS = 4;
const MAX_READS = 10;
const MAX_TRANSFERS = 4;
// Two groups of pings at a time, two that wait for sensors, and four deletions.
const MAX_PIPELINES = 8;
// Where a pooler shares sessions: webhooks, the broker, the mirror, backups.
const MAX_DIRECT = 8;

/** With the one that listens for notifications. */
export const CONNECTIONS_PER_INSTANCE =
  MAX_GENERAL + MAX_CREDENTIALS + MAX_READS + MAX_SHARED + MAX_TRANSFERS + MAX_PIPELINES + 1;

const READ_TIMEOUT_MS = 30_000;

export interface DatabaseOptions {
  /** where the tables are; public unless given */
  readonly schema?: string | undefined;
  readonly readTimeoutMs?: number;
  /**
   * without the pooler, where the connections share sessions: then the settings that every session
   * needs are the role's
   */
  readonly direct?: pg.PoolConfig | undefined;
  readonly replicas?: ReplicaOptions | undefined;
}

/**
 * The one way to PostgreSQL: Prisma Client for ordinary records, named statements for telemetry.
 * Its own connections are for what changes records and for background work. Each other purpose has
 * connections of its own, so that none of them can keep another waiting.
 */
export class Database extends ConnectionPool {
  /** for looking up credentials, and for asking whether the database is ready */
  readonly credentials: ConnectionPool;
  /** for reads on behalf of requests */
  readonly reads: Reads;
  /** which answer reads too; undefined where there are none */
  readonly replicas: Replicas | undefined;
  /** for exports and imports */
  readonly transfers: ConnectionPool;
  /**
   * Connections on which a statement may be sent before the last one is answered; they do not take
   * COPY.
   */
  readonly pipelines: pg.Pool;
  /** Connections whose session is theirs, for what belongs to one: advisory locks, LISTEN. */
  readonly sessions: pg.Pool;

  private readonly shares = new AccountShares({
    concurrency: MAX_GENERAL,
    maxWaiting: MAX_WAITING,
  });

  constructor(
    config: pg.PoolConfig,
    { schema, readTimeoutMs = READ_TIMEOUT_MS, direct, replicas }: DatabaseOptions = {},
  ) {
    const own = (to: pg.PoolConfig, max: number, more: Settings = {}) => ({
      application_name: 'flowgate',
      ...to,
      max,
      onConnect: applySettings({ ...sessionSettings(schema), ...more }),
    });
    // What one client sets in a shared session another one would find.
    const settings = (max: number, more?: Settings) =>
      direct
        ? { application_name: 'flowgate', ...config, max, onConnect: applySettings({}) }
        : own(config, max, more);
    super(settings(MAX_GENERAL), schema);
    this.credentials = new ConnectionPool(settings(MAX_CREDENTIALS), schema);
    const limit = { statement_timeout: String(readTimeoutMs) };
    this.replicas =
      replicas &&
      new Replicas(this.credentials, replicas, (to) => {
        return new Reads({ ...own(to, MAX_READS, limit), pipeline: true });
      });
    this.reads = new Reads(settings(MAX_READS, limit), direct && readTimeoutMs, this.replicas);
    this.transfers = new ConnectionPool(settings(MAX_TRANSFERS), schema);
    this.pipelines = createPool({ ...settings(MAX_PIPELINES), pipeline: true });
    this.sessions = direct ? createPool(own(direct, MAX_DIRECT)) : this.pool;
  }

  /** False where a pooler shares the sessions of the connections. */
  get hasOwnSessions(): boolean {
    return this.sessions === this.pool;
  }

  get pools(): readonly pg.Pool[] {
    const { pool, credentials, reads, transfers, pipelines } = this;
    return [pool, credentials.pool, reads.pool, reads.shared.pool, transfers.pool, pipelines];
  }

  /**
   * Like `transaction`, for work that need not wait for each of its statements, which then take
   * fewer round trips.
   */
  pipeline<T>(work: (transaction: Pipeline) => Promise<T>): Promise<T> {
    return runTransaction(this.pipelines, (client) => new Pipeline(client), work);
  }

  /** Runs work of a single statement, which is a transaction by itself, on the same connections. */
  alone<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return runStatementAlone(this.pipelines, work);
  }

  /**
   * Runs work of a request on these connections, once the account's share of them allows it.
   * @throws ReadRefusedError where too much of the account waits before it, or its client has gone
   */
  async share<T>({ accountId, client }: Reader, work: () => Promise<T>): Promise<T> {
    if (!client) return work();
    try {
      return await this.shares.run(accountId, client, work);
    } catch (error) {
      throw error instanceof ClientGoneError ? new ReadRefusedError(error) : error;
    }
  }

  override async close(): Promise<void> {
    // They ask the primary.
    await this.replicas?.close();
    await Promise.all([
      super.close(),
      this.credentials.close(),
      this.reads.close(),
      this.transfers.close(),
      this.pipelines.end(),
      ...(this.hasOwnSessions ? [] : [this.sessions.end()]),
    ]);
  }
}
