import { performance } from 'node:perf_hooks';
import { ActiveAccounts } from './active-accounts.js';
import { Rotation } from './rotation.js';
import { TimeBudget } from './time-budget.js';

const SLICE_MS = 2;
/** After how long those that wait for their share of time are looked at again. */
const PAUSE_MS = 2;

/** The turns of one account. */
export interface Turns {
  /** Whether the current slice is over: then `next` is to be awaited. */
  readonly isOver: boolean;
  /** whether no other account makes requests */
  readonly isAlone: boolean;
  /** Waits for a slice. */
  next(): Promise<void>;
}

interface Turn {
  readonly account: number | string;
  readonly begin: () => void;
}

/**
 * Divides work that may be long into slices, between which the event loop serves others. All work
 * that shares these slices takes turns, in rotation by account: in each iteration of the event loop
 * it has one slice altogether. While requests of other accounts come, an account that has taken
 * much time waits until it has its share of time again.
 */
export class TimeSlices {
  /** by account */
  private readonly waiting = new Rotation<number | string, Turn>();
  private sliceStart = -Infinity;
  private isScheduled = false;
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly active: Pick<ActiveAccounts, 'hasOther'>,
    private readonly budget: Pick<TimeBudget, 'has' | 'take'> = new TimeBudget(),
  ) {}

  of(account: number | string): Turns {
    const isOver = () => performance.now() - this.sliceStart >= SLICE_MS;
    const isAlone = () => !this.active.hasOther(account);
    return {
      get isOver() {
        return isOver();
      },
      get isAlone() {
        return isAlone();
      },
      next: () => this.next(account),
    };
  }

  private next(account: number | string): Promise<void> {
    return new Promise((begin) => {
      this.waiting.add(account, { account, begin });
      this.schedule();
    });
  }

  private readonly schedule = (): void => {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(this.begin);
  };

  private readonly begin = (): void => {
    this.isScheduled = false;
    clearTimeout(this.pause);
    const turn = this.waiting.next(this.isDue);
    if (!turn) {
      if (!this.waiting.isEmpty) this.pause = setTimeout(this.schedule, PAUSE_MS);
      return;
    }
    if (!this.waiting.isEmpty) this.schedule();
    this.sliceStart = performance.now();
    turn.begin();
    // What is done in the slice are microtasks, after which this runs.
    queueMicrotask(() => process.nextTick(this.end, turn.account));
  };

  private readonly isDue = (account: number | string): boolean =>
    this.budget.has(account) || !this.active.hasOther(account);

  private readonly end = (account: number | string): void => {
    this.budget.take(account, performance.now() - this.sliceStart);
  };
}

/** Those that make requests to this process. */
export const ACTIVE_ACCOUNTS = new ActiveAccounts();

/** Those of this process, which has one event loop. */
const SLICES = new TimeSlices(ACTIVE_ACCOUNTS);

/**
 * The turns of an account's work in this process.
 * @param account its id, or the address of a client whose account is not known
 */
export function turnsOf(account: number | string): Turns {
  return SLICES.of(account);
}
