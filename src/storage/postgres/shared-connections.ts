import type pg from 'pg';
import { runStatement, type Statement } from './statement.js';

/**
 * Connections on each of which statements are sent before earlier ones are answered; PostgreSQL runs
 * them in order. Short statements take less processor time so than on a connection each, where
 * PostgreSQL has to be woken for every one of them. No account is on all of them, so that another
 * one's statement does not wait behind many of its own.
 */
export class SharedConnections {
  private readonly inUse = new Set<SharedConnection>();

  /** @param pool whose connections take statements before earlier ones are answered */
  constructor(readonly pool: pg.Pool) {}

  async query<Row extends pg.QueryResultRow>(
    accountId: number,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const connection = this.connectionFor(accountId);
    connection.begin(accountId);
    try {
      return await runStatement<Row>(await connection.client, statement, values);
    } finally {
      connection.end(accountId);
      if (connection.running === 0) {
        this.inUse.delete(connection);
        connection.release();
      }
    }
  }

  private connectionFor(accountId: number): SharedConnection {
    const { max } = this.pool.options;
    const own = [...this.inUse].filter((each) => each.serves(accountId));
    if (own.length >= Math.max(1, max - 1)) return leastBusy(own);
    if (this.inUse.size === max) return leastBusy([...this.inUse]);
    const connection = new SharedConnection(this.pool.connect());
    this.inUse.add(connection);
    return connection;
  }
}

function leastBusy(connections: readonly SharedConnection[]): SharedConnection {
  return connections.reduce((least, each) => (each.running < least.running ? each : least));
}

/** One connection of a pool, for as long as statements run on it. */
class SharedConnection {
  /** statements that were sent, or will be once it is connected, and are not answered */
  running = 0;
  private readonly runningOf = new Map<number, number>();
  private broken: Error | undefined;

  constructor(readonly client: Promise<pg.PoolClient>) {
    client.then(
      (connected) => connected.on('error', this.onError),
      () => undefined,
    );
  }

  begin(accountId: number): void {
    this.running++;
    this.runningOf.set(accountId, (this.runningOf.get(accountId) ?? 0) + 1);
  }

  end(accountId: number): void {
    this.running--;
    const left = this.runningOf.get(accountId)! - 1;
    if (left === 0) this.runningOf.delete(accountId);
    else this.runningOf.set(accountId, left);
  }

  serves(accountId: number): boolean {
    return this.runningOf.has(accountId);
  }

  /** Gives it back to its pool. */
  release(): void {
    this.client.then(
      (connected) => {
        connected.off('error', this.onError);
        connected.release(this.broken);
      },
      () => undefined,
    );
  }

  private readonly onError = (error: Error): void => {
    this.broken = error;
  };
}
