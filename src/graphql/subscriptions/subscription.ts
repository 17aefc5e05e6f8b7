import type { ExecutionResult } from 'graphql';
import { ResyncError } from '../../domain/pings/feed.js';
import type { ResultBatch } from './result-batch.js';

/** What may wait for one client; the results themselves are shared with other clients. */
const MAX_WAITING_RESULTS = 10_000;
const MAX_WAITING_BYTES = 8 * 2 ** 20;

type Result = IteratorResult<ExecutionResult, void>;

/** One client's subscription: the results that it has yet to read. */
export class Subscription implements AsyncGenerator<ExecutionResult, void, void> {
  private waiting: ResultBatch[] = [];
  private results = 0;
  private bytes = 0;
  private skip: number;
  private current: Iterator<ExecutionResult> | undefined;
  private wake: (() => void) | undefined;
  private end: { readonly error?: Error } | undefined;

  /**
   * @param skip how many results were due before it began
   * @param onEnd called once when it ends, for any reason
   * @param onDrop called when the client is too slow
   */
  constructor(
    skip: number,
    private readonly onEnd: () => void,
    private readonly onDrop: () => void,
  ) {
    this.skip = skip;
  }

  push(batch: ResultBatch): void {
    const skipped = Math.min(this.skip, batch.results.length);
    this.skip -= skipped;
    if (this.end || skipped === batch.results.length) return;
    const rest = batch.after(skipped);
    this.results += rest.results.length;
    this.bytes += rest.events.length;
    if (this.results > MAX_WAITING_RESULTS || this.bytes > MAX_WAITING_BYTES) {
      this.fail(new ResyncError('Pings came faster than they were read.'));
      this.onDrop();
      return;
    }
    this.waiting.push(rest);
    this.wake?.();
  }

  /** Ends it at once: results that wait are dropped. */
  fail(error: Error): void {
    this.close({ error });
  }

  /**
   * The next results, as they were batched; undefined at the end.
   * @throws the error that it failed with, once
   */
  async nextBatch(): Promise<ResultBatch | undefined> {
    while (this.waiting.length === 0 && !this.end) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    this.wake = undefined;
    if (!this.end) {
      const batch = this.waiting.shift()!;
      this.results -= batch.results.length;
      this.bytes -= batch.events.length;
      return batch;
    }
    const { error } = this.end;
    this.end = {};
    if (error) throw error;
    return undefined;
  }

  async next(): Promise<Result> {
    let next = this.end ? undefined : this.current?.next();
    if (!next || next.done) {
      const batch = await this.nextBatch();
      if (!batch) return { done: true, value: undefined };
      this.current = batch.results[Symbol.iterator]();
      next = this.current.next();
    }
    return { done: false, value: next.value as ExecutionResult };
  }

  return(): Promise<Result> {
    this.close({});
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(): Promise<Result> {
    return this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private close(end: { error?: Error }): void {
    if (this.end) return;
    this.end = end;
    this.waiting = [];
    this.onEnd();
    this.wake?.();
  }
}
