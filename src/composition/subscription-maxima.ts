import type { Config } from '../config.js';
import type { SubscriptionMaxima } from '../graphql/subscriptions/subscription-limits.js';

export function maxSubscriptions(
  config: Pick<Config, 'subscriptionLimit' | 'accountSubscriptionLimit'>,
): SubscriptionMaxima {
  return { perCredential: config.subscriptionLimit, perAccount: config.accountSubscriptionLimit };
}
