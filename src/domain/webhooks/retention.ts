import type { WebhookDeliveryStore } from '../../storage/webhooks/delivery-store.js';
import type { Clock } from '../shared/clock.js';
import { DAY_MS } from '../shared/durations.js';

// Small enough that no statement delays a delivery for long.
const BATCH = 2000;

/** Removes deliveries that are older than the log is kept. */
export class DeliveryRetention {
  private isStopped = false;

  constructor(
    private readonly deliveries: WebhookDeliveryStore,
    private readonly clock: Clock,
    private readonly days: number,
  ) {}

  /**
   * Removes, in batches, deliveries that are older than the log is kept, and those of deleted
   * endpoints. What waits at an enabled endpoint stays.
   * @returns how many were removed
   */
  async prune(): Promise<number> {
    const keptFrom = new Date(this.clock().getTime() - this.days * DAY_MS);
    let total = 0;
    for (const endpointId of await this.deliveries.deletedEndpoints()) {
      total += await this.inBatches(() => this.deliveries.remove(endpointId, BATCH), BATCH);
    }
    // Deliveries that stay remain among the oldest, so a batch need not be full.
    return total + (await this.inBatches(() => this.deliveries.prune(keptFrom, BATCH), 1));
  }

  /** Ends pruning after the batch in progress. */
  stop(): void {
    this.isStopped = true;
  }

  /** Repeats a removal for as long as it removes at least this many. */
  private async inBatches(remove: () => Promise<number>, atLeast: number): Promise<number> {
    let total = 0;
    while (!this.isStopped) {
      const removed = await remove();
      total += removed;
      if (removed < atLeast) break;
    }
    return total;
  }
}
