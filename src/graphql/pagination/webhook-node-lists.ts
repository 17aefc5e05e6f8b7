import { isRecordId } from '../../domain/shared/record-id.js';
import type {
  DeliveryFilter,
  DeliveryWindow,
  WebhookDelivery,
} from '../../domain/webhooks/deliveries.js';
import type { WebhookEndpoint } from '../../domain/webhooks/endpoints.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from '../execution/context.js';
import { readCursor, readIdCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';

const ENDPOINT = 'webhook endpoint';
const DELIVERY = 'webhook delivery';

/** The account's endpoints, by id. */
export class EndpointNodeList implements NodeList<WebhookEndpoint, number> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<number>,
  ) {}

  readonly page = lazy(async () => {
    const { principal, services } = this.context;
    const { endpoints, more } = await services.webhooks.window(principal, this.request);
    return { nodes: endpoints, more };
  });

  async reaches(side: 'before' | 'after', position: number): Promise<boolean> {
    const { principal, services } = this.context;
    // Ids are integers: at or beyond one is beyond its neighbour.
    const neighbour = side === 'after' ? position - 1 : position + 1;
    const { endpoints } = await services.webhooks.window(principal, {
      [side]: neighbour,
      take: 1,
      from: 'first',
    });
    return endpoints.length > 0;
  }

  cursorOf({ id }: WebhookEndpoint): string {
    return writeCursor(ENDPOINT, id);
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.webhooks.count(principal);
  }
}

/** One endpoint's deliveries that a filter selects, newest first. */
export class DeliveryNodeList implements NodeList<WebhookDelivery, string> {
  constructor(
    private readonly context: GraphQLContext,
    private readonly endpointId: number,
    readonly request: PageRequest<string>,
    private readonly filter: DeliveryFilter,
  ) {}

  readonly page = lazy(async () => {
    const { items, more } = await this.window(this.request);
    return { nodes: items, more };
  });

  async reaches(side: 'before' | 'after', position: string): Promise<boolean> {
    const older = side === 'after';
    const neighbour = String(BigInt(position) + (older ? 1n : -1n));
    const { items } = await this.window({ [side]: neighbour, take: 1, from: 'first' });
    return items.length > 0;
  }

  cursorOf({ id }: WebhookDelivery): string {
    return writeCursor(DELIVERY, id);
  }

  count(): Promise<number> {
    return this.context.webhookLoaders.deliveryCount(this.endpointId, this.filter);
  }

  private window(place: Omit<DeliveryWindow, 'filter'>) {
    return this.context.webhookLoaders.deliveries(this.endpointId, {
      ...place,
      filter: this.filter,
    });
  }
}

/** The id of a cursor of endpoints; undefined where it is not one. */
export function endpointPosition(cursor: string): number | undefined {
  const [id] = readCursor(ENDPOINT, cursor) ?? [];
  return typeof id === 'number' && isRecordId(id) ? id : undefined;
}

/** The id of a cursor of deliveries; undefined where it is not one. */
export function deliveryPosition(cursor: string): string | undefined {
  return readIdCursor(DELIVERY, cursor);
}
