import { setTimeout as sleep } from 'node:timers/promises';

/** Work that is begun so often, whether or not what was begun before has ended. */
export interface Steady {
  readonly perSecond: number;
  /** @param n counts up from 0 */
  readonly work: (n: number) => Promise<void>;
}

const TICK_MS = 5;
/** So that not all begin at once, again and again. */
const APART_MS = 7;

/** Several kinds of work side by side. */
export class Mix {
  private readonly begun: number[];

  constructor(private readonly all: readonly Steady[]) {
    this.begun = all.map(() => 0);
  }

  get perSecond(): number {
    return this.all.reduce((total, { perSecond }) => total + perSecond, 0);
  }

  /** Goes on for so long, and waits until all has ended that was begun. */
  async run(milliseconds: number): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    const firsts = [...this.begun];
    const start = performance.now();
    for (let at = 0; at < milliseconds; at = performance.now() - start) {
      this.all.forEach(({ perSecond, work }, index) => {
        const due = Math.floor(((at - index * APART_MS) / 1000) * perSecond) + 1;
        while (this.begun[index]! - firsts[index]! < due) {
          // What fails is counted where it is measured.
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
