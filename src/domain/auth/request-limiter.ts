import { LRUCache } from 'lru-cache';
import { systemStopwatch, type Stopwatch } from '../shared/clock.js';
import { RateLimitedError } from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';

const SLOTS = 60;
const SLOT_MS = 1000;
const MAX_CREDENTIALS = 10_000;

/**
 * Limits the requests, or their costs, of one credential in a minute, on this instance. It counts by
 * the second of the clock, which costs next to nothing and slides: a request's place is free again 60
 * of those seconds later. The fixed windows of rate-limiter-flexible, which slows wrong passwords,
 * would let twice the limit pass where two of them meet.
 */
export class RequestLimiter {
  private readonly counts = new LRUCache<string, MinuteCount>({ max: MAX_CREDENTIALS });

  /** @param perMinute requests, or costs; 0 = no limit */
  constructor(
    private readonly perMinute: number,
    private readonly stopwatch: Stopwatch = systemStopwatch,
  ) {}

  /**
   * Counts a request, or what it costs. One that is refused does not count.
   * @throws RateLimitedError with the whole seconds until one is free
   */
  take({ actor }: Principal, amount = 1): void {
    if (this.perMinute === 0 || actor.kind === 'operator') return;
    const key = `${actor.kind} ${actor.id}`;
    let count = this.counts.get(key);
    if (!count) this.counts.set(key, (count = new MinuteCount()));
    const seconds = count.take(Math.floor(this.stopwatch() / SLOT_MS), this.perMinute, amount);
    if (seconds > 0) throw new RateLimitedError(seconds);
  }
}

class MinuteCount {
  private readonly slots = new Uint32Array(SLOTS);
  private total = 0;
  private latest = 0;

  /** @returns 0 where it was taken, else the seconds until one is free */
  take(second: number, limit: number, amount: number): number {
    this.advance(second);
    if (this.total >= limit) return this.secondsUntilFree(second);
    this.slots[second % SLOTS]! += amount;
    this.total += amount;
    return 0;
  }

  private advance(second: number): void {
    const passed = Math.min(second - this.latest, SLOTS);
    for (let step = 0; step < passed; step++) {
      const index = (second - step) % SLOTS;
      this.total -= this.slots[index]!;
      this.slots[index] = 0;
    }
    this.latest = second;
  }

  private secondsUntilFree(second: number): number {
    let wait = 1;
    while (this.slots[(second + wait) % SLOTS] === 0) wait++;
    return wait;
  }
}
