import type { ExecutionResult } from 'graphql';
import { nextEvent, ResultBatch } from './result-batch.js';
import { Subscription } from './subscription.js';
import type { Turns } from '../../domain/shared/time-slices.js';

const MAX_BATCH = 500;
/** in characters, of the events of a batch */
const MAX_LENGTH = 65_536;

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
  /** of the batch */
  private events: string[] = [];
  private length = 0;
  private executed = 0;
  private flushing: NodeJS.Immediate | undefined;
  hasEnded = false;

  constructor(
    private readonly results: AsyncGenerator<ExecutionResult>,
    private readonly source: CountedSource,
    private readonly format: (result: ExecutionResult) => ExecutionResult,
    private readonly turns: Turns,
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
        this.add(this.format(next.value));
        if (this.batch.length >= MAX_BATCH || this.length >= MAX_LENGTH) this.flush();
        if (this.turns.isOver) {
          this.keepBatch();
          await this.turns.next();
        }
        // What follows in this turn is sent together with it.
        this.flushing ??= setImmediate(() => this.flush());
      }
      this.finish((subscription) => void subscription.return());
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.finish((subscription) => subscription.fail(failure));
    }
  }

  private add(result: ExecutionResult): void {
    const event = nextEvent(result);
    this.batch.push(result);
    this.events.push(event);
    this.length += event.length;
  }

  private keepBatch(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
  }

  private flush(): void {
    this.keepBatch();
    if (this.batch.length === 0) return;
    const batch = new ResultBatch(this.batch, this.events);
    [this.batch, this.events, this.length] = [[], [], 0];
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
