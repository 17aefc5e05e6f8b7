import { setMaxListeners } from 'node:events';
import type pg from 'pg';
import { AccountShares } from './account-shares.js';
import { cancelStatement } from './cancel-statement.js';
import { createPool } from './connection-pool.js';
import { isTimeout, ReadRefusedError, toUnavailable } from './pg-errors.js';
import { ClientGoneError, currentRequest, type ClientSignal } from './request-scope.js';
import { runStatement, type Queryable, type Statement } from './statement.js';

// A request of GraphQL runs up to some hundred statements.
const MAX_WAITING = 500;

/**
 * Connections for reads on behalf of requests. Accounts share them, so that none can keep others
 * waiting. A statement is cancelled when its request's client has gone, or when it takes longer
 * than the connections allow.
 */
export class Reads implements Queryable {
  readonly pool: pg.Pool;
  private readonly shares: AccountShares;
  /** how many statements of one request may run or wait at once, each listening to its signal */
  private readonly maxPerRequest: number;

  constructor(config: pg.PoolConfig & { max: number }) {
    this.pool = createPool(config);
    this.shares = new AccountShares({ concurrency: config.max, maxWaiting: MAX_WAITING });
    this.maxPerRequest = config.max + MAX_WAITING;
  }

  /**
   * @throws ReadRefusedError where it takes too long, too many wait before it, or the client has
   * gone
   */
  async query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const request = currentRequest();
    try {
      if (!request) return await runStatement<Row>(this.pool, statement, values);
      const { accountId, signal } = request;
      if (signal instanceof EventTarget) setMaxListeners(this.maxPerRequest, signal);
      return await this.shares.run(accountId, signal, () =>
        this.runUntilAborted<Row>(signal, statement, values),
      );
    } catch (error) {
      if (request?.signal.aborted || isTimeout(error)) throw new ReadRefusedError(error);
      throw toUnavailable(error);
    }
  }

  private async runUntilAborted<Row extends pg.QueryResultRow>(
    signal: ClientSignal,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    let cancelled: Promise<void> | undefined;
    const cancel = () => {
      cancelled = cancelStatement(client);
    };
    client.on('error', onError);
    signal.addEventListener('abort', cancel);
    try {
      if (signal.aborted) throw new ClientGoneError();
      return await runStatement<Row>(client, statement, values);
    } finally {
      signal.removeEventListener('abort', cancel);
      await cancelled;
      client.off('error', onError);
      client.release(broken);
    }
  }
}
