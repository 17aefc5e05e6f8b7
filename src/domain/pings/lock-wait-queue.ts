import { isBlocked, type Blocked, type RecordRequest, type Resolved } from './record-batch.js';
import type { Resolution } from './resolve-conflicts.js';

interface WaitingRequest {
  readonly request: RecordRequest;
  readonly resolve: (resolution: Resolution | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The blocked requests of one account: they need sensors that another transaction has locked, and
 * are tried in the order in which they arrived.
 *
 * A request *waits* until an attempt takes it along. Then it is *settled* (recorded, or refused),
 * or it is still *blocked* and waits on, or it was not part of the attempt: where it needs no
 * sensor that the attempt found locked, it is *released*, to be submitted to the group commit
 * again.
 */
export class LockWaitQueue {
  private waiting: WaitingRequest[] = [];
  private lockedSensors: ReadonlySet<number> = new Set();
  private isTrying = false;

  /**
   * @param attempt tries to record requests together, waiting for their sensors for a while
   * @param size the most pings in an attempt of more than one request
   */
  constructor(
    private readonly attempt: (
      requests: readonly RecordRequest[],
    ) => Promise<readonly (Resolved | Blocked)[]>,
    private readonly size: number,
  ) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /**
   * The sensors of a request that others here wait for; it should wait behind them. Undefined:
   * none.
   */
  awaitedAmong({ sensorIds }: RecordRequest): readonly number[] | undefined {
    const awaited = sensorIds.filter((id) => this.lockedSensors.has(id));
    return awaited.length > 0 ? awaited : undefined;
  }

  /** @returns undefined where the request was released */
  wait(request: RecordRequest, lockedSensors: readonly number[]): Promise<Resolution | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.lockedSensors = new Set([...this.lockedSensors, ...lockedSensors]);
      if (!this.isTrying) void this.tryAll();
    });
  }

  private async tryAll(): Promise<void> {
    this.isTrying = true;
    while (this.waiting.length > 0) {
      const group = this.firstGroup();
      const outcomes = await this.attempt(group.map(({ request }) => request)).catch(
        (error: unknown) => group.map(() => ({ error })),
      );
      this.settle(group, outcomes);
    }
    this.isTrying = false;
  }

  private firstGroup(): WaitingRequest[] {
    let size = 0;
    const end = this.waiting.findIndex(({ request }, index) => {
      size += request.pings.length;
      return index > 0 && size > this.size;
    });
    return end < 0 ? [...this.waiting] : this.waiting.slice(0, end);
  }

  private settle(
    group: readonly WaitingRequest[],
    outcomes: readonly (Resolved | Blocked)[],
  ): void {
    const others = this.waiting.slice(group.length);
    this.lockedSensors = new Set(
      outcomes.flatMap((outcome) => (isBlocked(outcome) ? outcome.lockedSensors : [])),
    );
    this.waiting = group.filter((_, index) => isBlocked(outcomes[index]!));
    group.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]!;
      if ('result' in outcome) resolve(outcome.result);
      else if ('error' in outcome) reject(outcome.error);
    });
    for (const other of others) {
      if (this.awaitedAmong(other.request)) this.waiting.push(other);
      else other.resolve(undefined);
    }
  }
}
