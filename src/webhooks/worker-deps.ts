import type { buildConnector } from 'undici';
import type { Clock } from '../domain/shared/clock.js';
import type { DeliveryQueue } from '../domain/webhooks/delivery-queue.js';
import type { WebhookWorkerStore } from '../storage/webhooks/worker-store.js';

export interface WebhookWorkerDeps {
  readonly queue: DeliveryQueue;
  readonly workers: WebhookWorkerStore;
  readonly connector: buildConnector.connector;
  readonly clock: Clock;
  /** called with background failures, which are retried */
  readonly onError: (error: unknown) => void;
  /** how long one attempt may take */
  readonly attemptTimeoutMs?: number;
  readonly pollIntervalMs?: number;
}
