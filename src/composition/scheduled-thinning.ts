import type { PingRetention } from '../domain/retention/ping-retention.js';
import { HOUR_MS } from '../domain/shared/durations.js';
import type { Database } from '../storage/postgres/database.js';
import { tryExclusively } from '../storage/postgres/try-exclusively.js';

export interface ScheduledThinningDeps {
  readonly database: Database;
  readonly retention: PingRetention;
  readonly onError: (error: unknown) => void;
}

/** Thins old pings every hour, of several instances on one at a time. */
export class ScheduledThinning {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly deps: ScheduledThinningDeps) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.run();
    }, HOUR_MS).unref();
    this.running = this.run();
  }

  /** Waits for the transaction in progress. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.deps.retention.stop();
    await this.running;
  }

  private async run(): Promise<void> {
    const { database, retention, onError } = this.deps;
    await tryExclusively(database.sessions, 'flowgate.retention', () => retention.thin()).catch(
      onError,
    );
    this.running = undefined;
  }
}
