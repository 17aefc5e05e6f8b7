import { createHmac } from 'node:crypto';
import type { ClaimedDelivery, EndpointSnapshot } from '../domain/webhooks/delivery-queue.js';

const SECRET_PREFIX = /^whsec_/;

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
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = `${webhookId}.${timestamp}.${body}`;
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': 'Flowgate',
    'FC-Signature': endpoint.secrets[0],
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    'webhook-signature': endpoint.secrets.map((secret) => signature(secret, signed)).join(' '),
  };
  if (sequence !== null) headers['FC-Sequence'] = sequence;
  if (isTest) headers['FC-Test'] = 'true';
  return headers;
}

/** The library that receivers verify it with computes SHA-256 in JavaScript, which takes three times as long. */
function signature(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace(SECRET_PREFIX, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
