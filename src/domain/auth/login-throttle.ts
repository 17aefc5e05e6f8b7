import { LRUCache } from 'lru-cache';
import { FailureLimiter, type SharedFailures } from './failure-limiter.js';
import { NO_MEMORY, type NetworkMemory } from './known-networks.js';
import { RateLimitedError } from '../shared/errors.js';
import { networkOf, siteOf } from '../shared/client-network.js';
import { sha256 } from '../shared/secrets.js';

/**
 * Failures within `seconds` of the first one, after which the next ones are refused until those are
 * over.
 */
export interface LoginLimits {
  readonly perUsername: number;
  readonly passwordsPerAddress: number;
  readonly tokensPerAddress: number;
  /** of one user name from one network that it signed in from before */
  readonly perKnownNetwork: number;
  readonly seconds: number;
}

// An address may be an office behind one router. A token cannot be guessed: its limit is for a
// client that keeps using one that has expired or was revoked.
export const LOGIN_LIMITS: LoginLimits = {
  perUsername: 10,
  passwordsPerAddress: 50,
  tokensPerAddress: 50,
  perKnownNetwork: 300,
  seconds: 60,
};

// A site has many networks of IPv6, and its office no more people than another.
const NETWORKS_PER_SITE = 4;
const MAX_KNOWN = 10_000;
const RECALLS_PER_NETWORK = 10;

/**
 * Slows wrong passwords by user name and by address, wrong tokens by address. Instances on one
 * database count together.
 */
export class LoginThrottle {
  private readonly usernames: FailureLimiter;
  private readonly addresses: FailureLimiter;
  private readonly sites: FailureLimiter;
  private readonly tokenAddresses: FailureLimiter;
  /** passwords that are being verified or were wrong, by user name and network; on this instance */
  private readonly fromKnown: FailureLimiter;
  /** the wrong ones of them, on all instances */
  private readonly wrongFromKnown: FailureLimiter;
  /** networks that tried a user name while it was limited */
  private readonly exceptions: FailureLimiter;
  /** by network, how often it was looked up whether a user signed in from it before */
  private readonly recalls: FailureLimiter;
  /** user names with addresses that they signed in from */
  private readonly known = new LRUCache<string, true>({ max: MAX_KNOWN });
  private readonly verifying = new Map<string, Promise<unknown>>();

  constructor(
    limits: LoginLimits = LOGIN_LIMITS,
    private readonly memory: NetworkMemory = NO_MEMORY,
    sharing?: SharedFailures,
  ) {
    const { seconds } = limits;
    const shared = (name: string, points: number) =>
      new FailureLimiter({ name, points, seconds }, sharing);
    const own = (name: string, points: number) => new FailureLimiter({ name, points, seconds });
    this.usernames = shared('username', limits.perUsername);
    this.addresses = shared('address', limits.passwordsPerAddress);
    this.sites = shared('site', limits.passwordsPerAddress * NETWORKS_PER_SITE);
    this.tokenAddresses = shared('token', limits.tokensPerAddress);
    this.fromKnown = own('attempt', limits.perKnownNetwork);
    this.wrongFromKnown = shared('known', limits.perKnownNetwork);
    this.exceptions = shared('exception', 1);
    this.recalls = own('recall', RECALLS_PER_NETWORK);
  }

  /**
   * Lets a password be verified unless too many were wrong. A user from an address that succeeded
   * before is always let: only the answer to a wrong password is then that it was throttled.
   * @param credential identifies the password without containing it
   * @param verify gives undefined where the password is wrong
   * @throws RateLimitedError
   */
  async password<T>(
    { username, address, credential }: { username: string; address: string; credential: string },
    verify: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const network = networkOf(address);
    const pair = pairOf(network, username);
    const fromKnown = async () => {
      // Every request with a password comes here: only the wrong ones are counted in the database.
      await this.fromKnown.consume(pair);
      const found = await verify();
      if (found === undefined) {
        await this.countWrongFromKnown(pair);
        await this.countPassword(username, address).catch(unwrap);
      } else {
        this.fromKnown.reward(pair);
        this.memory.remember(username, network);
      }
      return found;
    };
    if (this.known.get(pair)) return fromKnown();
    // A client's first requests come at once: one of them is the attempt.
    return this.once(`${pair} ${credential}`, async () => {
      // Counted before it is known to be wrong, so that a thousand simultaneous guesses do not all
      // pass.
      let release: Release;
      try {
        release = await this.countPassword(username, address);
      } catch (refusal) {
        if (await this.isRecalled(username, network, refusal)) {
          this.known.set(pair, true);
          return fromKnown();
        }
        release = await this.makeException(pair, refusal);
      }
      const found = await verify().catch((error: unknown) => {
        release();
        throw error;
      });
      if (found === undefined) release.refuse?.();
      else {
        release();
        this.known.set(pair, true);
        this.memory.remember(username, network);
      }
      return found;
    });
  }

