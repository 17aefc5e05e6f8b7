import { setTimeout as sleep } from 'node:timers/promises';
import type { PingObserver } from '../domain/pings/pings.js';
import type { Notifications } from '../storage/postgres/notifications.js';
import type { StoredPing } from '../storage/pings/stored-ping.js';
import { itemsOf, pack, gap } from './message.js';

// Beyond this, while the database is unavailable, a gap is published instead.
const MAX_UNPUBLISHED = 50_000;
const MAX_PAYLOADS_PER_STATEMENT = 200;
const RETRY_MS = 500;
// Between two statements; what is recorded meanwhile goes with the next one.
const BATCH_WINDOW_MS = 10;

/**
 * Publishes the pings recorded here to all instances: a single ping at once, many together, because
 * each statement is a transaction that wakes every instance, and NOTIFY takes a lock that all
 * commits on the server share.
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
    if (this.count > MAX_UNPUBLISHED) this.lose();
    else this.wait(accountId, items);
    this.sending ??= this.send();
  }

  /** To be called when pings of an account were recorded that are not known one by one. */
  imported(accountId: number): void {
    this.imports.add(accountId);
    this.sending ??= this.send();
  }

  deleted(): void {
    // Subscriptions are of new pings only.
  }

  /** Resolves once what was recorded before is published, however much is recorded meanwhile. */
  async flush(): Promise<void> {
    await this.round;
    // What waited during that round goes with the next one.
    await this.round;
  }

  /** Publishes what waits, without retrying a failure. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.sending;
  }

  private async send(): Promise<void> {
    // The first ping waits for what else is recorded in this turn of the event loop.
    await Promise.resolve();
    let goesOn: boolean;
    do {
      this.round = this.sendRound(this.take());
      goesOn = await this.round;
    } while (goesOn && (this.count > 0 || this.imports.size > 0 || this.lost));
    this.sending = undefined;
  }

  /** @returns false where it failed and is not retried */
  private async sendRound(payloads: readonly string[]): Promise<boolean> {
    try {
      for (let at = 0; at < payloads.length; at += MAX_PAYLOADS_PER_STATEMENT) {
        await this.notifications.send(payloads.slice(at, at + MAX_PAYLOADS_PER_STATEMENT));
      }
      await this.pause(BATCH_WINDOW_MS);
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
