import type { SensorStore } from '../../storage/sensors/sensor-store.js';
import type { PingStore } from '../../storage/pings/ping-store.js';
import type {
  DeliveryFilter,
  DeliveryRow,
  DeliveryWindow,
  TestEvent,
  WebhookDeliveryStore,
} from '../../storage/webhooks/delivery-store.js';
import type { WebhookEndpointStore } from '../../storage/webhooks/endpoint-store.js';
import type { Clock } from '../shared/clock.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import type { Ping } from '../pings/pings.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { windowsOf, type Window } from '../shared/windows.js';
import type { DeliveryBacklog } from './backlog.js';
import { webhookPayload } from './payload.js';
import type { AttemptRecord } from './delivery-queue.js';
import type { WebhookEndpoint, WebhookEndpoints } from './endpoints.js';

export type { DeliveryFilter, DeliveryWindow } from '../../storage/webhooks/delivery-store.js';

/** One attempt to send a delivery, and its outcome. */
export interface DeliveryAttempt extends Omit<AttemptRecord, 'at' | 'url'> {
  readonly attemptedAt: Date;
  /** as it was sent, without the headers that prove the sender */
  readonly request: string;
}

/** An event for one endpoint, and the attempts to deliver it. */
export interface WebhookDelivery {
  readonly id: string;
  readonly endpointId: number;
  readonly webhookId: string;
  readonly status: DeliveryRow['status'];
  readonly eventType: string;
  readonly isTest: boolean;
  /** null before it is first sent, and of a test */
  readonly sequence: string | null;
  readonly createdAt: Date;
  /**
   * not before a pause of the endpoint ends; null where no attempt follows, or the endpoint is
   * disabled
   */
  readonly nextAttemptAt: Date | null;
  readonly payload: string;
  /** oldest first */
  readonly attempts: readonly DeliveryAttempt[];
  /** the reading that it is about, null of a deletion or a test without one */
  readonly ping: Omit<Ping, 'recordedAt' | 'quality'> | null;
}

/** Events by number, for a receiver to compare with those that it received. */
export interface EventsAfter {
  readonly deliveries: readonly WebhookDelivery[];
  /** the last number that was assigned */
  readonly lastSequence: string;
  /** how many events have no number yet */
  readonly unnumbered: number;
}

export interface WebhookDeliveriesDeps {
  readonly deliveries: WebhookDeliveryStore;
  readonly endpoints: WebhookEndpointStore;
  readonly webhooks: WebhookEndpoints;
  readonly sensors: SensorStore;
  readonly pings: PingStore;
  readonly backlog: Pick<DeliveryBacklog, 'queue'>;
  readonly clock: Clock;
  /** called with the account that has something to deliver */
  readonly onQueued: (accountId: number) => void;
}

const MAX_ID = 2n ** 63n - 1n;
const NO_SENSOR = { id: 0, name: 'Test sensor' };

/** The deliveries to an account's endpoints. Reading needs READ, all else ADMIN. */
export class WebhookDeliveries {
  constructor(private readonly deps: WebhookDeliveriesDeps) {}

  /** A page of each endpoint's deliveries, newest first, and whether more follow it. */
  async windows(
    principal: Principal,
    endpointIds: readonly number[],
    window: DeliveryWindow,
  ): Promise<Map<number, Window<WebhookDelivery>>> {
    requireScope(principal, 'READ');
    const rows = await this.deps.deliveries.window(principal, endpointIds, {
      ...window,
      take: window.take + 1,
    });
    return windowsOf(endpointIds, rows, window, (row) => row.endpoint_id, deliveryOf);
  }

  async counts(
    principal: Principal,
    endpointIds: readonly number[],
    filter: DeliveryFilter,
  ): Promise<Map<number, number>> {
    requireScope(principal, 'READ');
    const rows = await this.deps.deliveries.counts(principal, endpointIds, filter);
    return new Map(rows.map(({ endpoint_id, count }) => [endpoint_id, count]));
  }

  /** @returns undefined where the account has no such delivery */
  async find(principal: Principal, id: string): Promise<WebhookDelivery | undefined> {
    requireScope(principal, 'READ');
    if (!isDeliveryId(id)) return undefined;
    const [row] = await this.deps.deliveries.find(principal, [id]);
    return row && deliveryOf(row);
  }

  /**
   * For each endpoint that the account has, the events numbered after `sequence`, in order, and how
   * many have no number yet.
   * @throws InvalidInputError of `afterSequence`
   */
  async after(
    principal: Principal,
    endpointIds: readonly number[],
    sequence: number,
    take: number,
  ): Promise<Map<number, EventsAfter>> {
    requireScope(principal, 'READ');
    if (!(Number.isSafeInteger(sequence) && sequence >= 0)) {
      const message = `Must be a whole number from 0; got ${sequence}.`;
      throw InvalidInputError.of('afterSequence', message);
    }
    const { deliveries } = this.deps;
    // Read first, so that no event up to `lastSequence` is missing from what is read next.
    const numberings = await deliveries.numbering(principal, endpointIds);
    const found = new Map(
      numberings.map(({ endpoint_id, last_sequence: lastSequence, unnumbered }) => [
        endpoint_id,
        { deliveries: [] as WebhookDelivery[], lastSequence, unnumbered },
      ]),
    );
    for (const row of await deliveries.after(principal, endpointIds, String(sequence), take)) {
      found.get(row.endpoint_id)?.deliveries.push(deliveryOf(row));
    }
    return found;
  }

