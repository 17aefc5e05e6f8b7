import type { EndpointSender } from './endpoint-sender.js';
import type { EndpointSenders } from './endpoint-senders.js';

/** Deliveries that a transaction which records pings may claim, so that it takes hardly longer. */
const MAX_CLAIMED = 200;

/**
 * What a transaction that records pings may claim of their deliveries: the most for each sender.
 *
 * @param pings how many of each account
 * @param isAwaited of senders for which something else may wait in the queue, which goes first
 */
export function claimLimits(
  senders: EndpointSenders,
  pings: ReadonlyMap<number, number>,
  isAwaited: (sender: EndpointSender) => boolean,
): ReadonlyMap<EndpointSender, number> {
  const limits = new Map<EndpointSender, number>();
  let total = 0;
  for (const [accountId, count] of pings) {
    // One more than are queued: where it is claimed too, others wait behind it.
    const limit = count + 1;
    for (const sender of senders.ofAccount(accountId)) {
      if (!sender.canTake(limit) || isAwaited(sender) || total + limit > MAX_CLAIMED) continue;
      limits.set(sender, limit);
      total += limit;
    }
  }
  return limits;
}

export function byEndpointId(limits: ReadonlyMap<EndpointSender, number>): Map<number, number> {
  return new Map([...limits].map(([{ endpoint }, limit]) => [endpoint.endpointId, limit]));
}
