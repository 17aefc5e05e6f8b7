interface QueuedRequest<Request, Result> {
  readonly request: Request;
  readonly order: number;
  readonly size: number;
  readonly lockKeys: readonly number[];
  readonly resolve: (answer: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/** What became of one request of a group. */
export type BatchOutcome<Result> = { readonly answer: Result } | { readonly error: unknown };

/** What counts of a request. */
export interface RequestRules<Request> {
  /** how much of a group's size it takes */
  readonly sizeOf: (request: Request) => number;
  /** what it needs for its group alone: no two groups under way have one in common */
  readonly lockKeysOf: (request: Request) => readonly number[];
  /** ascending as requests come; one that comes again goes before those that came after it */
  readonly orderOf: (request: Request) => number;
}

export interface GroupCommitLimits {
  /** groups under way at once */
  readonly concurrency: number;
  /** size of a group past which no further request joins it */
  readonly size: number;
  /** how long a group under way keeps the next from beginning beside it, milliseconds */
  readonly overlapDelayMs: number;
  /** how long the next group waits for whom the last one answered, milliseconds */
  readonly batchWindowMs: number;
}

/**
 * Lets requests that come while others are being committed share the next
 * transaction: a group of many costs hardly more than a group of one. Whoever
 * was just answered often comes again at once, so as many as that are waited
 * for, briefly; a request that was alone waits for nobody.
 */
export class GroupCommit<Request, Result> {
  private waiting: QueuedRequest<Request, Result>[] = [];
  private readonly inFlight = new Set<readonly QueuedRequest<Request, Result>[]>();
  private lastBegan = -Infinity;
  private lastEnded = -Infinity;
  /** requests in the group that ended last */
  private answered = 0;
  private starting: NodeJS.Immediate | undefined;
  private later: NodeJS.Timeout | undefined;

  /** @param commit does all requests of a group in one transaction and answers when it is durable */
  constructor(
    private readonly commit: (requests: readonly Request[]) => Promise<BatchOutcome<Result>[]>,
    private readonly rules: RequestRules<Request>,
    private readonly limits: GroupCommitLimits,
  ) {}

  submit(request: Request): Promise<Result> {
    const order = this.rules.orderOf(request);
    const size = this.rules.sizeOf(request);
    const lockKeys = this.rules.lockKeysOf(request);
    return new Promise((resolve, reject) => {
      let place = this.waiting.length;
      while (place > 0 && this.waiting[place - 1]!.order > order) place--;
      this.waiting.splice(place, 0, { request, order, size, lockKeys, resolve, reject });
      this.start();
    });
  }

  /** Once what has arrived by now is read. */
  private start(): void {
    this.starting ??= setImmediate(() => {
      this.starting = undefined;
      this.startGroups();
    });
  }

  private startGroups(): void {
    clearTimeout(this.later);
    while (this.inFlight.size < this.limits.concurrency && this.waiting.length > 0) {
      const now = performance.now();
      const due = this.nextDue();
      if (due > now) {
        this.later = setTimeout(() => this.startGroups(), due - now);
        return;
      }
      const group = this.nextGroup();
      if (group.length === 0) return;
      this.lastBegan = now;
      this.inFlight.add(group);
      void this.run(group);
    }
  }

  /** When those who wait may begin, on the clock of `performance`. */
  private nextDue(): number {
    if (this.inFlight.size > 0) return this.lastBegan + this.limits.overlapDelayMs;
    return this.waiting.length < this.answered
      ? this.lastEnded + this.limits.batchWindowMs
      : -Infinity;
  }

  /** The first that may begin, and what may go with it. What one of those left behind needs, none that came later takes. */
  private nextGroup(): QueuedRequest<Request, Result>[] {
    const taken = new Set<number>();
    for (const other of this.inFlight) {
      for (const { lockKeys } of other) for (const need of lockKeys) taken.add(need);
    }
    const group: QueuedRequest<Request, Result>[] = [];
    const left: QueuedRequest<Request, Result>[] = [];
    let size = 0;
    for (const each of this.waiting) {
      const fits = group.length === 0 || size + each.size <= this.limits.size;
      if (fits && each.lockKeys.every((need) => !taken.has(need))) {
        group.push(each);
        size += each.size;
      } else {
        left.push(each);
        for (const need of each.lockKeys) taken.add(need);
      }
    }
    this.waiting = left;
    return group;
  }

  private async run(group: readonly QueuedRequest<Request, Result>[]): Promise<void> {
    try {
      const outcomes = await this.commit(group.map(({ request }) => request));
      group.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome && 'answer' in outcome) resolve(outcome.answer);
        else reject(outcome?.error);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.inFlight.delete(group);
    this.lastEnded = performance.now();
    this.answered = group.length;
    this.start();
  }
}
