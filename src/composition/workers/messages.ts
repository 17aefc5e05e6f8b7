import type { MirrorState } from '../../domain/transfer/mirror.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { SubscriptionRefusal } from '../../graphql/subscriptions/subscription-limits.js';
import type { ProcessMetrics } from '../../metrics/processes.js';

/** Who opens a subscription, for its limits. */
export type Subscriber = Pick<Principal, 'accountId' | 'actor'>;

/** What a worker sends to its primary. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'metrics'; readonly id: number; readonly metrics: ProcessMetrics }
  | { readonly kind: 'subscribe'; readonly id: number; readonly subscriber: Subscriber }
  | { readonly kind: 'unsubscribe'; readonly id: number }
  /** how up to date a mirror is that this worker copies */
  | { readonly kind: 'mirrored'; readonly state: MirrorState }
  /** the upstream of that name has something that is to be copied at once */
  | { readonly kind: 'copy'; readonly name: string };

/** What the primary sends to a worker. */
export type PrimaryMessage =
  /** from now on this worker does what one worker at a time does */
  | { readonly kind: 'lead' }
  | { readonly kind: 'measure'; readonly id: number }
  | {
      readonly kind: 'subscribed';
      readonly id: number;
      readonly refusal: SubscriptionRefusal | undefined;
    }
  | { readonly kind: 'mirrored'; readonly state: MirrorState }
  | { readonly kind: 'copy'; readonly name: string };
