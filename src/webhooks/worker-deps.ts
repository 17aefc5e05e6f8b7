import type { buildConnector } from 'undici';
import type { Clock } from '../domain/shared/clock.js';
import type { DeliveryQueue } from '../domain/webhooks/delivery-queue.js';
import type { WebhookWorkerStore } from '../storage/webhooks/worker-store.js';

/** What a worker works with. */
export interface WebhookWorkerDeps {
  readonly queue: DeliveryQueue;
  readonly workers: WebhookWorkerStore;
  readonly connector: buildConnector.connector;
  readonly clock: Clock;
  /** hears of what goes wrong here, which is tried again */
  readonly onError: (error: unknown) => void;
  /** how long an attempt may take */
  readonly attemptMs?: number;
}