  /**
   * Queues a delivery of the documented body: the newest ping of the endpoint's first sensor, or a
   * made-up one.
   * @throws NotFoundError; ConflictError where the endpoint is disabled; RateLimitedError where too
   * many deliveries wait
   */
  async sendTest(principal: Principal, endpointId: number): Promise<WebhookDelivery> {
    requireScope(principal, 'ADMIN');
    const { deliveries, endpoints, webhooks, backlog } = this.deps;
    const endpoint = await webhooks.require(principal, endpointId);
    if (!endpoint.enabled) {
      throw new ConflictError('The webhook endpoint is disabled; enable it to send to it.');
    }
    const sample = await this.sample(principal, endpoint);
    let id = '';
    await backlog.queue(principal.accountId, async () => {
      id = await deliveries.queueTest(endpointId, sample);
      return 1;
    });
    await endpoints.unpause(endpointId);
    return this.queued(principal, id);
  }

  /**
   * Sends a delivery of any status again; one that waits is sent at once.
   * @throws NotFoundError; RateLimitedError where too many deliveries wait
   */
  async redeliver(principal: Principal, id: string): Promise<WebhookDelivery> {
    requireScope(principal, 'ADMIN');
    const delivery = await this.find(principal, id);
    if (!delivery) throw new NotFoundError();
    const { deliveries, backlog } = this.deps;
    if (delivery.status === 'PENDING') await deliveries.queueAgain(id);
    else {
      await backlog.queue(principal.accountId, async () => {
        await deliveries.queueAgain(id);
        return 1;
      });
    }
    await this.deps.endpoints.unpause(delivery.endpointId);
    return this.queued(principal, id);
  }

  /**
   * Sends all FAILED deliveries again that were queued at or after an instant.
   * @returns how many there are
   * @throws NotFoundError; RateLimitedError, with nothing queued, where too many would wait
   */
  async redeliverFailed(principal: Principal, endpointId: number, since: Date): Promise<number> {
    requireScope(principal, 'ADMIN');
    await this.deps.webhooks.require(principal, endpointId);
    const { deliveries, backlog } = this.deps;
    const count = await backlog.queue(principal.accountId, (room) =>
      deliveries.queueFailedAgain(endpointId, since, room),
    );
    await this.deps.endpoints.unpause(endpointId);
    this.deps.onQueued(principal.accountId);
    return count;
  }

  /**
   * Tries all that waits now, instead of when its next attempt is due, as after a repair.
   * @returns how many deliveries wait
   * @throws NotFoundError; ConflictError if the endpoint is disabled
   */
  async sendPending(principal: Principal, endpointId: number): Promise<number> {
    requireScope(principal, 'ADMIN');
    const { deliveries, endpoints, webhooks } = this.deps;
    const { enabled } = await webhooks.require(principal, endpointId);
    if (!enabled) {
      throw new ConflictError('The webhook endpoint is disabled; enable it to send to it.');
    }
    const count = await deliveries.queuePendingNow(endpointId);
    await endpoints.unpause(endpointId);
    this.deps.onQueued(principal.accountId);
    return count;
  }

  private async queued(principal: Principal, id: string): Promise<WebhookDelivery> {
    const delivery = await this.find(principal, id);
    if (!delivery) throw new NotFoundError();
    this.deps.onQueued(principal.accountId);
    return delivery;
  }

  private async sample(principal: Principal, { sensorIds }: WebhookEndpoint): Promise<TestEvent> {
    const { sensors, pings, clock } = this.deps;
    const [sensor = NO_SENSOR] = await sensors.window(principal, {
      filter: { ids: sensorIds ?? undefined },
      order: { field: 'ID', direction: 'ASC' },
      take: 1,
      from: 'first',
    });
    const of = { sensorId: sensor.id, sensorName: sensor.name };
    const [last] = await pings.last(principal, [sensor.id]);
    if (!last) return { ...of, pingId: null, datetime: clock(), flowrate: 0 };
    return { ...of, pingId: last.id, datetime: new Date(last.at), flowrate: last.flowrate };
  }
}

/** Whether a delivery can have that id. */
function isDeliveryId(id: string): boolean {
  return /^[1-9]\d{0,18}$/.test(id) && BigInt(id) <= MAX_ID;
}

function deliveryOf(row: DeliveryRow): WebhookDelivery {
  const { id, endpoint_id, webhook_id, status, event_type, is_test, sequence, ping_id } = row;
  const { created_at, next_attempt_at, attempts, sensor_id, at, flowrate } = row;
  return {
    id,
    endpointId: endpoint_id,
    webhookId: webhook_id,
    status,
    eventType: event_type,
    isTest: is_test,
    sequence,
    createdAt: new Date(created_at),
    nextAttemptAt: next_attempt_at === null ? null : new Date(next_attempt_at),
    payload: webhookPayload(row),
    attempts: (attempts as AttemptRecord[]).map((attempt) => attemptOf(row, attempt)),
    ping:
      ping_id === null
        ? null
        : {
            id: ping_id,
            sensorId: sensor_id,
            datetime: new Date(at ?? 0),
            flowrate: flowrate ?? 0,
          },
  };
}

function attemptOf(row: DeliveryRow, { at, url, ...rest }: AttemptRecord): DeliveryAttempt {
  const attemptedAt = new Date(at);
  const lines = [
    `POST ${url}`,
    'Content-Type: application/json',
    'FC-Signature: [redacted]',
    ...(row.sequence === null ? [] : [`FC-Sequence: ${row.sequence}`]),
    ...(row.is_test ? ['FC-Test: true'] : []),
    `webhook-id: ${row.webhook_id}`,
    `webhook-timestamp: ${Math.floor(attemptedAt.getTime() / 1000)}`,
    'webhook-signature: [redacted]',
    '',
    webhookPayload(row),
  ];
  return { ...rest, attemptedAt, request: lines.join('\n') };
}
