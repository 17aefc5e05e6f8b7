import { LRUCache } from 'lru-cache';
import { systemStopwatch, type Stopwatch } from './clock.js';

/** The part of the time that one account has. */
const SHARE = 0.25;
/** What an account that has used nothing lately may use at once, and what one may owe. */
const BURST_MS = 250;
const MAX_ACCOUNTS = 1000;

interface Credit {
  milliseconds: number;
  at: number;
}

/** How much time each account has used lately, and whether any of its share is left. */
export class TimeBudget {
  private readonly credits = new LRUCache<number | string, Credit>({ max: MAX_ACCOUNTS });

  constructor(private readonly stopwatch: Stopwatch = systemStopwatch) {}

  /** Counts time that an account has used. */
  take(account: number | string, milliseconds: number): void {
    const credit = this.creditOf(account);
    credit.milliseconds = Math.max(credit.milliseconds - milliseconds, -BURST_MS);
  }

  has(account: number | string): boolean {
    return this.creditOf(account).milliseconds > 0;
  }

  private creditOf(account: number | string): Credit {
    const now = this.stopwatch();
    let credit = this.credits.get(account);
    if (!credit) this.credits.set(account, (credit = { milliseconds: BURST_MS, at: now }));
    credit.milliseconds = Math.min(credit.milliseconds + (now - credit.at) * SHARE, BURST_MS);
    credit.at = now;
    return credit;
  }
}
