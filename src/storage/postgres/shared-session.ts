import type pg from 'pg';
import type { LockPool, LockSession } from './try-exclusively.js';

interface Session {
  readonly client: Promise<pg.PoolClient>;
  uses: number;
  /** settles when the statement before has ended: a client takes one at a time */
  idle: Promise<unknown>;
  broken: Error | undefined;
}

/**
 * One connection for several uses at a time, open while there is one: any number of advisory locks
 * are held without as many connections.
 */
export class SharedSession implements LockPool {
  private current: Session | undefined;

  constructor(private readonly pool: pg.Pool) {}

  /** What it returns is to be released once. */
  async connect(): Promise<LockSession> {
    const session = (this.current ??= this.open());
    session.uses++;
    try {
      const client = await session.client;
      return {
        query: (text, values) => this.query(session, client, text, values),
        on: client.on.bind(client),
        off: client.off.bind(client),
        release: () => this.release(session, client),
      };
    } catch (error) {
      this.leave(session);
      throw error;
    }
  }

  private open(): Session {
    const session: Session = {
      uses: 0,
      idle: Promise.resolve(),
      broken: undefined,
      client: this.pool.connect().then((client) => {
        // Each use listens for errors.
        client.setMaxListeners(0);
        client.on('error', (error) => {
          session.broken = error;
          // What begins from now on has a connection that works.
          this.leave(session);
        });
        return client;
      }),
    };
    return session;
  }

  private query(
    session: Session,
    client: pg.PoolClient,
    text: string,
    values: readonly string[],
  ): ReturnType<LockSession['query']> {
    const result = session.idle.then(() => client.query<{ locked?: boolean }>(text, [...values]));
    session.idle = result.catch(() => undefined);
    return result;
  }

  private leave(session: Session): void {
    if (this.current === session) this.current = undefined;
  }

  private release(session: Session, client: pg.PoolClient): void {
    if (--session.uses > 0) return;
    this.leave(session);
    client.removeAllListeners('error');
    client.release(session.broken);
  }
}
