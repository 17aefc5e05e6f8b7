import pg from 'pg';
import { ConnectionPool, createPool } from './connection-pool.js';
import { AccountShares } from './account-shares.js';
import { ReadRefusedError } from './pg-errors.js';
import { ClientGoneError, type Reader } from './reader.js';
import { Reads } from './reads.js';
import { Pipeline, runTransaction } from './transaction.js';

export type { Queryable, Statement } from './statement.js';
export { Pipeline, Transaction } from './transaction.js';

// Connections per instance, each opened when it is first needed.
const MAX_GENERAL = 8;
/** of one account, for the general connections */
const MAX_WAITING = 500;
const MAX_CREDENTIALS = 4;
const MAX_READS = 12;
const MAX_TRANSFERS = 4;
// Two groups of pings at a time, two that wait for sensors, and four deletions.
const MAX_PIPELINES = 8;

/** With the one that listens for notifications. */
export const CONNECTIONS_PER_INSTANCE =
  MAX_GENERAL + MAX_CREDENTIALS + MAX_READS + MAX_TRANSFERS + MAX_PIPELINES + 1;

// Numbers and instants are read as text, which an operator may have set a server to shorten or to
// write otherwise.
const FULL_PRECISION = { TimeZone: 'UTC', DateStyle: 'ISO', extra_float_digits: '1' };
// The telemetry statements are written so that one plan is right for every parameter: planning them
// each time would cost more than running them. That plan is made when a connection first runs one,
// on tables that may still be empty, where a sequential scan seems cheap but is not once they fill.
const PLANNED_ONCE = {
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
};
const READ_TIMEOUT_MS = 30_000;

export interface DatabaseOptions {
  /** where the tables are; public unless given */
  readonly schema?: string | undefined;
  readonly readTimeoutMs?: number;
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
  /** for exports and imports */
  readonly transfers: ConnectionPool;
  /**
   * Connections on which a statement may be sent before the last one is answered; they do not take
   * COPY.
   */
  readonly pipelines: pg.Pool;

  private readonly shares = new AccountShares({
    concurrency: MAX_GENERAL,
    maxWaiting: MAX_WAITING,
  });

  constructor(
    config: pg.PoolConfig,
    { schema, readTimeoutMs = READ_TIMEOUT_MS }: DatabaseOptions = {},
  ) {
    const inForce = {
      ...FULL_PRECISION,
      ...PLANNED_ONCE,
      ...(schema !== undefined && { search_path: pg.escapeIdentifier(schema) }),
    };
    const settings = (max: number, more: Settings = {}) => ({
      application_name: 'flowgate',
      ...config,
      max,
      onConnect: applySettings({ ...inForce, ...more }),
    });
    super(settings(MAX_GENERAL), schema);
    this.credentials = new ConnectionPool(settings(MAX_CREDENTIALS), schema);
    this.reads = new Reads(settings(MAX_READS, { statement_timeout: String(readTimeoutMs) }));
    this.transfers = new ConnectionPool(settings(MAX_TRANSFERS), schema);
    this.pipelines = createPool({ ...settings(MAX_PIPELINES), pipeline: true });
  }

  get pools(): readonly pg.Pool[] {
    return [this.pool, this.credentials.pool, this.reads.pool, this.transfers.pool, this.pipelines];
  }

  /**
   * Like `transaction`, for work that need not wait for each of its statements, which then take
   * fewer round trips.
   */
  pipeline<T>(work: (transaction: Pipeline) => Promise<T>): Promise<T> {
    return runTransaction(this.pipelines, (client) => new Pipeline(client), work);
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
    await Promise.all([
      super.close(),
      this.credentials.close(),
      this.reads.pool.end(),
      this.transfers.close(),
      this.pipelines.end(),
    ]);
  }
}

type Settings = Readonly<Record<string, string>>;

/**
 * Puts settings in force on a new connection before it is used. As startup parameters they would
 * take no round trip, but poolers refuse those or, worse, ignore them.
 */
function applySettings(settings: Settings): (client: pg.ClientBase) => Promise<void> {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${pg.escapeLiteral(value)}, false)`,
  );
  const text = `SELECT ${calls.join(', ')}`;
  return async (client) => {
    await client.query(text);
  };
}
