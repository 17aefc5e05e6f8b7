import { RateLimitedError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';

const RETRY_AFTER_SECONDS = 10;

/** How many subscriptions may be open; 0 = no limit. */
export interface SubscriptionMaxima {
  readonly perCredential: number;
  readonly perAccount: number;
}

/** Which limit a subscription would exceed. */
export interface SubscriptionRefusal {
  readonly maximum: number;
  readonly owner: 'credential' | 'account';
}

/** What a subscription passes before it begins. */
export interface SubscriptionGate {
  /**
   * @returns to be called once when the subscription has ended
   * @throws TooManySubscriptionsError
   */
  take(subscriber: Pick<Principal, 'accountId' | 'actor'>): (() => void) | Promise<() => void>;
}

/** More subscriptions are open than a limit allows. */
export class TooManySubscriptionsError extends RateLimitedError {
  override readonly message: string;

  constructor(readonly refusal: SubscriptionRefusal) {
    super(RETRY_AFTER_SECONDS);
    const { maximum, owner } = refusal;
    this.message = `At most ${maximum} subscriptions may be open for one ${owner}. Close some, or share one among its readers.`;
  }
}

/** Counts the open subscriptions of each credential and each account. */
export class SubscriptionLimits implements SubscriptionGate {
  private readonly open = new Map<string, number>();

  constructor(private readonly maxima: SubscriptionMaxima) {}

  take({ accountId, actor }: Pick<Principal, 'accountId' | 'actor'>): () => void {
    const { perCredential, perAccount } = this.maxima;
    const account = `account ${accountId}`;
    const credential = actor.kind === 'operator' ? account : `${actor.kind} ${actor.id}`;
    this.require(credential, perCredential, 'credential');
    this.require(account, perAccount, 'account');
    const keys = [...new Set([credential, account])];
    for (const key of keys) this.add(key, 1);
    return () => {
      for (const key of keys) this.add(key, -1);
    };
  }

  private require(key: string, maximum: number, owner: SubscriptionRefusal['owner']): void {
    if (maximum > 0 && (this.open.get(key) ?? 0) >= maximum) {
      throw new TooManySubscriptionsError({ maximum, owner });
    }
  }

  private add(key: string, change: number): void {
    const count = (this.open.get(key) ?? 0) + change;
    if (count === 0) this.open.delete(key);
    else this.open.set(key, count);
  }
}
