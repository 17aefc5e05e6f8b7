import pg from 'pg';

// Session advisory locks of the embedded PostgreSQL: they are released with the connection that
// holds them, however its process ends.
const LOCK_SPACE = 0x666c6f77;
const IN_USE = 1;
const SERVER = 2;

/** The connection by which one process shows that it uses the embedded PostgreSQL. */
export class UsageLock {
  /** Settles when the connection has ended, whichever side ended it. */
  readonly ended: Promise<void>;

  private constructor(private readonly client: pg.Client) {
    this.ended = new Promise((resolve) => client.once('end', resolve));
    // Without a listener it would end the process; the end itself is reported by `ended`.
    client.on('error', () => undefined);
  }

  /**
   * Undefined where the last user has just left and is stopping PostgreSQL.
   *
   * @throws the error of `pg` if the connection fails
   */
  static async enter(connection: pg.ClientConfig): Promise<UsageLock | undefined> {
    const client = new pg.Client({
      ...connection,
      application_name: `flowgate ${process.pid}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    const presence = new UsageLock(client);
    await client.connect();
    if (await presence.try('pg_try_advisory_lock_shared', IN_USE)) return presence;
    await client.end();
    return undefined;
  }

  /** Undefined where this process is the server now, else the process number of the one that is. */
  async becomeServer(): Promise<number | undefined> {
    if (await this.try('pg_try_advisory_lock', SERVER)) return undefined;
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2`,
      [LOCK_SPACE, SERVER],
    );
    return Number(rows[0]?.name.split(' ')[1] ?? 0);
  }

  /**
   * Ends the connection. Where no other process is present `stop` runs first; processes that start
   * meanwhile cannot take the lock and wait.
   */
  async leave(stop: () => Promise<void>): Promise<void> {
    try {
      await this.client.query('SELECT pg_advisory_unlock_all()');
      if (await this.try('pg_try_advisory_lock', IN_USE)) await stop();
    } finally {
      await this.client.end().catch(() => undefined);
    }
  }

  private async try(
    lock: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared',
    what: number,
  ): Promise<boolean> {
    const { rows } = await this.client.query<{ acquired: boolean }>(
      `SELECT ${lock}($1, $2) AS acquired`,
      [LOCK_SPACE, what],
    );
    return rows[0]?.acquired === true;
  }
}
