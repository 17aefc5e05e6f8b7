import { performance } from 'node:perf_hooks';
import { Rotation } from './rotation.js';

const SLICE_MS = 2;

/** The turns of one account. */
export interface Turns {
  /** Whether the current slice is over: then `next` is to be awaited. */
  readonly isOver: boolean;
  /** Waits for a slice. */
  next(): Promise<void>;
}

/**
 * Divides work that may be long into slices, between which the event loop serves others. All work
 * that shares these slices takes turns, in rotation by account: in each iteration of the event loop
 * it has one slice altogether.
 */
export class TimeSlices {
  /** by account */
  private readonly waiting = new Rotation<number | string, () => void>();
  private sliceStart = -Infinity;

  of(account: number | string): Turns {
    const isOver = () => performance.now() - this.sliceStart >= SLICE_MS;
    return {
      get isOver() {
        return isOver();
      },
      next: () => this.next(account),
    };
  }

  private next(account: number | string): Promise<void> {
    return new Promise((resolve) => {
      if (this.waiting.isEmpty) setImmediate(this.begin);
      this.waiting.add(account, resolve);
    });
  }

  private readonly begin = (): void => {
    const next = this.waiting.next();
    if (!this.waiting.isEmpty) setImmediate(this.begin);
    this.sliceStart = performance.now();
    next?.();
  };
}

/** Those of this process, which has one event loop. */
const SLICES = new TimeSlices();

/**
 * The turns of an account's work in this process.
 * @param account its id, or the address of a client whose account is not known
 */
export function turnsOf(account: number | string): Turns {
  return SLICES.of(account);
}
