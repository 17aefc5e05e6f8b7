import pg from 'pg';
import { NODES_VARIABLE } from './database.js';

// On a cluster it is a node that waits.
const IS_AWAITED =
  process.env[NODES_VARIABLE] === undefined
    ? `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid) AS awaited`
    : 'SELECT EXISTS (SELECT 1 FROM citus_lock_waits) AS awaited';

/** Keeps sensors locked, as an import does until it is committed. */
export class SensorHolder {
  isHolding = true;

  private constructor(private readonly client: pg.Client) {}

  static async of(
    connection: pg.ClientConfig,
    ...sensorIds: readonly number[]
  ): Promise<SensorHolder> {
    const client = new pg.Client(connection);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT * FROM lock_pings($1)', [sensorIds]);
    return new SensorHolder(client);
  }

  /** Until another session waits for the lock. */
  async awaited(): Promise<void> {
    for (;;) {
      const { rows } = await this.client.query<{ awaited: boolean }>(IS_AWAITED);
      if (rows[0]!.awaited) return;
    }
  }

  async release(): Promise<void> {
    this.isHolding = false;
    await this.client.query('COMMIT');
    await this.client.end();
  }
}
