import { LRUCache } from 'lru-cache';
import { systemClock, systemStopwatch, type Clock, type Stopwatch } from '../shared/clock.js';
import { UnavailableError } from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';

/** What a lookup in the database found of a credential that is valid. */
export interface LookupResult {
  readonly principal: Principal;
  /** the instant from which the credential is no longer valid; null if it does not expire */
  readonly expiresAt: Date | null;
  /** looks the credential up again, without its secret */
  readonly refresh: Lookup;
  /**
   * what the credential depends on where it is itself replaced now and then, as a session's cookie
   * is
   */
  readonly renewal?: Renewal;
}

/** How the principal of something that stays open is looked up again. */
interface Renewal {
  readonly key: string;
  readonly lookup: Lookup;
}

/** Asks the database; undefined where the credential is not valid. */
export type Lookup = () => Promise<LookupResult | undefined>;

interface CachedCredential extends LookupResult {
  /** by the stopwatch, when the lookup began that found it */
  readonly began: number;
  /** of the cache, when that lookup began */
  readonly epoch: number;
}

/** A credential is good only while its last successful lookup *began* less than this ago. */
export const GOOD_FOR_MS = 1000;
// A credential in use is looked up again before that, while requests go on.
const REFRESH_AFTER_MS = 500;
const MAX_CACHED = 10_000;
const MAX_LOOKUPS = 3;
const RETRY_AFTER_SECONDS = 1;

/**
 * Remembers for less than a second who a credential belongs to, so that few requests wait for the
 * database.
 *
 * lru-cache's own `fetch` does not fit: an entry has one age there, counted from the end of its
 * lookup, and here there are two (refresh, refuse), counted from its beginning, and lookups that
 * began before access was taken away.
 */
export class CredentialCache {
  private readonly cached = new LRUCache<string, CachedCredential>({ max: MAX_CACHED });
  private readonly lookups = new Map<string, Promise<LookupResult | undefined>>();
  private readonly renewals = new WeakMap<Principal, Renewal>();
  private epoch = 0;

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly stopwatch: Stopwatch = systemStopwatch,
  ) {}

  /**
   * The principal of a credential, or undefined where it is not valid.
   * @param key identifies the credential without revealing its secret
   * @param first the lookup to do where nothing is cached
   * @throws DatabaseUnavailableError where the database must be asked and is away; UnavailableError
   * where it takes too long
   */
  async find(key: string, first: Lookup): Promise<Principal | undefined> {
    // A lookup that took a second is too old when it ends: then it is repeated.
    for (let lookups = 0; lookups < MAX_LOOKUPS; lookups++) {
      const cached = this.cached.get(key);
      if (cached && this.isGood(cached)) return this.use(key, cached);
      const found = await this.lookUp(key, cached?.refresh ?? first);
      // What the cached result depended on has changed, e.g. the password: the credential itself
      // may be valid.
      if (!found && cached) continue;
      if (!found) return undefined;
    }
    throw new UnavailableError(RETRY_AFTER_SECONDS);
  }

  /**
   * Validates a principal returned by `find` again; any other, e.g. the operator, is returned
   * unchanged.
   */
  async renew(principal: Principal): Promise<Principal | undefined> {
    const renewal = this.renewals.get(principal);
    return renewal ? this.find(renewal.key, renewal.lookup) : principal;
  }

  /** The same, asking the database in any case. */
  async refresh(principal: Principal): Promise<Principal | undefined> {
    const renewal = this.renewals.get(principal);
    if (!renewal) return principal;
    return (await this.lookUp(renewal.key, renewal.lookup))?.principal;
  }

  /**
   * Equal for principals that are renewed by the same lookup; undefined of one that `find` did not
   * return.
   */
  renewalKey(principal: Principal): string | undefined {
    return this.renewals.get(principal)?.key;
  }

  /**
   * Access was taken away from someone: the results of lookups that began before now do not count.
   */
  invalidate(): void {
    this.epoch += 1;
  }

  private isGood({ began, epoch }: CachedCredential): boolean {
    return epoch === this.epoch && this.stopwatch() - began < GOOD_FOR_MS;
  }

  private use(key: string, cached: CachedCredential): Principal | undefined {
    if (cached.expiresAt && cached.expiresAt <= this.clock()) {
      this.cached.delete(key);
      return undefined;
    }
    if (this.stopwatch() - cached.began >= REFRESH_AFTER_MS && !this.lookups.has(key)) {
      // Where it fails, the first request that needs the result asks again and gets the error.
      this.lookUp(key, cached.refresh).catch(() => undefined);
    }
    return cached.principal;
  }

  /** One lookup at a time for each credential. */
  private lookUp(key: string, lookup: Lookup): Promise<LookupResult | undefined> {
    const running = this.lookups.get(key);
    if (running) return running;
    const started = this.lookUpNow(key, lookup).finally(() => this.lookups.delete(key));
    this.lookups.set(key, started);
    return started;
  }

  private async lookUpNow(key: string, lookup: Lookup): Promise<LookupResult | undefined> {
    const began = this.stopwatch();
    const { epoch } = this;
    const found = await lookup();
    if (!found) {
      this.cached.delete(key);
      return undefined;
    }
    this.cached.set(key, { ...found, began, epoch });
    this.renewals.set(found.principal, found.renewal ?? { key, lookup: found.refresh });
    return found;
  }
}
