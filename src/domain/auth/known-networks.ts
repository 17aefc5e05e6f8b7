import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KnownNetworkStore, NetworkHash } from '../../storage/accounts/known-network-store.js';
import type { UserCredential, UserStore } from '../../storage/accounts/user-store.js';
import { usernameError } from '../accounts/users.js';
import { systemClock, type Clock } from '../shared/clock.js';
import { DAY_MS } from '../shared/durations.js';

/** The networks that users signed in from. */
export interface NetworkMemory {
  /** Asks the database, so that it is only for a sign-in that would be refused otherwise. */
  recall(username: string, network: string): Promise<boolean>;
  /** To be called after each success; writes in the background, once a day for each. */
  remember(username: string, network: string): void;
  /** Resolves when all pending writes are done. */
  settled(): Promise<void>;
}

const KEPT_MS = 90 * DAY_MS;
const MAX_PER_USER = 50;
const MAX_REMEMBERED = 10_000;

/**
 * Remembers in the database the networks that users signed in from, for all instances and over
 * restarts. A network is stored as a hash whose key is the hash of the user's password: it cannot be
 * compared between users, and another password forgets all of them.
 */
export class KnownNetworks implements NetworkMemory {
  private readonly written = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: DAY_MS });
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly users: Pick<UserStore, 'findCredential'>,
    private readonly store: KnownNetworkStore,
    private readonly clock: Clock = systemClock,
  ) {}

  async recall(username: string, network: string): Promise<boolean> {
    const user = usernameError(username) ? null : await this.users.findCredential(username);
    return user !== null && this.store.has(user.id, hashOf(user, network), this.keptSince());
  }

  remember(username: string, network: string): void {
    const pair = JSON.stringify([username, network]);
    if (this.written.has(pair)) return;
    this.written.set(pair, true);
    const writing = this.write(username, network)
      // The next success is written then.
      .catch(() => void this.written.delete(pair))
      .finally(() => this.writing.delete(writing));
    this.writing.add(writing);
  }

  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }

  private async write(username: string, network: string): Promise<void> {
    const user = await this.users.findCredential(username);
    if (!user) return;
    const kept = { since: this.keptSince(), max: MAX_PER_USER };
    await this.store.add(user.id, hashOf(user, network), this.clock(), kept);
  }

  private keptSince(): Date {
    return new Date(this.clock().getTime() - KEPT_MS);
  }
}

/** For a throttle without a database. */
export const NO_MEMORY: NetworkMemory = {
  recall: () => Promise.resolve(false),
  remember: () => undefined,
  settled: () => Promise.resolve(),
};

function hashOf({ passwordHash }: UserCredential, network: string): NetworkHash {
  return createHmac('sha256', passwordHash).update(network).digest();
}
