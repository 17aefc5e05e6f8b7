import type { Principal } from '../../domain/shared/principal.js';
import type {
  DeliveryFilter,
  DeliveryWindow,
  EventsAfter,
  WebhookDeliveries,
  WebhookDelivery,
} from '../../domain/webhooks/deliveries.js';
import type { WebhookEndpoint, WebhookEndpoints } from '../../domain/webhooks/endpoints.js';
import { BatchLoaders } from './batch-loaders.js';

/** What fields ask of one endpoint, answered for all endpoints of the query that ask the same. */
export class WebhookLoaders {
  private readonly batches = new BatchLoaders();

  constructor(
    private readonly principal: Principal,
    private readonly parts: {
      readonly webhooks: WebhookEndpoints;
      readonly webhookDeliveries: WebhookDeliveries;
    },
  ) {}

  /** Undefined where the account has no such endpoint. */
  endpoint(id: number): Promise<WebhookEndpoint | undefined> {
    return this.batches.ofSensor(['endpoint'], id, (ids) =>
      this.parts.webhooks.find(this.principal, ids),
    );
  }

  async deliveries(
    endpointId: number,
    window: DeliveryWindow,
  ): Promise<{ deliveries: WebhookDelivery[]; more: boolean }> {
    const found = await this.batches.ofSensor(['deliveries', window], endpointId, (ids) =>
      this.parts.webhookDeliveries.windows(this.principal, ids, window),
    );
    return found ?? { deliveries: [], more: false };
  }

  async deliveryCount(endpointId: number, filter: DeliveryFilter): Promise<number> {
    const count = await this.batches.ofSensor(['deliveryCount', filter], endpointId, (ids) =>
      this.parts.webhookDeliveries.counts(this.principal, ids, filter),
    );
    return count ?? 0;
  }

  eventsAfter(
    endpointId: number,
    sequence: number,
    take: number,
  ): Promise<EventsAfter | undefined> {
    return this.batches.ofSensor(['eventsAfter', sequence, take], endpointId, (ids) =>
      this.parts.webhookDeliveries.after(this.principal, ids, sequence, take),
    );
  }

  /** To be called before something is changed: what is asked after it is read anew. */
  forget(): void {
    this.batches.clear();
  }
}
