import { LRUCache } from 'lru-cache';
import type { Clock, Stopwatch } from '../shared/clock.js';

const WRITE_EVERY_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** Writes when something was last used, at most once a minute each and without making anyone wait. */
export class LastUsedRecorder {
  private readonly written = new LRUCache<number, number>({ max: MAX_REMEMBERED });
  private readonly writing = new Set<Promise<void>>();

  /** @param write leaves alone what has a use on record at or after `unlessSince`, by another instance perhaps */
  constructor(
    private readonly write: (id: number, at: Date, unlessSince: Date) => Promise<void>,
    private readonly clock: Clock,
    private readonly stopwatch: Stopwatch,
  ) {}

  record(id: number): void {
    const age = this.stopwatch() - (this.written.get(id) ?? -Infinity);
    if (age < WRITE_EVERY_MS) return;
    this.written.set(id, this.stopwatch());
    const at = this.clock();
    const writing = this.write(id, at, new Date(at.getTime() - WRITE_EVERY_MS))
      // It is written at the next use then.
      .catch(() => void this.written.delete(id))
      .finally(() => this.writing.delete(writing));
    this.writing.add(writing);
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }
}
