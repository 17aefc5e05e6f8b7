import type { EndpointSnapshot } from '../domain/webhooks/delivery-queue.js';
import type { EndpointSender } from './endpoint-sender.js';

/** The senders of all enabled endpoints. */
export class EndpointSenders {
  private readonly byEndpoint = new Map<number, EndpointSender>();
  private readonly byAccount = new Map<number, Set<EndpointSender>>();

  constructor(private readonly create: (endpoint: EndpointSnapshot) => EndpointSender) {}

  get(endpointId: number): EndpointSender | undefined {
    return this.byEndpoint.get(endpointId);
  }

  ofAccount(accountId: number): Iterable<EndpointSender> {
    return this.byAccount.get(accountId) ?? [];
  }

  all(): Iterable<EndpointSender> {
    return this.byEndpoint.values();
  }

  /**
   * Updates the senders of these endpoints, and creates those that are missing.
   * @returns the senders of endpoints that are no longer among them
   */
  update(endpoints: readonly EndpointSnapshot[]): EndpointSender[] {
    const enabled = new Set(endpoints.map(({ endpointId }) => endpointId));
    const gone = [...this.all()].filter(({ endpoint }) => !enabled.has(endpoint.endpointId));
    gone.forEach((sender) => this.remove(sender));
    for (const endpoint of endpoints) {
      const sender = this.get(endpoint.endpointId);
      if (sender) sender.update(endpoint);
      else this.add(this.create(endpoint));
    }
    return gone;
  }

  private add(sender: EndpointSender): void {
    const { endpointId, accountId } = sender.endpoint;
    this.byEndpoint.set(endpointId, sender);
    const siblings = this.byAccount.get(accountId);
    if (siblings) siblings.add(sender);
    else this.byAccount.set(accountId, new Set([sender]));
  }

  private remove(sender: EndpointSender): void {
    const { endpointId, accountId } = sender.endpoint;
    this.byEndpoint.delete(endpointId);
    const siblings = this.byAccount.get(accountId);
    siblings?.delete(sender);
    if (siblings?.size === 0) this.byAccount.delete(accountId);
  }
}
