import type { EndpointSnapshot } from '../domain/webhooks/delivery-queue.js';
import type { EndpointSender } from './endpoint-sender.js';

/** The lanes of all enabled endpoints. */
export class EndpointSenders {
  private readonly byEndpoint = new Map<number, EndpointSender>();
  private readonly byAccount = new Map<number, Set<EndpointSender>>();

  constructor(private readonly open: (target: EndpointSnapshot) => EndpointSender) {}

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
   * Has a lane for each of the targets, which go where those say now.
   * @returns the lanes that are no longer among them
   */
  retarget(targets: readonly EndpointSnapshot[]): EndpointSender[] {
    const enabled = new Set(targets.map(({ endpointId }) => endpointId));
    const gone = [...this.all()].filter(({ target }) => !enabled.has(target.endpointId));
    gone.forEach((lane) => this.remove(lane));
    for (const target of targets) {
      const lane = this.get(target.endpointId);
      if (lane) lane.retarget(target);
      else this.add(this.open(target));
    }
    return gone;
  }

  private add(lane: EndpointSender): void {
    const { endpointId, accountId } = lane.target;
    this.byEndpoint.set(endpointId, lane);
    const siblings = this.byAccount.get(accountId);
    if (siblings) siblings.add(lane);
    else this.byAccount.set(accountId, new Set([lane]));
  }

  private remove(lane: EndpointSender): void {
    const { endpointId, accountId } = lane.target;
    this.byEndpoint.delete(endpointId);
    const siblings = this.byAccount.get(accountId);
    siblings?.delete(lane);
    if (siblings?.size === 0) this.byAccount.delete(accountId);
  }
}
