import type { ExecutionResult } from 'graphql';
import { ResultBatch } from './result-batch.js';
import { Subscription } from './subscription.js';
import type { TimeSlices } from '../execution/time-slices.js';

const MAX_BATCH = 500;

/** The source of a group's events. */
export interface CountedSource {
  /** how many events it has taken, read or not */
  readonly pushed: number;
}

/**
 * Subscriptions that select the same: each event is executed and serialized once for all of them.
 */
export class SubscriptionGroup {
  private readonly subscriptions = new Set<Subscription>();
  private batch: ExecutionResult[] = [];
  private executed = 0;
  private flushing: NodeJS.Immediate | undefined;
  hasEnded = false;

  constructor(
    private readonly results: AsyncGenerator<ExecutionResult>,
    private readonly source: CountedSource,
    private readonly format: (result: ExecutionResult) => ExecutionResult,
    private readonly slices: TimeSlices,
    private readonly onEnd: () => void,
  ) {
    void this.run();
  }

  /** Another subscription, to the events that the source takes from now on. */
  join(onEnd: () => void, onDrop: () => void): Subscription {
    const flushed = this.executed - this.batch.length;
    const leave = (): void => {
      this.subscriptions.delete(subscription);
      onEnd();
      if (this.subscriptions.size === 0) this.close();
    };
    const subscription: Subscription = new Subscription(
      this.source.pushed - flushed,
      leave,
      onDrop,
    );
    this.subscriptions.add(subscription);
    return subscription;
  }

  private async run(): Promise<void> {
    try {
      for (;;) {
        const next = await this.results.next();
        if (next.done) break;
        this.executed += 1;
        this.batch.push(this.format(next.value));
        // What follows in this turn of the event loop is sent together with it.
        this.flushing ??= setImmediate(() => this.flush());
        if (this.batch.length >= MAX_BATCH) this.flush();
        if (this.slices.isOver) await this.slices.next();
      }
      this.finish((subscription) => void subscription.return());
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.finish((subscription) => subscription.fail(failure));
    }
  }

  private flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    if (this.batch.length === 0) return;
    const batch = new ResultBatch(this.batch);
    this.batch = [];
    for (const subscription of [...this.subscriptions]) subscription.push(batch);
  }

  private finish(end: (subscription: Subscription) => void): void {
    this.close();
    for (const subscription of [...this.subscriptions]) end(subscription);
  }

  private close(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.onEnd();
    clearImmediate(this.flushing);
    void this.results.return(undefined).catch(() => undefined);
  }
}
