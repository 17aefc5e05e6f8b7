import { UnavailableError } from './errors.js';

const RETRY_AFTER_SECONDS = 1;

interface Waiter {
  readonly start: () => void;
  readonly refuse: (error: UnavailableError) => void;
}

/**
 * Runs up to `concurrency` tasks at once and lets up to `maxWaiting` more wait; any beyond are
 * refused at once. Tasks of different keys are served in rotation, and a full queue refuses a task
 * of the key that has most of them waiting, so that one key cannot starve another.
 */
export class ConcurrencyLimiter {
  private running = 0;
  private waitingCount = 0;
  /** by key */
  private readonly runningOf = new Map<string, number>();
  /** by key, in the order in which they are served next */
  private readonly waiting = new Map<string, Waiter[]>();

  /** @param perKey how many tasks of one key run at once */
  constructor(
    private readonly concurrency: number,
    private readonly maxWaiting: number,
    private readonly perKey = concurrency,
  ) {}

  /** @throws UnavailableError where the queue is full */
  async run<T>(task: () => Promise<T>, key = ''): Promise<T> {
    if (this.running < this.concurrency && this.hasRoom(key)) this.add(key, 1);
    else await this.wait(key);
    try {
      return await task();
    } finally {
      this.add(key, -1);
      // The place is passed on, so that no task that comes later slips in between.
      this.takeNext()?.start();
    }
  }

  private hasRoom(key: string): boolean {
    return (this.runningOf.get(key) ?? 0) < this.perKey;
  }

  private add(key: string, count: 1 | -1): void {
    this.running += count;
    const running = (this.runningOf.get(key) ?? 0) + count;
    if (running > 0) this.runningOf.set(key, running);
    else this.runningOf.delete(key);
  }

  private wait(key: string): Promise<void> {
    if (this.waitingCount >= this.maxWaiting) this.makeRoom(key);
    this.waitingCount++;
    return new Promise((start, refuse) => {
      const ofKey = this.waiting.get(key);
      if (ofKey) ofKey.push({ start, refuse });
      else this.waiting.set(key, [{ start, refuse }]);
    });
  }

  /** @throws UnavailableError where no other key has more tasks waiting than this one would have */
  private makeRoom(key: string): void {
    let longest: Waiter[] = [];
    for (const ofKey of this.waiting.values()) if (ofKey.length > longest.length) longest = ofKey;
    const own = this.waiting.get(key)?.length ?? 0;
    const error = new UnavailableError(RETRY_AFTER_SECONDS);
    if (longest.length <= own + 1) throw error;
    longest.pop()!.refuse(error);
    this.waitingCount--;
  }

  private takeNext(): Waiter | undefined {
    for (const [key, ofKey] of this.waiting) {
      if (!this.hasRoom(key)) continue;
      this.waitingCount--;
      this.add(key, 1);
      const next = ofKey.shift();
      // Another key is served next.
      this.waiting.delete(key);
      if (ofKey.length > 0) this.waiting.set(key, ofKey);
      return next;
    }
    return undefined;
  }
}
