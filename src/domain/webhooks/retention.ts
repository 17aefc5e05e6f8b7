import type { WebhookDeliveryStore } from '../../storage/webhooks/delivery-store.js';
import type { Clock } from '../shared/clock.js';

const DAY_MS = 24 * 3_600_000;
// Small enough that no statement holds up a delivery for long.
const BATCH = 2000;

/** How long deliveries are kept. */
export class DeliveryRetention {
  constructor(
    private readonly deliveries: WebhookDeliveryStore,
    private readonly clock: Clock,
    private readonly days: number,
  ) {}

  /**
   * Removes, in batches, deliveries that are older than the log is kept, and
   * those of endpoints that are gone. What waits at an enabled endpoint stays.
   * @returns how many
   */
  async prune(): Promise<number> {
    const keptFrom = new Date(this.clock().getTime() - this.days * DAY_MS);
    let total = 0;
    for (const endpointId of await this.deliveries.goneEndpoints()) {
      total += await inBatches(() => this.deliveries.remove(endpointId, BATCH), BATCH);
    }
    // Those that stay are among the oldest for good, so a batch need not be full.
    return total + (await inBatches(() => this.deliveries.prune(keptFrom, BATCH), 1));
  }
}

/** Repeats a removal for as long as it removes at least so many. */
async function inBatches(remove: () => Promise<number>, atLeast: number): Promise<number> {
  let total = 0;
  for (;;) {
    const removed = await remove();
    total += removed;
    if (removed < atLeast) return total;
  }
}
