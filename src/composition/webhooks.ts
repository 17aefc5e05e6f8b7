import type { LookupFunction } from 'node:net';
import type { PingObserver } from '../domain/pings/pings.js';
import type { Clock } from '../domain/shared/clock.js';
import { DeliveryBacklog } from '../domain/webhooks/backlog.js';
import { WebhookDeliveries } from '../domain/webhooks/deliveries.js';
import { DeliveryQueue } from '../domain/webhooks/delivery-queue.js';
import { WebhookEndpoints } from '../domain/webhooks/endpoints.js';
import { DeliveryRetention } from '../domain/webhooks/retention.js';
import type { PingStore } from '../storage/pings/ping-store.js';
import type { Database } from '../storage/postgres/database.js';
import { tryExclusively } from '../storage/postgres/try-exclusively.js';
import type { SensorStore } from '../storage/sensors/sensor-store.js';
import { BacklogStore } from '../storage/webhooks/backlog-store.js';
import { WebhookDeliveryStore } from '../storage/webhooks/delivery-store.js';
import { WebhookEndpointStore } from '../storage/webhooks/endpoint-store.js';
import { WebhookOutbox } from '../storage/webhooks/outbox.js';
import { DeliveryQueueStore } from '../storage/webhooks/queue-store.js';
import { WebhookWorkerStore } from '../storage/webhooks/worker-store.js';
import { guardedConnector, openConnector } from '../webhooks/guarded-connector.js';
import { PeriodicWork } from '../webhooks/periodic-work.js';
import { resolveWith } from '../webhooks/resolve.js';
import { WebhookWorker } from '../webhooks/worker.js';

const PRUNE_INTERVAL_MS = 10 * 60_000;

interface WebhookOptions {
  readonly webhookAllowPrivateNetwork: boolean;
  readonly webhookAllowHttp: boolean;
  readonly webhookLogDays: number;
  readonly webhookMaxWaiting: number;
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly lookup: LookupFunction;
  readonly attemptTimeoutMs?: number | undefined;
  readonly pollIntervalMs?: number | undefined;
  readonly pruneIntervalMs?: number | undefined;
  readonly sensors: SensorStore;
  readonly pings: PingStore;
}

/** The part of the domain that keeps and delivers webhooks. */
export function createWebhooks(database: Database, options: WebhookOptions) {
  const { webhookAllowPrivateNetwork: allowPrivateNetwork, webhookAllowHttp: allowHttp } = options;
  const { onError, clock, random, lookup, sensors, pings } = options;
  const { attemptTimeoutMs, pollIntervalMs, pruneIntervalMs } = options;
  const endpoints = new WebhookEndpointStore(database);
  const deliveries = new WebhookDeliveryStore(database);
  const webhookWorker = new WebhookWorker({
    queue: new DeliveryQueue({ store: new DeliveryQueueStore(database), clock, random }),
    workers: new WebhookWorkerStore(database),
    connector: allowPrivateNetwork ? openConnector(lookup) : guardedConnector(lookup),
    clock,
    onError,
    ...(attemptTimeoutMs !== undefined && { attemptTimeoutMs }),
    ...(pollIntervalMs !== undefined && { pollIntervalMs }),
  });
  const backlog = new DeliveryBacklog(new BacklogStore(database), options.webhookMaxWaiting);
  const webhooks = new WebhookEndpoints({
    endpoints,
    sensors,
    clock,
    policy: { allowPrivateNetwork, allowHttp },
    resolve: resolveWith(lookup),
    onChanged: (accountId) => {
      backlog.endpointsChanged(accountId);
      webhookWorker.endpointsChanged(accountId);
    },
  });
  const webhookRetention = new DeliveryRetention(deliveries, clock, options.webhookLogDays);
  return {
    webhooks,
    webhookDeliveries: new WebhookDeliveries({
      deliveries,
      endpoints,
      webhooks,
      sensors,
      pings,
      backlog,
      clock,
      onQueued: (accountId) => webhookWorker.wake(accountId),
    }),
    backlog,
    webhookRetention,
    webhookWorker,
    outbox: new WebhookOutbox((counts) => webhookWorker.offer(counts)),
    webhookHousekeeping: new PeriodicWork({
      run: () => webhookRetention.prune(),
      stop: () => webhookRetention.stop(),
      exclusively: (work) => tryExclusively(database.sessions, 'flowgate.webhook_prune', work),
      onError,
      intervalMs: pruneIntervalMs ?? PRUNE_INTERVAL_MS,
    }),
    /** wakes the worker where there may be something to deliver */
    observer: {
      recorded: (accountId, pings, corrections, isAnnounced) => {
        if (!isAnnounced && pings.length + corrections.length > 0) webhookWorker.wake(accountId);
      },
      deleted: (accountId) => webhookWorker.wake(accountId),
    } satisfies PingObserver,
  };
}
