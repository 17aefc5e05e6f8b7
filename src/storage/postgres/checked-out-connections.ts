import type pg from 'pg';
import type { Database } from './database.js';

/** The connections to a database on which something runs. */
export class CheckedOutConnections {
  private readonly clients = new Set<pg.PoolClient>();

  constructor({ pools }: Database) {
    for (const pool of pools) {
      pool.on('acquire', (client) => this.clients.add(client));
      pool.on('release', (_error, client) => this.clients.delete(client));
    }
  }

  /** Closes them: what runs on them fails, and what is not committed rolls back. */
  abort(): void {
    for (const client of this.clients) {
      // While a statement runs, this does not wait for it.
      void (client as unknown as pg.Client).end();
    }
  }
}
