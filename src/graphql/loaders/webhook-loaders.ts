import type { Principal } from '../../domain/shared/principal.js';
import type { Window } from '../../domain/shared/windows.js';
import type {
  DeliveryFilter,
  DeliveryWindow,
  EventsAfter,
  WebhookDeliveries,
  WebhookDelivery,
} from '../../domain/webhooks/deliveries.js';
import type { WebhookEndpoint, WebhookEndpoints } from '../../domain/webhooks/endpoints.js';
import { BatchLoaders, type WhenWhole } from './batch-loaders.js';

/** What fields read of one endpoint, loaded for all endpoints of the operation together. */
export class WebhookLoaders {
  private readonly batches: BatchLoaders;

  constructor(
    private readonly principal: Principal,
    private readonly deps: {
      readonly webhooks: WebhookEndpoints;
      readonly webhookDeliveries: WebhookDeliveries;
    },
    whenWhole: WhenWhole,
  ) {
    this.batches = new BatchLoaders(whenWhole);
  }

  /** Undefined where the account has no such endpoint. */
  endpoint(id: number): Promise<WebhookEndpoint | undefined> {
    return this.batches.load(['endpoint'], id, (ids) =>
      this.deps.webhooks.find(this.principal, ids),
    );
  }

  /** The secret of an endpoint; that it is read is logged. */
  async secret(id: number): Promise<string | null> {
    const found = await this.batches.load(['secret'], id, (ids) =>
      this.deps.webhooks.reveal(this.principal, ids),
    );
    return found ?? null;
  }

  /** The ids of endpoints with the same URL that receive some of the same events. */
  async duplicates(id: number): Promise<readonly number[]> {
    const found = await this.batches.load(['duplicates'], id, (ids) =>
      this.deps.webhooks.duplicates(this.principal, ids),
    );
    return found ?? [];
  }

  async deliveries(endpointId: number, window: DeliveryWindow): Promise<Window<WebhookDelivery>> {
    const found = await this.batches.load(['deliveries', window], endpointId, (ids) =>
      this.deps.webhookDeliveries.windows(this.principal, ids, window),
    );
    return found ?? { items: [], more: false };
  }

  async deliveryCount(endpointId: number, filter: DeliveryFilter): Promise<number> {
    const count = await this.batches.load(['deliveryCount', filter], endpointId, (ids) =>
      this.deps.webhookDeliveries.counts(this.principal, ids, filter),
    );
    return count ?? 0;
  }

  eventsAfter(
    endpointId: number,
    sequence: number,
    take: number,
  ): Promise<EventsAfter | undefined> {
    return this.batches.load(['eventsAfter', sequence, take], endpointId, (ids) =>
      this.deps.webhookDeliveries.after(this.principal, ids, sequence, take),
    );
  }

  /** To be called before something is changed: later fields read it again. */
  forget(): void {
    this.batches.clear();
  }
}
