import { LRUCache } from 'lru-cache';
import { systemStopwatch, type Stopwatch } from '../shared/clock.js';
import { RateLimitedError } from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';
import { MinuteCount, SLOT_MS } from './minute-count.js';
import { QuotaLease, type SharedQuota } from './quota-lease.js';

const MAX_CREDENTIALS = 10_000;

export interface RequestLimiterOptions {
  readonly stopwatch?: Stopwatch;
  /** where other instances may run on the same database; `name` distinguishes what is limited */
  readonly shared?: { readonly name: string; readonly quota: SharedQuota } | undefined;
}

/**
 * Limits the requests, or their costs, of one credential in a minute. An instance that runs alone
 * counts by the second of the clock, which costs next to nothing and slides: a request's place is
 * free again 60 of those seconds later. Several instances book parts of one limit in the database,
 * by the second too. The fixed windows of rate-limiter-flexible, which slows wrong passwords, would
 * let twice the limit pass where two of them meet.
 */
export class RequestLimiter {
  private readonly counts = new LRUCache<string, MinuteCount>({ max: MAX_CREDENTIALS });
  private readonly leases = new LRUCache<string, QuotaLease>({ max: MAX_CREDENTIALS });
  private readonly stopwatch: Stopwatch;

  /** @param perMinute requests, or costs; 0 = no limit */
  constructor(
    private readonly perMinute: number,
    private readonly options: RequestLimiterOptions = {},
  ) {
    this.stopwatch = options.stopwatch ?? systemStopwatch;
  }

  /**
   * Counts a request, or what it costs. One that is refused does not count.
   * @returns a promise only where the database must be asked first
   * @throws RateLimitedError with the whole seconds until one is free
   */
  take({ actor }: Principal, amount = 1): Promise<void> | undefined {
    if (this.perMinute === 0 || actor.kind === 'operator') return undefined;
    const key = `${actor.kind} ${actor.id}`;
    const { shared } = this.options;
    if (shared && !shared.quota.isAlone()) return this.leaseOf(key, shared).take(amount);
    let count = this.counts.get(key);
    if (!count) this.counts.set(key, (count = new MinuteCount()));
    const seconds = count.take(Math.floor(this.stopwatch() / SLOT_MS), this.perMinute, amount);
    if (seconds > 0) throw new RateLimitedError(seconds);
    return undefined;
  }

  private leaseOf(key: string, { name, quota }: { name: string; quota: SharedQuota }): QuotaLease {
    let lease = this.leases.get(key);
    if (!lease) {
      lease = new QuotaLease(`${name} ${key}`, this.perMinute, quota, this.stopwatch);
      this.leases.set(key, lease);
    }
    return lease;
  }
}
