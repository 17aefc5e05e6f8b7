import { performance } from 'node:perf_hooks';

const SLICE_MS = 5;

/**
 * Divides work that may be long into slices, between which the event loop serves others. All work
 * that shares these slices takes turns: in one turn of the event loop it has one slice altogether.
 */
export class TimeSlices {
  private readonly waiting: (() => void)[] = [];
  private sliceStart = -Infinity;

  /** Whether the current slice is over: then `next` is to be awaited. */
  get isOver(): boolean {
    return performance.now() - this.sliceStart >= SLICE_MS;
  }

  /** Waits for a slice. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) setImmediate(this.begin);
    });
  }

  private readonly begin = (): void => {
    this.sliceStart = performance.now();
    this.waiting.shift()?.();
    if (this.waiting.length > 0) setImmediate(this.begin);
  };
}
