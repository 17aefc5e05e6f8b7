import pg from 'pg';
import type { Database, Statement } from './database.js';
import { toUnavailable } from './pg-errors.js';

const CHANNEL = 'flowgate';
/**
 * PostgreSQL takes payloads of less than 8000 bytes.
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export const MAX_PAYLOAD_BYTES = 7999;
// The class of the advisory locks by which sessions show that they are present: "flow" in ASCII.
const LOCK_CLASS = 0x666c6f77;
const QUERY_TIMEOUT_MS = 5000;

/**
 * Commits without waiting for the disk, because nothing has to be durable; waiting would delay all
 * commits, since NOTIFY takes a lock that they share. $1 text[] payloads
 */
const notify: Statement = {
  name: 'notify',
  text: `
    WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    SELECT pg_notify('${CHANNEL}', payload) FROM unflushed, unnest($1::text[]) AS payload`,
};

const MEMBERS = `
  SELECT objid::int AS id FROM pg_locks
  WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

export interface NotificationHandlers {
  received(payload: string): void;
  /** the session broke; called once, not for an end that was asked for */
  broken(): void;
}

/** Messages between the instances on one database. */
export class Notifications {
  constructor(private readonly database: Database) {}

  /** @param payloads of at most MAX_PAYLOAD_BYTES, different from each other */
  async send(payloads: readonly string[]): Promise<void> {
    await this.database.query(notify, [payloads]);
  }

  /**
   * Opens a separate connection, which receives messages once this has resolved.
   * @param id how other sessions see this one among the members; 1 to 2^31 - 1
   */
  async listen(id: number, handlers: NotificationHandlers): Promise<NotificationSession> {
    const { options } = this.database.sessions;
    const client = new pg.Client({
      ...options,
      // The pool makes it non-enumerable, so that copying its options leaves it out.
      password: options.password,
      query_timeout: QUERY_TIMEOUT_MS,
    });
    const session = new NotificationSession(client, handlers);
    try {
      await client.connect();
      await client.query(`SELECT pg_advisory_lock(${LOCK_CLASS}, ${id})`);
      await client.query(`LISTEN ${CHANNEL}`);
      return session;
    } catch (error) {
      await session.end();
      throw toUnavailable(error);
    }
  }
}

export class NotificationSession {
  private isOpen = true;

  constructor(
    private readonly client: pg.Client,
    handlers: NotificationHandlers,
  ) {
    const broken = (): void => {
      if (!this.isOpen) return;
      this.isOpen = false;
      handlers.broken();
    };
    client.on('error', broken);
    client.on('end', broken);
    client.on('notification', ({ payload }) => handlers.received(payload ?? ''));
  }

  /** The ids of the sessions that are there now. */
  async members(): Promise<Set<number>> {
    const { rows } = await this.client.query<{ id: number }>(MEMBERS);
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Ends a session that answers no more, without waiting for it.
   * @returns false where it was over already
   */
  abandon(): boolean {
    const wasOpen = this.isOpen;
    void this.end();
    return wasOpen;
  }

  async end(): Promise<void> {
    this.isOpen = false;
    await this.client.end().catch(() => undefined);
  }
}
