import type { buildConnector } from 'undici';
import type { Clock } from '../domain/shared/clock.js';
import type { WebhookQueue } from '../domain/webhooks/delivery-queue.js';
import type { WebhookWorkers } from '../storage/webhooks/worker-store.js';

/** What a worker works with. */
export interface WebhookWorkerParts {
  readonly queue: WebhookQueue;
  readonly workers: WebhookWorkers;
  readonly connector: buildConnector.connector;
  readonly clock: Clock;
  /** hears of what goes wrong here, which is tried again */
  readonly onFault: (error: unknown) => void;
  /** how long an attempt may take */
  readonly attemptMs?: number;
}
