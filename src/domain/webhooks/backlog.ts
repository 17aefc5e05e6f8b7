import { LRUCache } from 'lru-cache';
import type { BacklogStore } from '../../storage/webhooks/backlog-store.js';
import type { Admission, AdmittedChanges, PingAdmission } from '../pings/admission.js';
import { PayloadTooLargeError, RateLimitedError } from '../shared/errors.js';

/** One transaction queues no more than this, even if the account may have more waiting. */
const MAX_DELIVERIES_PER_REQUEST = 500_000;
const RETRY_AFTER_SECONDS = 10;
const COUNT_INTERVAL_MS = 10_000;
const MIN_COUNT_INTERVAL_MS = 1000;
// Counting may take a tenth of the time.
const COUNT_SHARE = 10;
const MAX_ACCOUNTS = 10_000;

interface Endpoint {
  readonly id: number;
  readonly eventTypes: readonly string[];
  /** undefined: all of the account's */
  readonly sensorIds: ReadonlySet<number> | undefined;
}

/** What is known of an account's waiting deliveries. */
interface Backlog {
  /** undefined: not read since they changed, or deliveries were counted */
  endpoints: readonly Endpoint[] | undefined;
  /** how many waited at each of the account's endpoints */
  readonly counted: ReadonlyMap<number, number>;
  readonly countedAt: number;
  /** before that counting again would load the database too much */
  readonly countableAt: number;
  /** how many were admitted here since */
  admitted: number;
}

/**
 * Limits the deliveries that wait to be sent for an account, by every way in. A request that would
 * exceed the limit is refused in its own transaction, which then changes nothing; nothing that was
 * acknowledged is dropped.
 *
 * Counting at each request would cost too much, so the number is estimated: counted every ten
 * seconds and increased by what is admitted here. What other instances admit in between is not
 * limited.
 */
export class DeliveryBacklog implements PingAdmission {
  private readonly backlogs = new LRUCache<number, Backlog>({ max: MAX_ACCOUNTS });
  private readonly counting = new Map<number, Promise<Backlog>>();
  private readonly reading = new WeakMap<Backlog, Promise<readonly Endpoint[]>>();
  /** by account, the deliveries that were admitted to transactions that have not ended */
  private readonly uncommitted = new Map<number, number>();

  constructor(
    private readonly store: BacklogStore,
    private readonly maxWaiting: number,
  ) {}

  async prepare(accountId: number, changes: AdmittedChanges): Promise<Admission> {
    let backlog = this.backlogs.get(accountId) ?? (await this.count(accountId));
    let endpoints = await this.endpointsOf(accountId, backlog);
    // The estimate suffices while it is counted again.
    if (isOlder(backlog, COUNT_INTERVAL_MS)) this.count(accountId).catch(() => undefined);
    const atMost = waitingOf(backlog, endpoints) + deliveriesOf(endpoints, changes);
    if (atMost > this.maxWaiting && isOlder(backlog, MIN_COUNT_INTERVAL_MS)) {
      backlog = await this.count(accountId);
      endpoints = await this.endpointsOf(accountId, backlog);
    }
    let admitted = 0;
    const add = (deliveries: number) => {
      const current = this.backlogs.get(accountId) ?? backlog;
      current.admitted += deliveries;
      this.addUncommitted(accountId, deliveries);
      admitted += deliveries;
    };
    return {
      admit: (changes) => {
        // The transaction may be tried again.
        add(-admitted);
        const current = this.backlogs.get(accountId) ?? backlog;
        const receiving = current.endpoints ?? endpoints;
        const deliveries = deliveriesOf(receiving, changes);
        if (deliveries === 0) return;
        this.requireBounded(deliveries, changes);
        if (waitingOf(current, receiving) + deliveries > this.maxWaiting) {
          throw this.tooManyWaiting();
        }
        add(deliveries);
      },
      settle: (isCommitted) => {
        if (isCommitted) this.addUncommitted(accountId, -admitted);
        else add(-admitted);
      },
    };
  }

  async room(accountId: number): Promise<number | undefined> {
    const backlog = await this.count(accountId);
    const endpoints = await this.endpointsOf(accountId, backlog);
    if (endpoints.length === 0) return undefined;
    return Math.max(this.maxWaiting - waitingOf(backlog, endpoints), 0);
  }

