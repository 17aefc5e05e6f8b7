import { LockTimeoutError } from '../../storage/postgres/pg-errors.js';
import type { PingWriter } from '../../storage/pings/ping-writer.js';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';
import { GroupCommit, type BatchOutcome, type RequestRules } from './group-commit.js';
import { LockWaitQueue } from './lock-wait-queue.js';
import {
  isBlocked,
  recordBatch,
  type Resolved,
  type Blocked,
  type RecordRequest,
} from './record-batch.js';
import type { Resolution, NewPing, RecordOptions } from './resolve-conflicts.js';
import type { Principal } from '../shared/principal.js';

// A small group takes less time than it is alone; beside a large one the next
// keeps the disk busy, and a small request need not wait for all of it. The
// larger a group, the more of its pings share their sensors' summaries: twice
// this size is hardly cheaper a ping, and half of it a tenth dearer.
const LIMITS = { concurrency: 2, size: 8000, overlapDelayMs: 10, batchWindowMs: 1 };

const RULES: RequestRules<RecordRequest> = {
  sizeOf: ({ pings }) => pings.length,
  lockKeysOf: ({ sensorIds }) => sensorIds,
  orderOf: ({ arrival }) => arrival,
};

// Accounts at once that wait in the database for what holds their sensors.
const HELD_AT_ONCE = 2;

/**
 * Records pings durably, each request whole or not at all. Requests that come
 * at once share a transaction; one that conflicts drops out of it alone.
 *
 * Something else may hold a sensor for long, as an import does until it is
 * committed. A request that needs it is set aside and waits with those of its
 * account, in the order in which they came, and holds up no other.
 */
export class PingRecorder {
  private readonly groups: GroupCommit<RecordRequest, Resolution | Blocked>;
  /** by account, so that what holds one's sensors is nothing to another */
  private readonly held = new Map<number, LockWaitQueue>();
  private readonly turns = new ConcurrencyLimiter(HELD_AT_ONCE, Infinity);
  private arrivals = 0;

  constructor(private readonly writer: PingWriter) {
    this.groups = new GroupCommit((requests) => this.commit(requests), RULES, LIMITS);
  }

  async record(
    principal: Principal,
    pings: readonly NewPing[],
    options: RecordOptions,
  ): Promise<Resolution> {
    const sensorIds = new Set<number>();
    for (const { sensorId } of pings) sensorIds.add(sensorId);
    const arrival = this.arrivals++;
    const request = { principal, pings, sensorIds: [...sensorIds], options, arrival };
    for (;;) {
      const tried = await this.groups.submit(request);
      const decision = isBlocked(tried) ? await this.wait(request, tried) : tried;
      if (decision) return decision;
    }
  }

  /** Does what can be done at once; what needs a sensor that others wait for comes after those. */
  private async commit(
    requests: readonly RecordRequest[],
  ): Promise<BatchOutcome<Resolution | Blocked>[]> {
    const awaited = requests.map((request) =>
      this.held.get(request.principal.accountId)?.heldAmong(request),
    );
    const tried = requests.filter((_, index) => !awaited[index]);
    const outcomes = tried.length > 0 ? await recordBatch(this.writer, tried, 'FREE') : [];
    let next = 0;
    return awaited.map((held) => {
      const outcome = held ? { held } : outcomes[next++]!;
      return isBlocked(outcome) ? { answer: outcome } : outcome;
    });
  }

  private async wait(request: RecordRequest, { held }: Blocked): Promise<Resolution | undefined> {
    const { accountId } = request.principal;
    const requests =
      this.held.get(accountId) ??
      new LockWaitQueue((group) => this.turns.run(() => this.attempt(group)), LIMITS.size);
    this.held.set(accountId, requests);
    try {
      return await requests.wait(request, held);
    } finally {
      if (requests.isEmpty) this.held.delete(accountId);
    }
  }

  /** Waits for all the sensors for a while, then does what can be done. */
  private async attempt(requests: readonly RecordRequest[]): Promise<(Resolved | Blocked)[]> {
    try {
      return await recordBatch(this.writer, requests, 'AWAITED');
    } catch (error) {
      if (!(error instanceof LockTimeoutError)) throw error;
      return recordBatch(this.writer, requests, 'FREE');
    }
  }
}
