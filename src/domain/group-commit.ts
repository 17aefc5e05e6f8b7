interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** What became of one request of a group. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

export interface GroupCommitLimits {
  /** groups under way at once */
  readonly concurrency: number;
  /** size of a group past which no further request joins it */
  readonly size: number;
  /** how long a group under way keeps the next from beginning beside it, milliseconds */
  readonly aloneMs: number;
  /** how long the next group waits for whom the last one answered, milliseconds */
  readonly gatherMs: number;
}

/**
 * Lets requests that come while others are being committed share the next
 * transaction: a group of many costs hardly more than a group of one. Whoever
 * was just answered often comes again at once, so as many as that are waited
 * for, briefly; a request that was alone waits for nobody.
 */
export class GroupCommit<Request, Answer> {
  private readonly waiting: Waiting<Request, Answer>[] = [];
  private underWay = 0;
  private lastBegan = -Infinity;
  private lastEnded = -Infinity;
  /** requests in the group that ended last */
  private answered = 0;
  private starting: NodeJS.Immediate | undefined;
  private later: NodeJS.Timeout | undefined;

  /**
   * @param commit does all requests of a group in one transaction and answers when it is durable
   * @param sizeOf how much of a group's size a request takes
   */
  constructor(
    private readonly commit: (requests: readonly Request[]) => Promise<Outcome<Answer>[]>,
    private readonly sizeOf: (request: Request) => number,
    private readonly limits: GroupCommitLimits,
  ) {}

  submit(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
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
    while (this.underWay < this.limits.concurrency && this.waiting.length > 0) {
      const now = performance.now();
      const due = this.nextDue();
      if (due > now) {
        this.later = setTimeout(() => this.startGroups(), due - now);
        return;
      }
      this.lastBegan = now;
      this.underWay++;
      void this.run(this.nextGroup());
    }
  }

  /** When those who wait may begin, on the clock of `performance`. */
  private nextDue(): number {
    if (this.underWay > 0) return this.lastBegan + this.limits.aloneMs;
    return this.waiting.length < this.answered ? this.lastEnded + this.limits.gatherMs : -Infinity;
  }

  private nextGroup(): Waiting<Request, Answer>[] {
    let size = 0;
    let length = 0;
    for (const { request } of this.waiting) {
      size += this.sizeOf(request);
      if (length > 0 && size > this.limits.size) break;
      length++;
    }
    return this.waiting.splice(0, length);
  }

  private async run(group: readonly Waiting<Request, Answer>[]): Promise<void> {
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
    this.underWay--;
    this.lastEnded = performance.now();
    this.answered = group.length;
    this.start();
  }
}
