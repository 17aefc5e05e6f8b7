import type { DeliveryRetention } from '../domain/webhooks/retention.js';

const PRUNE_INTERVAL_MS = 10 * 60_000;

export interface HousekeepingDeps {
  readonly retention: DeliveryRetention;
  /** runs the work unless another instance is running it */
  readonly exclusively: (work: () => Promise<unknown>) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly intervalMs?: number;
}

/** Prunes the delivery log every ten minutes, on one of all instances at a time. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;
  private pruning: Promise<void> | undefined;

  constructor(private readonly deps: HousekeepingDeps) {}

  start(): void {
    const { intervalMs = PRUNE_INTERVAL_MS } = this.deps;
    this.timer = setInterval(() => {
      this.pruning ??= this.prune();
    }, intervalMs).unref();
  }

  /** Waits for the batch of deletions that is in progress. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.deps.retention.stop();
    await this.pruning;
  }

  private async prune(): Promise<void> {
    const { retention, exclusively, onError } = this.deps;
    await exclusively(() => retention.prune()).catch(onError);
    this.pruning = undefined;
  }
}
