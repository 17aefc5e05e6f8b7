import { LRUCache } from 'lru-cache';
import type { BacklogStore } from '../../storage/webhooks/backlog-store.js';
import type { PingAdmission } from '../pings/pings.js';
import { PayloadTooLargeError, RateLimitedError } from '../shared/errors.js';

/** One transaction queues no more than this, even if the account may have more waiting. */
const MAX_DELIVERIES_PER_REQUEST = 500_000;
const RETRY_AFTER_SECONDS = 10;
const COUNT_INTERVAL_MS = 10_000;
const MIN_COUNT_INTERVAL_MS = 1000;
// Counting may take a tenth of the time.
const COUNT_SHARE = 10;
const MAX_ACCOUNTS = 10_000;

/** What is known of an account's waiting deliveries. */
interface Backlog {
  readonly endpoints: readonly { readonly sensorIds: ReadonlySet<number> | undefined }[];
  readonly countedAt: number;
  /** before that counting again would load the database too much */
  readonly countableAt: number;
  /** as counted, and what was admitted here since */
  waiting: number;
}

/**
 * Limits the deliveries that wait to be sent for an account. A request that would exceed the limit
 * is refused before anything is recorded; nothing that was acknowledged is dropped.
 *
 * Counting at each request would cost too much, so the number is estimated: counted every ten
 * seconds and increased by what is admitted here. What other instances admit in between is not
 * limited.
 */
export class DeliveryBacklog implements PingAdmission {
  private readonly backlogs = new LRUCache<number, Backlog>({ max: MAX_ACCOUNTS });
  private readonly counting = new Map<number, Promise<Backlog>>();

  constructor(
    private readonly store: BacklogStore,
    private readonly maxWaiting: number,
  ) {}

  async admit(accountId: number, pings: readonly { readonly sensorId: number }[]): Promise<void> {
    let backlog = this.backlogs.get(accountId) ?? (await this.count(accountId));
    // The estimate suffices while it is counted again.
    if (isOlder(backlog, COUNT_INTERVAL_MS)) this.count(accountId).catch(() => undefined);
    if (backlog.endpoints.length === 0) return;
    const deliveries = deliveriesOf(backlog, pings);
    this.requireBounded(deliveries, pings.length);
    if (backlog.waiting + deliveries > this.maxWaiting && isOlder(backlog, MIN_COUNT_INTERVAL_MS)) {
      backlog = await this.count(accountId);
    }
    if (backlog.waiting + deliveries > this.maxWaiting) {
      throw new RateLimitedError(
        RETRY_AFTER_SECONDS,
        `The account has too many webhook deliveries waiting (at most ${this.maxWaiting}). Repair, disable or delete the endpoints that do not accept them, or try again in ${RETRY_AFTER_SECONDS} seconds.`,
      );
    }
    backlog.waiting += deliveries;
  }

  /** To be called when an account's endpoints have changed. */
  forget(accountId: number): void {
    this.backlogs.delete(accountId);
  }

  private requireBounded(deliveries: number, pings: number): void {
    const limit = Math.min(MAX_DELIVERIES_PER_REQUEST, this.maxWaiting);
    if (deliveries <= limit) return;
    const fewer = Math.max(Math.floor((pings * limit) / deliveries), 1);
    throw new PayloadTooLargeError(
      `This request would queue ${deliveries} webhook deliveries; one may queue at most ${limit}. Send at most ${fewer} of these pings in a request, or disable endpoints.`,
    );
  }

  private async count(accountId: number): Promise<Backlog> {
    const known = this.backlogs.get(accountId);
    if (known && performance.now() < known.countableAt) return known;
    let counting = this.counting.get(accountId);
    if (!counting) {
      counting = this.countNow(accountId).finally(() => this.counting.delete(accountId));
      this.counting.set(accountId, counting);
    }
    return counting;
  }

  private async countNow(accountId: number): Promise<Backlog> {
    const countedAt = performance.now();
    const before = this.backlogs.get(accountId)?.waiting ?? 0;
    const rows = await this.store.ofAccount(accountId, this.maxWaiting);
    const countableAt = countedAt + COUNT_SHARE * (performance.now() - countedAt);
    // What was admitted meanwhile may not be in the count.
    const admitted = Math.max((this.backlogs.get(accountId)?.waiting ?? 0) - before, 0);
    const waiting = rows.reduce((sum, row) => sum + row.waiting, admitted);
    const endpoints = rows
      .filter(({ event_types }) => event_types.some((type) => type !== 'pings_deleted'))
      .map(({ sensor_ids }) => ({
        sensorIds: sensor_ids.length > 0 ? new Set(sensor_ids) : undefined,
      }));
    const backlog = { endpoints, countedAt, countableAt, waiting };
    this.backlogs.set(accountId, backlog);
    return backlog;
  }
}

function isOlder({ countedAt }: Backlog, ageMs: number): boolean {
  return performance.now() - countedAt > ageMs;
}

/** The most deliveries that the pings make: duplicates make none. */
function deliveriesOf(
  { endpoints }: Backlog,
  pings: readonly { readonly sensorId: number }[],
): number {
  let deliveries = 0;
  for (const { sensorIds } of endpoints) {
    if (!sensorIds) deliveries += pings.length;
    else for (const { sensorId } of pings) if (sensorIds.has(sensorId)) deliveries++;
  }
  return deliveries;
}
