import type { Turns } from '../../domain/shared/time-slices.js';
import type { LargeReader } from '../../storage/postgres/reader.js';

/** Items of a list that are executed at once. */
export const PART = 500;

/**
 * Divides the execution of one large operation into parts, between which the event loop serves
 * other requests.
 */
export class Parts implements LargeReader {
  /** how many lists have items that are not executed yet */
  private unfinished = 0;
  private readonly waiting: (() => void)[] = [];

  private onSent: () => void = () => undefined;
  /** resolves when nothing more of the result is to be sent */
  readonly sent = new Promise<void>((resolve) => (this.onSent = resolve));

  constructor(private readonly turns: Turns) {}

  get isAlone(): boolean {
    return this.turns.isAlone;
  }

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

  /** Maps the items of a list, which may load something, a part at a time. */
  async map<Item, Value>(
    items: readonly Item[],
    callback: (item: Item) => Value,
  ): Promise<Value[]> {
    const values: Value[] = [];
    this.unfinished++;
    try {
      await this.each(items.length, PART, (start, end) => {
        for (let index = start; index < end; index++) values.push(callback(items[index]!));
      });
    } finally {
      this.finish();
    }
    return values;
  }

  /** Calls back with the places of each part of a list. @param size of a part */
  async each(
    length: number,
    size: number,
    callback: (start: number, end: number) => void,
  ): Promise<void> {
    for (let start = 0; start < length; start += size) {
      await this.slice();
      callback(start, Math.min(start + size, length));
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
