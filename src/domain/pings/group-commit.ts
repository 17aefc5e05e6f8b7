import { groupCommits } from '../shared/measurements.js';

interface QueuedRequest<Request, Result> {
  readonly request: Request;
  readonly order: number;
  readonly size: number;
  readonly lockKeys: readonly number[];
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

type Group<Request, Result> = readonly QueuedRequest<Request, Result>[];

/** What became of one request of a group. */
export type BatchOutcome<Result> = { readonly result: Result } | { readonly error: unknown };

/** How requests are grouped. */
export interface GroupingRules<Request> {
  /** its share of the size that a group may have */
  readonly sizeOf: (request: Request) => number;
  /** no two groups in flight have a lock key in common */
  readonly lockKeysOf: (request: Request) => readonly number[];
  /**
   * ascending as requests arrive; one that is submitted again goes before those that arrived after
   * it
   */
  readonly orderOf: (request: Request) => number;
}

export interface GroupCommitLimits {
  /** groups in flight at once */
  readonly concurrency: number;
  /** size past which no further request joins a group */
  readonly size: number;
  /** how long after one group the next may begin beside it, milliseconds */
  readonly overlapDelayMs: number;
  /**
   * how long the next group waits for clients that were just answered to submit again, milliseconds
   */
  readonly batchWindowMs: number;
}

/**
 * Lets requests that arrive while others are being committed share the next transaction: a group of
 * many costs hardly more than a group of one.
 *
 * A request is *queued* until its group begins, then *in flight* until that is committed, then
 * *settled*. It stays queued while `concurrency` groups are in flight, while one in flight has a
 * lock key of it, and while an earlier request that is queued has one. Clients that were just
 * answered often submit again at once, so the next group waits up to `batchWindowMs` for as many
 * requests as the last one had; a request that was alone does not wait.
 */
export class GroupCommit<Request, Result> {
  private queued: QueuedRequest<Request, Result>[] = [];
  private readonly inFlight = new Set<Group<Request, Result>>();
  private lastBegan = -Infinity;
  private lastEnded = -Infinity;
  private lastGroupLength = 0;
  private starting: NodeJS.Immediate | undefined;
  private delayedStart: NodeJS.Timeout | undefined;

  /**
   * @param commit runs all requests of a group in one transaction and resolves when it is durable
   */
  constructor(
    private readonly commit: (requests: readonly Request[]) => Promise<BatchOutcome<Result>[]>,
    private readonly rules: GroupingRules<Request>,
    private readonly limits: GroupCommitLimits,
  ) {}

  submit(request: Request): Promise<Result> {
    const order = this.rules.orderOf(request);
    const size = this.rules.sizeOf(request);
    const lockKeys = this.rules.lockKeysOf(request);
    return new Promise((resolve, reject) => {
      let place = this.queued.length;
      while (place > 0 && this.queued[place - 1]!.order > order) place--;
      this.queued.splice(place, 0, { request, order, size, lockKeys, resolve, reject });
      this.start();
    });
  }

  /** Starts groups once all that has arrived by now is read. */
  private start(): void {
    this.starting ??= setImmediate(() => {
      this.starting = undefined;
      this.startGroups();
    });
  }

  private startGroups(): void {
    clearTimeout(this.delayedStart);
    while (this.inFlight.size < this.limits.concurrency && this.queued.length > 0) {
      const now = performance.now();
      const due = this.nextStart();
      if (due > now) {
        this.delayedStart = setTimeout(() => this.startGroups(), due - now);
        return;
      }
      const group = this.takeGroup();
      if (group.length === 0) return;
      this.lastBegan = now;
      this.inFlight.add(group);
      void this.run(group);
    }
  }

  /** When the next group may begin, on the clock of `performance`. */
  private nextStart(): number {
    if (this.inFlight.size > 0) return this.lastBegan + this.limits.overlapDelayMs;
    return this.queued.length < this.lastGroupLength
      ? this.lastEnded + this.limits.batchWindowMs
      : -Infinity;
  }

  /**
   * Takes the next group out of the queue, in the order of arrival. A request that conflicts with a
   * group in flight stays queued, and so does every later request that shares a lock key with it.
   */
  private takeGroup(): Group<Request, Result> {
    const taken = new Set<number>();
    for (const group of this.inFlight) {
      for (const { lockKeys } of group) for (const key of lockKeys) taken.add(key);
    }
    const group: QueuedRequest<Request, Result>[] = [];
    const remaining: QueuedRequest<Request, Result>[] = [];
    let size = 0;
    for (const each of this.queued) {
      const fits = group.length === 0 || size + each.size <= this.limits.size;
      if (fits && each.lockKeys.every((key) => !taken.has(key))) {
        group.push(each);
        size += each.size;
      } else {
        remaining.push(each);
        for (const key of each.lockKeys) taken.add(key);
      }
    }
    this.queued = remaining;
    return group;
  }

  private async run(group: Group<Request, Result>): Promise<void> {
    const began = performance.now();
    try {
      const outcomes = await this.commit(group.map(({ request }) => request));
      group.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome && 'result' in outcome) resolve(outcome.result);
        else reject(outcome?.error);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.inFlight.delete(group);
    this.lastEnded = performance.now();
    groupCommits.publish({ durationMs: this.lastEnded - began, requests: group.length });
    this.lastGroupLength = group.length;
    this.start();
  }
}
