import { Webhook } from 'standardwebhooks';
import type { ClaimedDelivery, EndpointSnapshot } from '../domain/webhooks/delivery-queue.js';

const signers = new WeakMap<EndpointSnapshot, readonly Webhook[]>();

/**
 * The headers of a delivery: the secret itself, as the documented contract requires; the headers of
 * Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md),
 * signed with each valid secret; and the event's number, or that it is a test.
 * @param at when the attempt is made
 */
export function deliveryHeaders(
  endpoint: EndpointSnapshot,
  {
    webhookId,
    sequence,
    isTest,
    body,
  }: Pick<ClaimedDelivery, 'webhookId' | 'sequence' | 'isTest' | 'body'>,
  at: Date,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Flowgate',
    'FC-Signature': endpoint.secrets[0],
    ...(sequence !== null && { 'FC-Sequence': sequence }),
    ...(isTest && { 'FC-Test': 'true' }),
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signersOf(endpoint)
      .map((signer) => signer.sign(webhookId, at, body))
      .join(' '),
  };
}

function signersOf(endpoint: EndpointSnapshot): readonly Webhook[] {
  let found = signers.get(endpoint);
  if (!found) {
    found = endpoint.secrets.map((secret) => new Webhook(secret));
    signers.set(endpoint, found);
  }
  return found;
}
