import { systemStopwatch, type Stopwatch } from './clock.js';

/** For how long an account counts as active after a request. */
const ACTIVE_MS = 1000;

interface Seen {
  readonly account: number;
  readonly at: number;
}

const NOBODY: Seen = { account: NaN, at: -Infinity };

/** Which accounts make requests, as far as it matters: whether another one than a given one does. */
export class ActiveAccounts {
  private latest = NOBODY;
  /** the latest request of another account than that one */
  private other = NOBODY;

  constructor(private readonly stopwatch: Stopwatch = systemStopwatch) {}

  /** To be called for each request. */
  note(account: number): void {
    if (account !== this.latest.account) this.other = this.latest;
    this.latest = { account, at: this.stopwatch() };
  }

  hasOther(account: number | string): boolean {
    const { at } = account === this.latest.account ? this.other : this.latest;
    return this.stopwatch() - at < ACTIVE_MS;
  }
}
