import { setTimeout as sleep } from 'node:timers/promises';

/** Work that starts at a constant rate, whether or not earlier work has finished. */
export interface Steady {
  readonly perSecond: number;
  /** @param n counts up from 0 */
  readonly work: (n: number) => Promise<void>;
}

const TICK_MS = 5;
/** Offset between the kinds of work, so that they do not all start at once. */
const STAGGER_MS = 7;

/** Runs several kinds of work side by side. */
export class Mix {
  private readonly begun: number[];

  constructor(private readonly all: readonly Steady[]) {
    this.begun = all.map(() => 0);
  }

  get perSecond(): number {
    return this.all.reduce((total, { perSecond }) => total + perSecond, 0);
  }

  /** Starts work for the given time, then waits until all of it has finished. */
  async run(milliseconds: number): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    const firsts = [...this.begun];
    const start = performance.now();
    for (let at = 0; at < milliseconds; at = performance.now() - start) {
      this.all.forEach(({ perSecond, work }, index) => {
        const due = Math.floor(((at - index * STAGGER_MS) / 1000) * perSecond) + 1;
        while (this.begun[index]! - firsts[index]! < due) {
          // Failures are counted where the request is measured.
          const working = work(this.begun[index]!++)
            .catch(() => undefined)
            .finally(() => inFlight.delete(working));
          inFlight.add(working);
        }
      });
      await sleep(TICK_MS);
    }
    await Promise.all(inFlight);
  }
}
