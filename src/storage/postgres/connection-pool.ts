import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.js';
import { columnTypes } from './column-types.js';
import { toUnavailable } from './pg-errors.js';
import { inStatementSpan } from './statement-span.js';
import { runStatement, type Queryable, type Statement } from './statement.js';
import { runTransaction, Transaction } from './transaction.js';

// As long as a request may take; many may be waiting for a few connections, or for rows that an
// account's pings have locked.
const TRANSACTION_TIMEOUT_MS = 30_000;
// A new connection has to plan each statement anew: its first one takes ten times as long.
const IDLE_TIMEOUT_MS = 600_000;
// What forwards connections may drop those that say nothing for a few minutes, without notice.
const KEEP_ALIVE_AFTER_MS = 60_000;

/** Connections for one purpose, with the ways to use them. */
export class ConnectionPool implements Queryable {
  readonly pool: pg.Pool;
  private client: PrismaClient | undefined;

  /** @param schema where Prisma Client looks for the tables; public unless given */
  constructor(
    config: pg.PoolConfig,
    private readonly schema?: string,
  ) {
    this.pool = createPool(config);
  }

  get prisma(): PrismaClient {
    return (this.client ??= withErrorMapping(
      new PrismaClient({
        adapter: new PrismaPg(this.pool, this.schema === undefined ? {} : { schema: this.schema }),
        transactionOptions: { maxWait: TRANSACTION_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
      }),
    ));
  }

  async query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      return await runStatement<Row>(this.pool, statement, values);
    } catch (error) {
      throw toUnavailable(error);
    }
  }

  /**
   * Runs `work` in a transaction, again from its start where PostgreSQL aborted it because of a
   * deadlock or a serialization failure.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return runTransaction(this.pool, (client) => new Transaction(client), work);
  }

  async close(): Promise<void> {
    await this.client?.$disconnect();
    await this.pool.end();
  }
}

export function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    types: columnTypes,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    ...config,
  });
  // A broken idle connection is replaced at the next query; without a listener it would end the
  // process.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * The same client, whose operations and transactions fail with DatabaseUnavailableError where that
 * is the cause.
 */
function withErrorMapping(client: PrismaClient): PrismaClient {
  const mapped = client.$extends({
    query: {
      async $allOperations({ model = 'raw', operation, args, query }) {
        try {
          return await inStatementSpan(
            `${model}.${operation}`,
            // What Prisma returns is sent only when it is awaited.
            async () => (await query(args)) as unknown,
          );
        } catch (error) {
          throw toUnavailable(error);
        }
      },
    },
  });
  const begin = mapped.$transaction.bind(mapped) as (...args: unknown[]) => Promise<unknown>;
  const $transaction = (...args: unknown[]) =>
    begin(...args).catch((error: unknown) => {
      throw toUnavailable(error);
    });
  // An extended client lacks only $on, which nothing here listens to.
  return Object.assign(mapped, { $transaction }) as unknown as PrismaClient;
}
