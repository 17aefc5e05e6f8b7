import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type pg from 'pg';
import { AccountShares } from './account-shares.js';
import { cancelStatement } from './cancel-statement.js';
import { createPool } from './connection-pool.js';
import { isTimeout, ReadRefusedError, toUnavailable } from './pg-errors.js';
import { ClientGoneError, type ClientSignal, type Reader } from './reader.js';
import { ShardMap } from './shard-map.js';
import { SharedConnections } from './shared-connections.js';
import { runStatement, type Statement } from './statement.js';

/** Others that may answer reads of requests that change nothing. */
export interface ReplicaReads {
  /**
   * @returns undefined where none can
   * @throws ReadRefusedError
   */
  query<Row extends pg.QueryResultRow>(
    reader: Reader,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | undefined>;
}

/** Rejects where a connection must not be used. */
export type ConnectionCheck = (connection: pg.PoolClient) => Promise<void>;

// A request of GraphQL runs up to some hundred statements.
const MAX_WAITING = 500;
/** how many connections short statements share */
export const MAX_SHARED = 3;
/** how many of those are sent at a time */
const MAX_SHORT = 8 * MAX_SHARED;

/**
 * Connections for reads on behalf of requests. Accounts share them, so that none can keep others
 * waiting. A statement is cancelled when it takes longer than the connections allow, or when its
 * request's client has gone, unless it is short.
 */
export class Reads {
  readonly pool: pg.Pool;
  /** for short statements */
  readonly shared: SharedConnections;
  /** where the sensors are, on a cluster */
  readonly shards = new ShardMap();
  /** the names of the statements that Citus has refused as they are */
  readonly refused = new Set<string>();
  private readonly shares: AccountShares;
  /** of statements of large requests, each of which may keep a core busy */
  private readonly largeShares: AccountShares;
  private readonly shortShares = new AccountShares({
    concurrency: MAX_SHORT,
    maxWaiting: MAX_WAITING,
  });
  /** how many statements of one request may run or wait at once, each listening to its signal */
  private readonly maxPerRequest: number;

  /** @param timeoutMs where the connections themselves set no limit */
  constructor(
    config: pg.PoolConfig & { max: number },
    private readonly timeoutMs?: number,
    private readonly replicas?: ReplicaReads,
  ) {
    this.pool = createPool(config);
    this.shared = new SharedConnections(createPool({ ...config, max: MAX_SHARED, pipeline: true }));
    this.shares = new AccountShares({ concurrency: config.max, maxWaiting: MAX_WAITING });
    const cores = Math.max(2, Math.min(availableParallelism(), config.max / 2));
    this.largeShares = new AccountShares({
      concurrency: cores + 1,
      maxWaiting: MAX_WAITING,
      whileAlone: cores,
    });
    this.maxPerRequest = config.max + MAX_WAITING;
  }

  /**
   * @param check of the connection, sent with the statement, which fails where it fails
   * @throws ReadRefusedError where it takes too long, too many wait before it, or the client has
   * gone
   */
  async query<Row extends pg.QueryResultRow>(
    reader: Reader,
    statement: Statement,
    values: readonly unknown[],
    check?: ConnectionCheck,
  ): Promise<Row[]> {
    const { accountId, client } = reader;
    if (this.replicas && client && reader.onlyReads) {
      const rows = await this.replicas.query<Row>(reader, statement, values);
      if (rows) return rows;
    }
    try {
      if (!client) {
        return await (this.timeoutMs === undefined
          ? runStatement<Row>(this.pool, statement, values)
          : this.runUntilGone<Row>(new AbortController().signal, statement, values));
      }
      if (client instanceof EventTarget) setMaxListeners(this.maxPerRequest, client);
      if (statement.isShort && !reader.large && !check && this.timeoutMs === undefined) {
        return await this.shortShares.run(accountId, client, () =>
          this.shared.query<Row>(accountId, statement, values),
        );
      }
      const read = () =>
        this.shares.run(accountId, client, () =>
          this.runUntilGone<Row>(client, statement, values, check),
        );
      if (!reader.large) return await read();
      const rows = await this.largeShares.run(accountId, client, read, reader.large);
      await reader.large.turn();
      return rows;
    } catch (error) {
      if (client?.aborted || isTimeout(error)) throw new ReadRefusedError(error);
      throw toUnavailable(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.shared.pool.end()]);
  }

  private async runUntilGone<Row extends pg.QueryResultRow>(
    client: ClientSignal,
    statement: Statement,
    values: readonly unknown[],
    check?: ConnectionCheck,
  ): Promise<Row[]> {
    const connection = await this.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    let cancelled: Promise<void> | undefined;
    const cancel = () => {
      cancelled = cancelStatement(connection);
    };
    connection.on('error', onError);
    client.addEventListener('abort', cancel);
    const timer = this.timeoutMs === undefined ? undefined : setTimeout(cancel, this.timeoutMs);
    try {
      if (client.aborted) throw new ClientGoneError();
      if (!check) return await runStatement<Row>(connection, statement, values);
      // Sent together, and both answered before the connection is given back.
      const sent = [check(connection), runStatement<Row>(connection, statement, values)] as const;
      await Promise.allSettled(sent);
      await sent[0];
      return await sent[1];
    } finally {
      clearTimeout(timer);
      client.removeEventListener('abort', cancel);
      await cancelled;
      connection.off('error', onError);
      connection.release(broken);
    }
  }
}
