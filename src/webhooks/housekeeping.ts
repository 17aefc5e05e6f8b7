import { Logger, run, type Runner, type RunnerOptions } from 'graphile-worker';
import type { DeliveryRetention } from '../domain/webhooks/retention.js';

export interface HousekeepingDeps {
  readonly pool: NonNullable<RunnerOptions['pgPool']>;
  readonly log: DeliveryRetention;
  readonly onError: (error: unknown) => void;
}

const PRUNE = 'webhook_prune';
const CRONTAB = `*/10 * * * * ${PRUNE} ?max=3&jobKey=${PRUNE}`;
// Its tables are made when it first begins; a server that has just started has better to do.
const BEGIN_AFTER_MS = 30_000;
const POLL_MS = 60_000;

/** Keeps the delivery log short, on one of all instances at a time: a job of graphile-worker's schedule. */
export class Housekeeping {
  private beginning: Promise<Runner | undefined> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: HousekeepingDeps) {}

  start(afterMs = BEGIN_AFTER_MS): void {
    this.timer = setTimeout(() => {
      this.beginning = this.begin().catch((error: unknown) => {
        this.parts.onError(error);
        this.start();
        return undefined;
      });
    }, afterMs).unref();
  }

  async close(): Promise<void> {
    const runner = await this.beginning;
    clearTimeout(this.timer);
    await runner?.stop().catch(() => undefined);
  }

  private begin(): Promise<Runner> {
    const { pool, log, onError } = this.parts;
    return run({
      pgPool: pool,
      crontab: CRONTAB,
      taskList: {
        [PRUNE]: async () => {
          await log.prune();
        },
      },
      concurrency: 1,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      logger: new Logger(() => (level: string, message) => {
        if (level === 'error') onError(new Error(message));
      }),
    });
  }
}
