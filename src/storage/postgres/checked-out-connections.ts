import type pg from 'pg';

/** The connections of pools on which something runs. */
export class CheckedOutConnections {
  private readonly clients = new Set<pg.PoolClient>();

  constructor(pools: readonly pg.Pool[]) {
    for (const pool of pools) {
      pool.on('acquire', (client) => this.clients.add(client));
      pool.on('release', (_error, client) => this.clients.delete(client));
    }
  }

  /** Ends them at once: what runs on them fails, and what is not committed rolls back. */
  abort(): void {
    // Client.end() would wait for the statements of a pipeline.
    for (const { connection } of this.clients) connection.stream.destroy();
  }
}
