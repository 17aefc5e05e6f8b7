import type pg from 'pg';

/** The connections of a pool that something holds. */
export class BusyConnections {
  private readonly held = new Set<pg.PoolClient>();

  constructor(pool: pg.Pool) {
    pool.on('acquire', (client) => this.held.add(client));
    pool.on('release', (_error, client) => this.held.delete(client));
  }

  /** Breaks them off: what runs there fails, and what is not committed rolls back. */
  cut(): void {
    for (const client of this.held) {
      // With a statement under way this does not wait for it.
      void (client as unknown as pg.Client).end();
    }
  }
}
