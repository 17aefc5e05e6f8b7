import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { systemClock, type Clock } from '../domain/shared/clock.js';
import type { PingObserver } from '../domain/pings/pings.js';
import { WebhookDeliveries } from '../domain/webhooks/deliveries.js';
import { DeliveryRetention } from '../domain/webhooks/retention.js';
import { DeliveryQueue } from '../domain/webhooks/delivery-queue.js';
import { WebhookEndpoints } from '../domain/webhooks/endpoints.js';
import type { Database } from '../storage/postgres/database.js';
import { PingStore } from '../storage/pings/ping-store.js';
import { SensorStore } from '../storage/sensors/sensor-store.js';
import { WebhookDeliveryStore } from '../storage/webhooks/delivery-store.js';
import { WebhookEndpointStore } from '../storage/webhooks/endpoint-store.js';
import { DeliveryQueueStore } from '../storage/webhooks/queue-store.js';
import { WebhookWorkerStore } from '../storage/webhooks/worker-store.js';
import { guardedConnector, openConnector } from '../webhooks/guarded-connector.js';
import { Housekeeping } from '../webhooks/housekeeping.js';
import { resolveWith } from '../webhooks/resolve.js';
import { WebhookWorker } from '../webhooks/worker.js';

export interface WebhookOptions {
  readonly webhookAllowPrivateNetwork: boolean;
  readonly webhookAllowHttp: boolean;
  readonly webhookLogDays: number;
  /** hears of what goes wrong in the background, where it is tried again */
  readonly onError: (error: unknown) => void;
  /** for tests */
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly lookup?: LookupFunction;
  readonly attemptMs?: number;
}

/** Everything of webhooks over one database. */
export type WebhookDomain = ReturnType<typeof createWebhooks>;

export function createWebhooks(database: Database, options: WebhookOptions) {
  const { webhookAllowPrivateNetwork: allowPrivateNetwork, webhookAllowHttp, onError } = options;
  const { clock = systemClock, random = Math.random, lookup = dns.lookup, attemptMs } = options;
  const endpoints = new WebhookEndpointStore(database);
  const deliveries = new WebhookDeliveryStore(database);
  const sensors = new SensorStore(database);
  const pings = new PingStore(database);
  const worker = new WebhookWorker({
    queue: new DeliveryQueue({ store: new DeliveryQueueStore(database), clock, random }),
    workers: new WebhookWorkerStore(database),
    connector: allowPrivateNetwork ? openConnector(lookup) : guardedConnector(lookup),
    clock,
    onError,
    ...(attemptMs !== undefined && { attemptMs }),
  });
  const webhooks = new WebhookEndpoints({
    endpoints,
    sensors,
    clock,
    policy: { allowPrivateNetwork, allowHttp: webhookAllowHttp },
    resolve: resolveWith(lookup),
    onChanged: (accountId) => worker.tell(accountId),
  });
  const log = new DeliveryRetention(deliveries, clock, options.webhookLogDays);
  return {
    webhooks,
    webhookDeliveries: new WebhookDeliveries({
      deliveries,
      endpoints,
      webhooks,
      sensors,
      pings,
      clock,
      onQueued: (accountId) => worker.wake(accountId),
    }),
    webhookLog: log,
    webhookWorker: worker,
    /** what wakes the worker where there is something to deliver */
    observer: {
      recorded: (accountId, pings, corrections) => {
        if (pings.length + corrections.length > 0) worker.wake(accountId);
      },
      deleted: (accountId) => worker.wake(accountId),
    } satisfies PingObserver,
    webhookHousekeeping: new Housekeeping({ pool: database.pool, log, onError }),
  };
}
