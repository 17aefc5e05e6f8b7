import type pg from 'pg';
import type { Database } from './database.js';

/** The connections to a database that something holds. */
export class CheckedOutConnections {
  private readonly held = new Set<pg.PoolClient>();

  constructor({ pool, pipelines }: Database) {
    for (const each of [pool, pipelines]) {
      each.on('acquire', (client) => this.held.add(client));
      each.on('release', (_error, client) => this.held.delete(client));
    }
  }

  /** Breaks them off: what runs there fails, and what is not committed rolls back. */
  cut(): void {
    for (const client of this.held) {
      // With a statement under way this does not wait for it.
      void (client as unknown as pg.Client).end();
    }
  }
}
