import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { includes, replayedBy, type Position, type Replayed } from './position.js';

const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 5;

interface Waiting {
  readonly position: Position;
  readonly until: number;
  readonly settle: (isReached: boolean) => void;
}

/** Waits until a replica has replayed what its primary has written. */
export class ReplayWatch {
  private replayed: Replayed | undefined;
  private readonly waiting = new Set<Waiting>();
  private polling: Promise<void> | undefined;

  /**
   * @param client a connection that nothing else uses
   * @param onFailure called where the replica does not answer
   */
  constructor(
    private readonly client: pg.Client,
    private readonly maxLagMs: number,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Whether it is known without asking the replica. */
  has(position: Position): boolean {
    return this.replayed !== undefined && includes(this.replayed, position);
  }

  /**
   * Resolves to whether the replica has replayed the position: to false once it has not for
   * `maxLagMs`, and where it does not answer.
   */
  reaches(position: Position): Promise<boolean> {
    if (this.has(position)) return Promise.resolve(true);
    return new Promise((settle) => {
      this.waiting.add({ position, until: performance.now() + this.maxLagMs, settle });
      this.polling ??= this.poll();
    });
  }

  private async poll(): Promise<void> {
    let pause = MIN_PAUSE_MS;
    try {
      while (this.waiting.size > 0) {
        this.replayed = await replayedBy(this.client);
        this.settle(this.replayed);
        if (this.waiting.size > 0) await sleep(pause);
        pause = Math.min(pause * 2, MAX_PAUSE_MS);
      }
    } catch (error) {
      this.onFailure(error);
      for (const { settle } of this.waiting) settle(false);
      this.waiting.clear();
    } finally {
      this.polling = undefined;
    }
  }

  /** @throws where the server is not a replica of the one that the position is of */
  private settle(replayed: Replayed): void {
    const now = performance.now();
    for (const each of this.waiting) {
      const { position, until, settle } = each;
      if (!replayed.isReplica || replayed.system !== position.system) {
        throw new Error('it is not a replica of the server of DATABASE_URL');
      }
      const isReached = includes(replayed, position);
      if (!isReached && now < until) continue;
      this.waiting.delete(each);
      settle(isReached);
    }
  }
}
