import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitedError } from '../shared/errors.js';
import { networkOf } from '../shared/client-network.js';
import { sha256 } from '../shared/secrets.js';

/** Failures within `seconds` of the first one, after which the next ones are refused until those are over. */
export interface LoginLimits {
  readonly perUsername: number;
  readonly passwordsPerAddress: number;
  readonly tokensPerAddress: number;
  readonly seconds: number;
}

// An address may be an office behind one router. A token cannot be guessed: its
// limit is there to quiet a client that goes on with one that has ended.
export const LOGIN_LIMITS: LoginLimits = {
  perUsername: 10,
  passwordsPerAddress: 50,
  tokensPerAddress: 50,
  seconds: 60,
};

const MAX_KNOWN = 10_000;

/** Slows wrong passwords by user name and by address, wrong tokens by address. In memory, each instance for itself. */
export class LoginThrottle {
  private readonly usernames: RateLimiterMemory;
  private readonly addresses: RateLimiterMemory;
  private readonly tokenAddresses: RateLimiterMemory;
  /** user names with addresses that they signed in from */
  private readonly known = new LRUCache<string, true>({ max: MAX_KNOWN });
  private readonly verifying = new Map<string, Promise<unknown>>();

  constructor(limits: LoginLimits = LOGIN_LIMITS) {
    const limiter = (points: number) => new RateLimiterMemory({ points, duration: limits.seconds });
    this.usernames = limiter(limits.perUsername);
    this.addresses = limiter(limits.passwordsPerAddress);
    this.tokenAddresses = limiter(limits.tokensPerAddress);
  }

  /**
   * Lets a password be verified unless too many were wrong. A user from an address that succeeded before
   * is always let: only the answer to a wrong password is then that it was throttled.
   * @param credential tells the password apart from others; not the password itself
   * @param verify gives undefined where the password is wrong
   * @throws RateLimitedError
   */
  async password<T>(
    { username, address, credential }: { username: string; address: string; credential: string },
    verify: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const network = networkOf(address);
    const pair = `${network} ${username}`;
    if (this.known.get(pair)) {
      const found = await verify();
      if (found === undefined) await this.countPassword(username, network);
      return found;
    }
    // A client's first requests come at once: one of them is the attempt.
    return this.once(`${pair} ${credential}`, async () => {
      // Counted before it is known to be wrong, lest a thousand guesses at once all pass.
      const release = await this.countPassword(username, network);
      const found = await verify().catch((error: unknown) => {
        release();
        throw error;
      });
      if (found !== undefined) {
        release();
        this.known.set(pair, true);
      }
      return found;
    });
  }

  /** @throws RateLimitedError where the address sent too many wrong tokens */
  async wrongToken(address: string): Promise<void> {
    await consume(this.tokenAddresses, networkOf(address));
  }

  private async countPassword(username: string, network: string): Promise<() => void> {
    // Hashed because a user name may be as long as a header.
    const name = Buffer.from(sha256(username)).toString('base64');
    await consume(this.addresses, network);
    try {
      await consume(this.usernames, name);
    } catch (error) {
      // It was not tried, so that it says nothing against the address.
      void this.addresses.reward(network);
      throw error;
    }
    return () => {
      void this.addresses.reward(network);
      void this.usernames.reward(name);
    };
  }

  private once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.verifying.get(key) as Promise<T> | undefined;
    if (running) return running;
    const started = work().finally(() => this.verifying.delete(key));
    this.verifying.set(key, started);
    return started;
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RateLimitedError(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}
