import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Database } from '../../src/storage/postgres/database.js';
import { acquireEmbedded } from '../../src/storage/embedded/embedded.js';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { printed, startFlowgate, type Environment } from '../cli/flowgate.js';
import { killPostgres } from './embedded.js';

const LISTENING = /^flowgate listening on (http:\/\/\S+)\n/m;

export const CRASHES = ['server', 'database', 'both'] as const;
export type Crash = (typeof CRASHES)[number];

/** The real server on its embedded PostgreSQL, which tests kill. */
export class CrashingServer {
  private child: ChildProcess | undefined;
  private url: Promise<string> | undefined;
  private failure: Error | undefined;

  constructor(readonly dataDir: string) {}

  get environment(): Environment {
    return {
      FLOWGATE_DATA_DIR: this.dataDir,
      FLOWGATE_DEMO: 'false',
      LOG_LEVEL: 'silent',
      PORT: '0',
      RATE_LIMIT: '0',
    };
  }

  start(): void {
    const child = startFlowgate(this.environment, ['serve']);
    const said = text(child.stderr!);
    child.once('exit', (status) => {
      // It was not killed by the test.
      if (status) void said.then((why) => (this.failure = new Error(`The server ended: ${why}`)));
    });
    this.child = child;
    this.url = printed(child, LISTENING);
  }

  /** As kill -9 does; the server is started again, the database is the server's to start. */
  async crash(crash: Crash): Promise<void> {
    const child = this.child!;
    const ended = once(child, 'exit');
    if (crash !== 'server') await killPostgres(this.dataDir);
    if (crash === 'database') return;
    child.kill('SIGKILL');
    await ended;
    this.start();
  }

  /**
   * @returns undefined where it cannot be reached, or died before it had answered
   * @throws where it ended by itself, as nothing would start it again
   */
  async post(path: string, token: string, type: string, body: string) {
    if (this.failure) throw this.failure;
    try {
      const response = await fetch(`${await this.url}/api/v1/${path}`, {
        method: 'POST',
        headers: { Authorization: `Token ${token}`, 'Content-Type': type },
        body,
      });
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  }

  /** @returns its exit status */
  async stop(): Promise<number | null> {
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGTERM');
    return ((await ended) as [number | null])[0];
  }

  kill(): void {
    this.child?.kill('SIGKILL');
  }

  /** While the server does not run. */
  async withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const embedded = await acquireEmbedded(this.dataDir);
    const database = new Database(embedded.connection);
    try {
      await migrate(database.pool);
      return await work(database);
    } finally {
      await database.close();
      await embedded.release();
    }
  }
}
