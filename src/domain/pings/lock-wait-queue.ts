import { isBlocked, type Resolved, type Blocked, type RecordRequest } from './record-batch.js';
import type { Resolution } from './resolve-conflicts.js';

interface BlockedRequest {
  readonly request: RecordRequest;
  readonly resolve: (decision: Resolution | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/** One account's requests that need sensors which something else holds, in the order in which they came. */
export class LockWaitQueue {
  private waiting: BlockedRequest[] = [];
  private held: ReadonlySet<number> = new Set();
  private isTrying = false;

  /**
   * @param attempt tries the first of them that go together, for as long as it takes
   * @param size most pings in an attempt
   */
  constructor(
    private readonly attempt: (
      requests: readonly RecordRequest[],
    ) => Promise<(Resolved | Blocked)[]>,
    private readonly size: number,
  ) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Those of a request's sensors that others wait for, if any: it should wait too. */
  heldAmong({ sensorIds }: RecordRequest): readonly number[] | undefined {
    const held = sensorIds.filter((id) => this.held.has(id));
    return held.length > 0 ? held : undefined;
  }

  /** @returns undefined where its sensors may be free by now */
  wait(request: RecordRequest, held: readonly number[]): Promise<Resolution | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.held = new Set([...this.held, ...held]);
      if (!this.isTrying) void this.tryAll();
    });
  }

  private async tryAll(): Promise<void> {
    this.isTrying = true;
    while (this.waiting.length > 0) {
      const group = this.first();
      const outcomes = await this.attempt(group.map(({ request }) => request)).catch(
        (error: unknown) => group.map(() => ({ error })),
      );
      this.settle(group, outcomes);
    }
    this.isTrying = false;
  }

  private first(): BlockedRequest[] {
    let size = 0;
    const end = this.waiting.findIndex(({ request }, index) => {
      size += request.pings.length;
      return index > 0 && size > this.size;
    });
    return end < 0 ? [...this.waiting] : this.waiting.slice(0, end);
  }

  /** What was held stays; whatever came meanwhile, or was too much for the attempt, stays only where it needs the same. */
  private settle(
    group: readonly BlockedRequest[],
    outcomes: readonly (Resolved | Blocked)[],
  ): void {
    const others = this.waiting.slice(group.length);
    this.held = new Set(outcomes.flatMap((outcome) => (isBlocked(outcome) ? outcome.held : [])));
    this.waiting = group.filter((_, index) => isBlocked(outcomes[index]!));
    group.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]!;
      if ('answer' in outcome) resolve(outcome.answer);
      else if ('error' in outcome) reject(outcome.error);
    });
    for (const other of others) {
      if (this.heldAmong(other.request)) this.waiting.push(other);
      else other.resolve(undefined);
    }
  }
}
