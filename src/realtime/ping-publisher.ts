import { setTimeout as sleep } from 'node:timers/promises';
import type { PingObserver } from '../domain/pings/pings.js';
import type { Notifications } from '../storage/postgres/notifications.js';
import type { StoredPing } from '../storage/pings/stored-ping.js';
import { itemsOf, pack, gap } from './message.js';

// What waits while the database does not take it; then others are told that something was lost.
const MOST_WAITING = 50_000;
const PAYLOADS_AT_ONCE = 200;
const RETRY_MS = 500;
// Between two messages; whatever comes meanwhile goes with the next one.
const PAUSE_MS = 10;

/**
 * Tells all instances of pings that were recorded here: of one at once, of many together, for each message is a
 * transaction, wakes every instance, and NOTIFY takes a lock that all commits on the server share.
 */
export class PingPublisher implements PingObserver {
  private waiting = new Map<number, string[]>();
  private count = 0;
  private imports = new Set<number>();
  private lost = false;
  private sending: Promise<void> | undefined;
  private round: Promise<boolean> | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly notifications: Notifications,
    private readonly onError: (error: unknown) => void,
  ) {}

  recorded(accountId: number, pings: readonly StoredPing[]): void {
    if (pings.length === 0) return;
    const items = itemsOf(pings);
    this.count += items.length;
    if (this.count > MOST_WAITING) this.lose();
    else this.wait(accountId, items);
    this.sending ??= this.send();
  }

  /** Pings of an account were recorded in a way that does not tell which. */
  imported(accountId: number): void {
    this.imports.add(accountId);
    this.sending ??= this.send();
  }

  deleted(): void {
    // Nothing follows deletions.
  }

  /** Waits until what was recorded before has been told, however much is recorded meanwhile. */
  async flush(): Promise<void> {
    await this.round;
    // What waited during that round went with the next one.
    await this.round;
  }

  /** Tells what it can at once; no more is tried again. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.sending;
  }

  private async send(): Promise<void> {
    // The first waits for what else is recorded in this turn.
    await Promise.resolve();
    let goesOn: boolean;
    do {
      this.round = this.sendRound(this.take());
      goesOn = await this.round;
    } while (goesOn && (this.count > 0 || this.imports.size > 0 || this.lost));
    this.sending = undefined;
  }

  /** @returns false where it failed and is not to be tried again */
  private async sendRound(payloads: readonly string[]): Promise<boolean> {
    try {
      for (let at = 0; at < payloads.length; at += PAYLOADS_AT_ONCE) {
        await this.notifications.send(payloads.slice(at, at + PAYLOADS_AT_ONCE));
      }
      await this.pause(PAUSE_MS);
      return true;
    } catch (error) {
      this.onError(error);
      this.lose();
      await this.pause(RETRY_MS);
      return !this.stop.signal.aborted;
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    const { signal } = this.stop;
    await sleep(milliseconds, undefined, { ref: false, signal }).catch(() => undefined);
  }

  private wait(accountId: number, items: readonly string[]): void {
    const waiting = this.waiting.get(accountId) ?? [];
    for (const item of items) waiting.push(item);
    this.waiting.set(accountId, waiting);
  }

  private take(): string[] {
    const payloads = [...this.waiting].flatMap(([accountId, items]) => pack(accountId, items));
    payloads.push(...[...this.imports].map((accountId) => gap(accountId)));
    if (this.lost) payloads.push(gap());
    this.imports = new Set();
    this.waiting = new Map();
    this.count = 0;
    this.lost = false;
    return payloads;
  }

  private lose(): void {
    this.waiting = new Map();
    this.count = 0;
    this.lost = true;
  }
}
