import { LockTimeoutError } from '../../storage/postgres/pg-errors.js';
import type { PingWriter, SensorLock } from '../../storage/pings/ping-writer.js';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';
import type { Admission } from './admission.js';
import { BatchAppender } from './batch-appender.js';
import { GroupCommit, type BatchOutcome, type GroupingRules } from './group-commit.js';
import { LockWaitQueue } from './lock-wait-queue.js';
import {
  inBatchSpan,
  isBlocked,
  recordBatch,
  type Blocked,
  type RecordRequest,
  type Resolved,
} from './record-batch.js';
import type { NewPing, RecordOptions, Resolution } from './resolve-conflicts.js';
import { inSpan, type Span } from '../../tracing/tracing.js';
import type { Principal } from '../shared/principal.js';

// A small group is shorter than the overlap delay, so it runs alone; beside a large one the next
// keeps the disk busy, and a small request need not wait for all of it. The larger a group, the
// more of its pings share their sensors' summaries: twice this size is hardly cheaper per ping,
// half of it costs a tenth more.
const LIMITS = { concurrency: 2, size: 8000, overlapDelayMs: 10, batchWindowMs: 1 };

const RULES: GroupingRules<RecordRequest> = {
  sizeOf: ({ pings }) => pings.length,
  lockKeysOf: ({ sensorIds }) => sensorIds,
  orderOf: ({ arrival }) => arrival,
};

/** Accounts whose blocked requests wait in the database at once; each takes a connection. */
const MAX_LOCK_WAITS = 2;

/**
 * Records pings durably, each request whole or not at all. Requests that arrive at once share a
 * transaction; one that conflicts with what is stored drops out of it alone.
 *
 * Another transaction may lock a sensor for long, as an import does until it commits. A request
 * that needs that sensor is blocked: it waits with those of its account, in the order of arrival,
 * and delays no other.
 *
 *     queued → in flight → committed
 *       ↑          └→ blocked → waiting for locks → committed
 *       └───────────── released ──────┘
 *
 * In flight and in an attempt to get the locks, a request may also be refused (a conflict, an
 * unknown sensor).
 */
export class PingRecorder {
  private readonly groups: GroupCommit<RecordRequest, Resolution | Blocked>;
  /** by account, so that locked sensors of one account do not delay another */
  private readonly lockWaits = new Map<number, LockWaitQueue>();
  private readonly lockWaitLimiter = new ConcurrencyLimiter(MAX_LOCK_WAITS, Infinity);
  private readonly appender: BatchAppender;
  private arrivals = 0;

  constructor(private readonly writer: PingWriter) {
    this.appender = new BatchAppender(writer);
    this.groups = new GroupCommit((requests) => this.commit(requests), RULES, LIMITS);
  }

  record(
    principal: Principal,
    pings: readonly NewPing[],
    options: RecordOptions,
    admission: Admission,
  ): Promise<Resolution> {
    return inSpan(
      () => ({ name: 'record pings', attributes: { 'flowgate.pings': pings.length } }),
      (span) => this.recordIn(span, principal, pings, options, admission),
    );
  }

  private async recordIn(
    { traceparent }: Span,
    principal: Principal,
    pings: readonly NewPing[],
    options: RecordOptions,
    admission: Admission,
  ): Promise<Resolution> {
    const sensorIds = new Set<number>();
    for (const { sensorId } of pings) sensorIds.add(sensorId);
    const arrival = this.arrivals++;
    const request = {
      principal,
      pings,
      sensorIds: [...sensorIds],
      options,
      admission,
      arrival,
      traceparent,
    };
    for (;;) {
      const outcome = await this.groups.submit(request);
      const resolution = isBlocked(outcome) ? await this.waitForLocks(request, outcome) : outcome;
      if (resolution) return resolution;
    }
  }

  /**
   * Records what can be recorded at once. A request that needs a sensor which others wait for waits
   * behind them.
   */
  private async commit(
    requests: readonly RecordRequest[],
  ): Promise<BatchOutcome<Resolution | Blocked>[]> {
    const awaited = requests.map((request) =>
      this.lockWaits.get(request.principal.accountId)?.awaitedAmong(request),
    );
    const tried = requests.filter((_, index) => !awaited[index]);
    const outcomes = tried.length > 0 ? await inBatchSpan(tried, () => this.recordFree(tried)) : [];
    let next = 0;
    return awaited.map((lockedSensors) => {
      const outcome = lockedSensors ? { lockedSensors } : outcomes[next++]!;
      return isBlocked(outcome) ? { result: outcome } : outcome;
    });
  }

  private async recordFree(
    requests: readonly RecordRequest[],
  ): Promise<readonly (Resolved | Blocked)[]> {
    const appended = await this.appender.append(requests);
    const others = requests.filter((_, index) => !appended[index]);
    const recorded = others.length > 0 ? await this.recordAll(others) : [];
    let next = 0;
    return appended.map((each) => each ?? recorded[next++]!);
  }

  /** Fails of each request by itself: others of its batch may have been recorded. */
  private async recordAll(
    requests: readonly RecordRequest[],
  ): Promise<readonly (Resolved | Blocked)[]> {
    try {
      return await recordBatch(this.writer, requests, 'FREE');
    } catch (error) {
      return requests.map(() => ({ error }));
    }
  }

  private async waitForLocks(
    request: RecordRequest,
    { lockedSensors }: Blocked,
  ): Promise<Resolution | undefined> {
    const { accountId } = request.principal;
    const queue =
      this.lockWaits.get(accountId) ??
      new LockWaitQueue(
        (group) => this.lockWaitLimiter.run(() => this.recordAwaiting(group)),
        LIMITS.size,
      );
    this.lockWaits.set(accountId, queue);
    try {
      return await queue.wait(request, lockedSensors);
    } finally {
      if (queue.isEmpty) this.lockWaits.delete(accountId);
    }
  }

  /**
   * Waits a while for all the sensors; where that was in vain, records what can be recorded without
   * the rest.
   */
  private async recordAwaiting(
    requests: readonly RecordRequest[],
  ): Promise<readonly (Resolved | Blocked)[]> {
    const record = (lock: SensorLock) =>
      inBatchSpan(requests, () => recordBatch(this.writer, requests, lock));
    try {
      return await record('AWAITED');
    } catch (error) {
      if (!(error instanceof LockTimeoutError)) throw error;
      return record('FREE');
    }
  }
}
