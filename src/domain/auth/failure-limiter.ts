import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { FailureLimits } from '../../storage/limits/failure-limiters.js';
import { RateLimitedError } from '../shared/errors.js';

type Limiter = Pick<RateLimiterMemory, 'consume' | 'reward' | 'block'>;

/** Counts that the instances on one database share. */
export interface SharedFailures {
  /** whether no other instance runs: nothing is shared then */
  isAlone(): boolean;
  limiter(limits: FailureLimits): Limiter;
}

/**
 * Counts failures. What is over the limit on this instance alone is refused without asking the
 * database, so that a flood of wrong credentials is not one of statements.
 */
export class FailureLimiter {
  private readonly local: Limiter;
  private readonly shared: Limiter | undefined;

  constructor(
    limits: FailureLimits,
    private readonly sharing?: SharedFailures,
  ) {
    this.local = new RateLimiterMemory({ points: limits.points, duration: limits.seconds });
    this.shared = sharing?.limiter(limits);
  }

  /** @throws RateLimitedError where too many were counted */
  async consume(key: string): Promise<void> {
    await refuseBeyond(this.local.consume(key));
    if (this.shared && !this.sharing?.isAlone()) await refuseBeyond(this.shared.consume(key));
  }

  /** Undoes a count. */
  reward(key: string): void {
    void this.local.reward(key);
    // Where the database is unavailable it stays counted, for a minute.
    if (this.shared && !this.sharing?.isAlone()) this.shared.reward(key).catch(() => undefined);
  }

  /** Refuses a key on this instance. */
  block(key: string, seconds: number): void {
    void this.local.block(key, seconds);
  }
}

async function refuseBeyond(counted: Promise<unknown>): Promise<void> {
  try {
    await counted;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RateLimitedError(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}
