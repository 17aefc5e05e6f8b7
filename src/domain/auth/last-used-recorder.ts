import { LRUCache } from 'lru-cache';
import type { Clock, Stopwatch } from '../shared/clock.js';
import { MINUTE_MS } from '../shared/durations.js';

const WRITE_INTERVAL_MS = MINUTE_MS;
const MAX_REMEMBERED = 10_000;

/**
 * Records when something was last used, at most once a minute for each; no request waits for it.
 */
export class LastUsedRecorder {
  private readonly written = new LRUCache<number, number>({ max: MAX_REMEMBERED });
  private readonly writing = new Set<Promise<void>>();

  /**
   * @param write writes nothing where a use at or after `unlessSince` is recorded, perhaps by
   * another instance
   */
  constructor(
    private readonly write: (id: number, at: Date, unlessSince: Date) => Promise<void>,
    private readonly clock: Clock,
    private readonly stopwatch: Stopwatch,
  ) {}

  record(id: number): void {
    const age = this.stopwatch() - (this.written.get(id) ?? -Infinity);
    if (age < WRITE_INTERVAL_MS) return;
    this.written.set(id, this.stopwatch());
    const at = this.clock();
    const writing = this.write(id, at, new Date(at.getTime() - WRITE_INTERVAL_MS))
      // The next use is recorded then.
      .catch(() => void this.written.delete(id))
      .finally(() => this.writing.delete(writing));
    this.writing.add(writing);
  }

  /** Resolves when all pending writes are done. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }
}
