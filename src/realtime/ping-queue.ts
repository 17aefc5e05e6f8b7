import { ResyncError } from '../domain/pings/feed.js';
import type { Ping } from '../domain/pings/pings.js';

/** How many pings may wait for one reader: about 2 MB, if no other reader shares them. */
export const MAX_WAITING = 10_000;

type Result = IteratorResult<Ping, undefined>;
const DONE: Result = { done: true, value: undefined };

/** The pings that one subscriber has yet to read. */
export class PingQueue implements AsyncIterableIterator<Ping, undefined> {
  /** how many pings were pushed, read or not */
  pushed = 0;
  private waiting: Ping[] = [];
  private at = 0;
  private reader: { resolve(result: Result): void; reject(error: Error): void } | undefined;
  private end: { readonly error?: Error } | undefined;

  /**
   * @param onDrop called when the reader is too slow
   * @param onEnd called when the iteration ends, for any reason
   */
  constructor(
    private readonly onDrop: () => void,
    private readonly onEnd: () => void,
  ) {}

  push(ping: Ping): void {
    if (this.end) return;
    this.pushed += 1;
    if (this.reader) {
      this.reader.resolve({ done: false, value: ping });
      this.reader = undefined;
    } else if (this.waiting.length - this.at < MAX_WAITING) {
      this.waiting.push(ping);
    } else {
      this.fail(new ResyncError('Pings came faster than they were read.'));
      this.onDrop();
    }
  }

  /** Ends the iteration at once: pings that wait are dropped. */
  fail(error: Error): void {
    this.close({ error });
  }

  next(): Promise<Result> {
    if (this.at < this.waiting.length) {
      return Promise.resolve({ done: false, value: this.shift() });
    }
    if (!this.end) {
      return new Promise((resolve, reject) => {
        this.reader = { resolve, reject };
      });
    }
    const { error } = this.end;
    this.end = {};
    return error ? Promise.reject(error) : Promise.resolve(DONE);
  }

  return(): Promise<Result> {
    this.close({});
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private close(end: { error?: Error }): void {
    if (this.end) return;
    this.waiting = [];
    this.at = 0;
    this.onEnd();
    this.end = this.reader ? {} : end;
    if (end.error) this.reader?.reject(end.error);
    else this.reader?.resolve(DONE);
    this.reader = undefined;
  }

  /** Takes the first ping, without moving all others each time. */
  private shift(): Ping {
    const ping = this.waiting[this.at++] as Ping;
    if (this.at === this.waiting.length || this.at >= MAX_WAITING) {
      this.waiting = this.waiting.slice(this.at);
      this.at = 0;
    }
    return ping;
  }
}