  /**
   * Runs what queues deliveries of an account that do not follow from pings.
   * @param queue gets how many there is room for, and returns how many it queued; undefined where
   * they were more than that
   * @throws RateLimitedError where there is no room for them
   */
  async queue(
    accountId: number,
    queue: (room: number) => Promise<number | undefined>,
  ): Promise<number> {
    const room = (await this.room(accountId)) ?? this.maxWaiting;
    const queued = room > 0 ? await queue(room) : undefined;
    if (queued === undefined) throw this.tooManyWaiting();
    const backlog = this.backlogs.get(accountId);
    if (backlog) backlog.admitted += queued;
    return queued;
  }

  private tooManyWaiting(): RateLimitedError {
    return new RateLimitedError(
      RETRY_AFTER_SECONDS,
      `The account has too many webhook deliveries waiting (at most ${this.maxWaiting}). Repair, disable or delete the endpoints that do not accept them, or try again in ${RETRY_AFTER_SECONDS} seconds.`,
    );
  }

  private addUncommitted(accountId: number, deliveries: number): void {
    const sum = (this.uncommitted.get(accountId) ?? 0) + deliveries;
    if (sum > 0) this.uncommitted.set(accountId, sum);
    else this.uncommitted.delete(accountId);
  }

  /** To be called when an account's endpoints have changed. */
  endpointsChanged(accountId: number): void {
    const known = this.backlogs.get(accountId);
    if (known) this.backlogs.set(accountId, { ...known, endpoints: undefined });
  }

  private async endpointsOf(accountId: number, backlog: Backlog): Promise<readonly Endpoint[]> {
    if (backlog.endpoints) return backlog.endpoints;
    let reading = this.reading.get(backlog);
    if (!reading) {
      reading = this.readEndpoints(accountId).finally(() => this.reading.delete(backlog));
      this.reading.set(backlog, reading);
    }
    return (backlog.endpoints = await reading);
  }

  private async readEndpoints(accountId: number): Promise<readonly Endpoint[]> {
    const rows = await this.store.endpointsOf(accountId);
    return rows.map(({ id, event_types, sensor_ids }) => ({
      id,
      eventTypes: event_types,
      sensorIds: sensor_ids.length > 0 ? new Set(sensor_ids) : undefined,
    }));
  }

  private requireBounded(
    deliveries: number,
    { inserted, corrections = [] }: AdmittedChanges,
  ): void {
    const pings = inserted.length + corrections.length;
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
    const before = this.backlogs.get(accountId)?.admitted ?? 0;
    const uncommitted = this.uncommitted.get(accountId) ?? 0;
    const rows = await this.store.waitingOf(accountId, this.maxWaiting);
    const countableAt = countedAt + COUNT_SHARE * (performance.now() - countedAt);
    // What was admitted meanwhile may not be in the count.
    const meanwhile = Math.max((this.backlogs.get(accountId)?.admitted ?? 0) - before, 0);
    const backlog: Backlog = {
      endpoints: undefined,
      counted: new Map(rows.map(({ id, waiting }) => [id, waiting])),
      countedAt,
      countableAt,
      admitted: uncommitted + meanwhile,
    };
    this.backlogs.set(accountId, backlog);
    return backlog;
  }
}

function isOlder({ countedAt }: Backlog, ageMs: number): boolean {
  return performance.now() - countedAt > ageMs;
}

function waitingOf({ counted, admitted }: Backlog, endpoints: readonly Endpoint[]): number {
  return endpoints.reduce((sum, { id }) => sum + (counted.get(id) ?? 0), admitted);
}

function deliveriesOf(
  endpoints: readonly Endpoint[],
  { inserted, corrections = [], deletions = [] }: AdmittedChanges,
): number {
  let deliveries = 0;
  for (const { eventTypes, sensorIds } of endpoints) {
    if (eventTypes.includes('ping_received')) deliveries += countOf(inserted, sensorIds);
    if (eventTypes.includes('ping_corrected')) deliveries += countOf(corrections, sensorIds);
    if (eventTypes.includes('pings_deleted')) deliveries += countOf(deletions, sensorIds);
  }
  return deliveries;
}

function countOf(
  changes: readonly { readonly sensorId: number }[],
  sensorIds: ReadonlySet<number> | undefined,
): number {
  if (!sensorIds) return changes.length;
  let count = 0;
  for (const { sensorId } of changes) if (sensorIds.has(sensorId)) count++;
  return count;
}
