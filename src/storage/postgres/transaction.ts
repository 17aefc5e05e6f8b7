import type pg from 'pg';
import { isDistributedSession, isOnCluster } from './cluster-sessions.js';
import { commitTogether } from './commit-together.js';
import { isReadOnly, isSerializationFailure, toUnavailable } from './pg-errors.js';
import { inStatementSpan } from './statement-span.js';
import { runStatement, type Queryable, type Statement } from './statement.js';

const MAX_ATTEMPTS = 10;

/** One open transaction. */
export class Transaction implements Queryable {
  constructor(readonly client: pg.PoolClient) {}

  /** Whether its database is one of a Citus cluster. */
  get isOnCluster(): boolean {
    return isOnCluster(this.client);
  }

  /** Whether it can change several nodes. */
  get isDistributed(): boolean {
    return isDistributedSession(this.client);
  }

  query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return runStatement<Row>(this.client, statement, values);
  }

  /** @returns how many rows the statement changed */
  change({ name, text }: Statement, values: readonly unknown[]): Promise<number> {
    return inStatementSpan(name, async () => {
      const { rowCount } = await this.client.query({ name, text, values: values as unknown[] });
      return rowCount ?? 0;
    });
  }

  control(command: 'BEGIN' | 'COMMIT'): Promise<unknown> {
    return inStatementSpan(command, () => this.client.query(command));
  }
}

/**
 * A transaction that sends statements without waiting for the answers to earlier ones; PostgreSQL
 * runs them in order.
 */
export class Pipeline extends Transaction {
  private readonly sent: Promise<unknown>[] = [];
  private isGathering = false;

  override query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.gather();
    return super.query(statement, values);
  }

  override control(command: 'BEGIN' | 'COMMIT'): Promise<unknown> {
    this.gather();
    return super.control(command);
  }

  /** Sends a statement whose rows are not needed. If it fails, so does the transaction. */
  send(statement: Statement, values: readonly unknown[]): void {
    const answered = this.query(statement, values);
    answered.catch(() => undefined);
    this.sent.push(answered);
  }

  /** Waits for all that were sent. @throws the error of the first that failed */
  async answered(): Promise<void> {
    await Promise.all(this.sent);
  }

  /**
   * Writes what is sent before the next event at once: each write is a system call here and wakes
   * PostgreSQL.
   */
  private gather(): void {
    if (this.isGathering) return;
    const { stream } = this.client.connection;
    stream.cork();
    this.isGathering = true;
    process.nextTick(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }
}

/** Runs work of a single statement, which is a transaction by itself. */
export async function runStatementAlone<T>(
  pool: pg.Pool,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await onConnection(pool, (client) => work(new Transaction(client)));
  } catch (error) {
    throw toUnavailable(error);
  }
}

/**
 * Runs `work` in a transaction, again from its start where PostgreSQL aborted it because of a
 * deadlock or a serialization failure.
 */
export async function runTransaction<T, Of extends Transaction>(
  pool: pg.Pool,
  transactionOn: (client: pg.PoolClient) => Of,
  work: (transaction: Of) => Promise<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt(pool, transactionOn, work);
    } catch (error) {
      if (attempts === MAX_ATTEMPTS || !isSerializationFailure(error)) throw toUnavailable(error);
    }
  }
}

function attempt<T, Of extends Transaction>(
  pool: pg.Pool,
  transactionOn: (client: pg.PoolClient) => Of,
  work: (transaction: Of) => Promise<T>,
): Promise<T> {
  return onConnection(pool, async (client, onError) => {
    try {
      const transaction = transactionOn(client);
      const begun = transaction.control('BEGIN');
      begun.catch(() => undefined);
      const result = await work(transaction);
      const prepared = isDistributedSession(client)
        ? transaction.query(commitTogether, [])
        : undefined;
      prepared?.catch(() => undefined);
      // After a statement that failed PostgreSQL takes it for ROLLBACK.
      const committed = transaction.control('COMMIT');
      committed.catch(() => undefined);
      await begun;
      if (transaction instanceof Pipeline) await transaction.answered();
      await prepared;
      await committed;
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(onError);
      throw error;
    }
  });
}

/** Runs work on a connection, which is not used again if it broke or takes no writes. */
async function onConnection<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, onError: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Between two statements nothing else listens for a broken connection; without a listener it
  // would end the process.
  const onError = (error: Error) => {
    broken ??= error;
  };
  client.on('error', onError);
  try {
    return await work(client, onError);
  } catch (error) {
    if (isReadOnly(error)) onError(error as Error);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
