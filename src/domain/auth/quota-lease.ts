import type { Booking } from '../../storage/limits/quota-store.js';
import type { Stopwatch } from '../shared/clock.js';
import { MINUTE_MS } from '../shared/durations.js';
import { RateLimitedError } from '../shared/errors.js';

/** A limit that the instances on one database share. */
export interface SharedQuota {
  /** whether no other instance runs: nothing is shared then */
  isAlone(): boolean;
  book(key: string, amounts: { least: number; wanted: number; limit: number }): Promise<Booking>;
  /** called where the database cannot be asked, and the instance goes on without it */
  readonly onError: (error: unknown) => void;
}

// A booking is for half a percent of the limit, so that few requests need one; limits below 200 are
// booked one by one.
const PARTS = 200;
// Before a booking is answered a quarter of a percent may be used: requests within a limit of 400 and
// more seldom wait for the database, and smaller limits are exact.
const AHEAD_PARTS = 400;

/** The part of one credential's minute that this instance has booked. */
export class QuotaLease {
  /** what is left of the bookings; below zero, what is used and not booked yet */
  private left = 0;
  private endsAt = 0;
  private refusedUntil = 0;
  private booking: Promise<void> | undefined;
  /** what requests need that wait for a booking */
  private waiting = 0;
  private readonly part: number;
  private readonly ahead: number;

  constructor(
    private readonly key: string,
    private readonly limit: number,
    private readonly quota: SharedQuota,
    private readonly stopwatch: Stopwatch,
  ) {
    this.part = Math.max(1, Math.floor(limit / PARTS));
    this.ahead = Math.floor(limit / AHEAD_PARTS);
  }

  /**
   * @returns a promise where a booking must be awaited
   * @throws RateLimitedError
   */
  take(amount: number): Promise<void> | undefined {
    if (!this.hasTaken(amount)) return this.takeLater(amount);
    // In the background: this request is within what may be used ahead.
    if (this.left <= 0 && this.ahead > 0) this.booking ??= this.book(0);
    return undefined;
  }

  private async takeLater(amount: number): Promise<void> {
    this.waiting += amount;
    try {
      do await (this.booking ??= this.book(amount));
      while (!this.hasTaken(amount));
    } finally {
      this.waiting -= amount;
    }
  }

  private hasTaken(amount: number): boolean {
    const now = this.stopwatch();
    if (now < this.refusedUntil) {
      throw new RateLimitedError(Math.max(1, Math.ceil((this.refusedUntil - now) / 1000)));
    }
    if (now >= this.endsAt) this.left = Math.min(this.left, 0);
    if (this.left - amount < -this.ahead) return false;
    this.left -= amount;
    return true;
  }

  private async book(amount: number): Promise<void> {
    const least = Math.max(1, amount - this.left);
    const wanted = Math.max(least, this.part - this.left, this.waiting - this.left);
    try {
      const { granted, waitSeconds } = await this.quota.book(this.key, {
        ...{ least, wanted, limit: this.limit },
      });
      this.left += granted;
      if (granted === 0) this.refusedUntil = this.stopwatch() + waitSeconds * 1000;
    } catch (error) {
      // A request that needs the database fails by itself.
      this.quota.onError(error);
      this.left += least;
    } finally {
      this.endsAt = this.stopwatch() + MINUTE_MS;
      this.booking = undefined;
    }
  }
}
