import type { Turns } from '../../domain/shared/time-slices.js';
import type { LargeReader } from '../../storage/postgres/reader.js';
import type { WrittenResult } from './written-result.js';

/** Items of a list that are executed at once. */
const PART = 500;

/**
 * Divides the execution of one large operation into parts, between which the event loop serves
 * other requests.
 */
export class Parts implements LargeReader {
  /** how many lists have items that are not executed yet */
  private unfinished = 0;
  private readonly waiting: (() => void)[] = [];

  /** set once the result is written, if it is sent in parts */
  written: WrittenResult | undefined;
  private onSent: () => void = () => undefined;
  /** resolves when nothing more of the result is to be sent */
  readonly sent = new Promise<void>((resolve) => (this.onSent = resolve));

  constructor(private readonly turns: Turns) {}

  turn(): Promise<void> {
    return this.turns.next();
  }

  /** To be called when the result is sent, or its client is gone. */
  release(): void {
    this.onSent();
  }

  /** The result of a list's resolver, whose items an executor then gets a part at a time. */
  async divide(list: unknown): Promise<unknown> {
    const items = await list;
    if (!Array.isArray(items) || items.length === 0) return items;
    this.unfinished++;
    await this.slice();
    const divided: unknown[] = items.slice(0, PART);
    let last = Promise.resolve();
    for (let start = PART; start < items.length; start += PART) {
      const begun = last.then(() => this.slice());
      for (let index = start; index < Math.min(start + PART, items.length); index++) {
        divided.push(begun.then(() => items[index] as unknown));
      }
      last = begun;
    }
    void last.then(() => this.finish());
    return divided;
  }

  /** Calls back with the items of a list, a part at a time. */
  async each(
    items: readonly unknown[],
    callback: (part: readonly unknown[]) => void,
  ): Promise<void> {
    for (let start = 0; start < items.length; start += PART) {
      await this.slice();
      callback(items.slice(start, start + PART));
    }
  }

  /**
   * Calls back once no list has items to come: until then they may load more, which is to be read
   * by the same statement.
   */
  whenWhole(callback: () => void): void {
    if (this.unfinished === 0) callback();
    else this.waiting.push(callback);
  }

  private slice(): Promise<void> | undefined {
    return this.turns.isOver ? this.turns.next() : undefined;
  }

  private finish(): void {
    this.unfinished--;
    if (this.unfinished > 0) return;
    // What the last items load is asked for in the microtasks that come first.
    for (const callback of this.waiting.splice(0)) process.nextTick(() => this.whenWhole(callback));
  }
}
