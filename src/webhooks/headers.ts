import { Webhook } from 'standardwebhooks';
import type { ClaimedDelivery, EndpointSnapshot } from '../domain/webhooks/delivery-queue.js';

const signers = new WeakMap<EndpointSnapshot, readonly Webhook[]>();

/**
 * What a delivery carries beside its body: the secret itself, as the documented
 * contract has it; the headers of Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), signed with each
 * secret that holds; and the event's number.
 * @param at when the attempt is made
 */
export function deliveryHeaders(
  target: EndpointSnapshot,
  { webhookId, sequence, body }: Pick<ClaimedDelivery, 'webhookId' | 'sequence' | 'body'>,
  at: Date,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Flowgate',
    'FC-Signature': target.secrets[0],
    'FC-Sequence': sequence,
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signersOf(target)
      .map((signer) => signer.sign(webhookId, at, body))
      .join(' '),
  };
}

function signersOf(target: EndpointSnapshot): readonly Webhook[] {
  let found = signers.get(target);
  if (!found) {
    found = target.secrets.map((secret) => new Webhook(secret));
    signers.set(target, found);
  }
  return found;
}
