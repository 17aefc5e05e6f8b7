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
  /** by key, in the order in which they are served next */
  private readonly waiting = new Map<string, Waiter[]>();

  constructor(
    private readonly concurrency: number,
    private readonly maxWaiting: number,
  ) {}

  /** @throws UnavailableError where the queue is full */
  async run<T>(task: () => Promise<T>, key = ''): Promise<T> {
    if (this.running < this.concurrency) this.running++;
    else await this.wait(key);
    try {
      return await task();
    } finally {
      // The place is passed on, so that no task that comes later slips in between.
      const next = this.takeNext();
      if (next) next.start();
      else this.running--;
    }
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
    const [first] = this.waiting;
    if (!first) return undefined;
    const [key, ofKey] = first;
    const next = ofKey.shift();
    this.waitingCount--;
    // Another key is served next.
    this.waiting.delete(key);
    if (ofKey.length > 0) this.waiting.set(key, ofKey);
    return next;
  }
}
