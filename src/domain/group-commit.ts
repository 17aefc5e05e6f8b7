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
}

/**
 * Lets requests that come while others are being committed share the next
 * transaction: one flush to disk then serves them all. None waits for company.
 */
export class GroupCommit<Request, Answer> {
  private readonly waiting: Waiting<Request, Answer>[] = [];
  private underWay = 0;
  private starting: NodeJS.Immediate | undefined;

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

  /** Once what has arrived by now is read: it joins, and a few large groups cost less than many small ones. */
  private start(): void {
    this.starting ??= setImmediate(() => {
      this.starting = undefined;
      this.startGroups();
    });
  }

  private startGroups(): void {
    while (this.underWay < this.limits.concurrency && this.waiting.length > 0) {
      this.underWay++;
      void this.run(this.nextGroup()).finally(() => {
        this.underWay--;
        this.start();
      });
    }
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
  }
}