  /** @throws RateLimitedError where the address sent too many wrong tokens */
  async wrongToken(address: string): Promise<void> {
    await this.tokenAddresses.consume(networkOf(address));
  }

  /** Resolves when what must outlive this instance is written. */
  settled(): Promise<void> {
    return this.memory.settled();
  }

  private async countWrongFromKnown(pair: string): Promise<void> {
    try {
      await this.wrongFromKnown.consume(pair);
    } catch (refusal) {
      if (refusal instanceof RateLimitedError) {
        this.fromKnown.block(pair, refusal.retryAfterSeconds);
      }
      throw refusal;
    }
  }

  private async countPassword(username: string, address: string): Promise<Release> {
    const name = nameOf(username);
    const counted: [FailureLimiter, string][] = [];
    const release = () => {
      for (const [limiter, key] of counted) limiter.reward(key);
    };
    for (const [limiter, key] of [
      [this.addresses, networkOf(address)],
      [this.sites, siteOf(address)],
    ] as const) {
      await limiter.consume(key).catch((error: unknown) => {
        release();
        throw error;
      });
      counted.push([limiter, key]);
    }
    try {
      await this.usernames.consume(name);
    } catch (error) {
      throw error instanceof RateLimitedError ? new UsernameLimited(error, release) : error;
    }
    counted.push([this.usernames, name]);
    return release;
  }

  /**
   * Whether a user who would be refused signed in from the network before, perhaps at another
   * instance or before this one was started.
   */
  private async isRecalled(username: string, network: string, refusal: unknown): Promise<boolean> {
    if (!(refusal instanceof UsernameLimited || refusal instanceof RateLimitedError)) return false;
    try {
      await this.recalls.consume(network);
      if (!(await this.memory.recall(username, network))) return false;
    } catch {
      return false;
    }
    if (refusal instanceof UsernameLimited) refusal.release();
    return true;
  }

  /**
   * While a user name is limited, each network may still try it once, lest a stranger lock its
   * owner out by failing on purpose. Only the right password succeeds: a wrong one is answered as
   * if it had not been tried.
   */
  private async makeException(pair: string, refusal: unknown): Promise<Release> {
    if (!(refusal instanceof UsernameLimited)) throw refusal;
    const { limited, release } = refusal;
    try {
      await this.exceptions.consume(pair);
    } catch {
      // The password was not tried, so it does not count against the address.
      release();
      throw limited;
    }
    return Object.assign(
      () => {
        release();
        this.exceptions.reward(pair);
      },
      {
        refuse: () => {
          throw limited;
        },
      },
    );
  }

  private once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.verifying.get(key) as Promise<T> | undefined;
    if (running) return running;
    const started = work().finally(() => this.verifying.delete(key));
    this.verifying.set(key, started);
    return started;
  }
}

/** Undoes the count. */
interface Release {
  (): void;
  /** where a wrong password is answered otherwise */
  readonly refuse?: () => never;
}

/** Too many wrong passwords of one user name, by an address that had not too many. */
class UsernameLimited extends Error {
  constructor(
    readonly limited: RateLimitedError,
    readonly release: () => void,
  ) {
    super(limited.message, { cause: limited });
  }
}

function unwrap(error: unknown): never {
  throw error instanceof UsernameLimited ? error.limited : error;
}

// Hashed because a user name may be as long as a header.
function nameOf(username: string): string {
  return Buffer.from(sha256(username)).toString('base64');
}

function pairOf(network: string, username: string): string {
  return `${network} ${nameOf(username)}`;
}
