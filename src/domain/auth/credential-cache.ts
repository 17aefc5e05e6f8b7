import { LRUCache } from 'lru-cache';
import { systemClock, systemStopwatch, type Clock, type Stopwatch } from '../shared/clock.js';
import { UnavailableError } from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';

/** What a look at the database found of a credential that holds. */
export interface LookupResult {
  readonly principal: Principal;
  /** from which instant on it does not hold; null where it does not expire */
  readonly expiresAt: Date | null;
  /** looks again without the secret */
  readonly refresh: Lookup;
  /** what stands behind it where the credential itself is changed now and then, as a session's cookie is */
  readonly renewal?: { readonly key: string; readonly look: Lookup };
}

/** Asks the database; undefined where the credential does not hold. */
export type Lookup = () => Promise<LookupResult | undefined>;

interface CachedCredential extends LookupResult {
  /** by the stopwatch, when the look that it rests on began */
  readonly began: number;
  /** of the cache, when that look began */
  readonly epoch: number;
}

/** A credential is good only while the last successful look *began* under this many milliseconds ago. */
export const GOOD_FOR_MS = 1000;
// A credential in use is looked at again before that, while requests go on.
const REFRESH_AFTER_MS = 500;
const MAX_HELD = 10_000;
const MAX_LOOKS = 3;
const RETRY_AFTER_SECONDS = 1;

/** Remembers who a credential is for under a second, so that few requests wait for the database. */
export class CredentialCache {
  private readonly held = new LRUCache<string, CachedCredential>({ max: MAX_HELD });
  private readonly looks = new Map<string, Promise<LookupResult | undefined>>();
  private readonly standings = new WeakMap<Principal, { key: string; look: Lookup }>();
  private epoch = 0;

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly stopwatch: Stopwatch = systemStopwatch,
  ) {}

  /**
   * Whose the credential is, or undefined where it does not hold.
   * @param key tells credentials apart without telling the secret
   * @param first looks where nothing is remembered
   * @throws DatabaseAwayError where the database must be asked and cannot; UnavailableError where it takes too long
   */
  async find(key: string, first: Lookup): Promise<Principal | undefined> {
    // A look that took a second is too old when it ends: then once more.
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      const held = this.held.get(key);
      if (held && this.isGood(held)) return this.use(key, held);
      const found = await this.look(key, held?.refresh ?? first);
      // What it rested on changed, e.g. the password: it may hold anew.
      if (!found && held) continue;
      if (!found) return undefined;
    }
    throw new UnavailableError(RETRY_AFTER_SECONDS);
  }

  /** The same, of whom `find` gave; as they are now. A principal that it did not give, e.g. the operator, stands. */
  async renew(principal: Principal): Promise<Principal | undefined> {
    const renewal = this.standings.get(principal);
    return renewal ? this.find(renewal.key, renewal.look) : principal;
  }

  /** Asks the database in any case. */
  async lookAt(principal: Principal): Promise<Principal | undefined> {
    const renewal = this.standings.get(principal);
    if (!renewal) return principal;
    return (await this.look(renewal.key, renewal.look))?.principal;
  }

  /** What stands behind a principal; undefined where `find` did not give it. */
  standingOf(principal: Principal): string | undefined {
    return this.standings.get(principal)?.key;
  }

  /** Access was taken away from someone: every look that began before now counts no more. */
  invalidate(): void {
    this.epoch += 1;
  }

  private isGood({ began, epoch }: CachedCredential): boolean {
    return epoch === this.epoch && this.stopwatch() - began < GOOD_FOR_MS;
  }

  private use(key: string, held: CachedCredential): Principal | undefined {
    if (held.expiresAt && held.expiresAt <= this.clock()) {
      this.held.delete(key);
      return undefined;
    }
    if (this.stopwatch() - held.began >= REFRESH_AFTER_MS && !this.looks.has(key)) {
      // Whoever needs the answer asks again, and is told what went wrong.
      this.look(key, held.refresh).catch(() => undefined);
    }
    return held.principal;
  }

  /** One look at a time for each credential. */
  private look(key: string, look: Lookup): Promise<LookupResult | undefined> {
    const running = this.looks.get(key);
    if (running) return running;
    const started = this.lookNow(key, look).finally(() => this.looks.delete(key));
    this.looks.set(key, started);
    return started;
  }

  private async lookNow(key: string, look: Lookup): Promise<LookupResult | undefined> {
    const began = this.stopwatch();
    const { epoch } = this;
    const found = await look();
    if (!found) {
      this.held.delete(key);
      return undefined;
    }
    this.held.set(key, { ...found, began, epoch });
    this.standings.set(found.principal, found.renewal ?? { key, look: found.refresh });
    return found;
  }
}
