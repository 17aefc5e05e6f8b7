import type { Queryable } from '../../storage/postgres/database.js';
import { LockTimeoutError } from '../../storage/postgres/pg-errors.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { RetentionStore, SensorToThin } from '../../storage/retention/retention-store.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { DAY_MS } from '../shared/durations.js';
import { InvalidInputError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { FIRST_INSTANT } from '../shared/time.js';

export const MIN_RETENTION_DAYS = 31;
export const MAX_RETENTION_DAYS = 36_500;

// A transaction locks its sensor for as long as it removes what this many days hold: at a ping a second
// 700 000 pings, a few seconds.
const DAYS_A_BATCH = 8;

/** What thinning does, or would do. */
export interface Thinning extends ThinningTotal {
  /** only earlier readings are thinned; the start of a UTC day */
  readonly before: Date;
}

export interface ThinningTotal {
  readonly pings: number;
  /** whose pings they are */
  readonly sensors: number;
}

/**
 * How long an account keeps all of its readings. Of each hour before that the first and the last one
 * stay, and the hour's summary, so that volumes of whole hours remain exact.
 */
export class PingRetention {
  private isStopped = false;

  constructor(
    private readonly store: RetentionStore,
    private readonly clock: Clock,
  ) {}

  /** @returns null: for ever */
  days(principal: Principal): Promise<number | null> {
    requireScope(principal, 'READ');
    return this.store.days(principal.accountId);
  }

  /**
   * Readings are thinned later, in the background.
   * @param days null: for ever; what was thinned stays so
   */
  async set(principal: Principal, days: number | null): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (days !== null) requireDays(days);
    const { accountId: id, accountName: name } = principal;
    const subject = { type: 'ACCOUNT', id, name } as const;
    const event = auditEntry(principal, 'PING_RETENTION_SET', subject, { days });
    await this.store.setDays(id, days, event);
  }

  /** What would be thinned now. */
  async preview(principal: Principal, days: number): Promise<Thinning> {
    requireScope(principal, 'ADMIN');
    requireDays(days);
    const { accountId } = principal;
    const before = this.end(days);
    let [pings, sensors] = [0, 0];
    for (const sensorId of await this.store.sensors(accountId, before)) {
      const sensor = await this.store.find(accountId, sensorId);
      const range = await this.range(this.store.reads, accountId, sensorId, sensor, {
        start: FIRST_INSTANT,
        end: before,
      });
      const count = range ? await this.store.count(accountId, sensorId, range) : 0;
      pings += count;
      if (count > 0) sensors++;
    }
    return { pings, sensors, before };
  }

  /** Thins what is old enough, of all accounts, a few days of one sensor in a transaction. */
  async thin(): Promise<ThinningTotal> {
    const total = { pings: 0, sensors: 0 };
    for (const { id, name, days } of await this.store.accounts()) {
      const before = this.end(days);
      let [pings, sensors] = [0, 0];
      for (const sensorId of await this.store.sensors(id, before)) {
        if (this.isStopped) break;
        const removed = await this.thinSensor(id, sensorId, before);
        pings += removed;
        if (removed > 0) sensors++;
      }
      if (pings > 0) await this.store.audit(thinned({ id, name }, { pings, sensors, before }));
      total.pings += pings;
      total.sensors += sensors;
    }
    return total;
  }

  /** Ends thinning after the transaction in progress. */
  stop(): void {
    this.isStopped = true;
  }

  /** Whole days, so that a sensor's readings are thinned once a day. */
  private end(days: number): Date {
    const now = this.clock().getTime();
    return new Date(Math.floor((now - days * DAY_MS) / DAY_MS) * DAY_MS);
  }

  private async thinSensor(accountId: number, sensorId: number, before: Date): Promise<number> {
    let total = 0;
    let from: Date | undefined = FIRST_INSTANT;
    while (from && !this.isStopped) {
      const start: Date = from;
      try {
        const batch = await this.store.transaction(async (transaction) => {
          const sensor = await this.store.lock(transaction, accountId, sensorId);
          const left = { start, end: before };
          const range = await this.range(transaction, accountId, sensorId, sensor, left);
          if (!range) return undefined;
          const end = new Date(Math.min(range.end.getTime(), range.start.getTime() + BATCH_MS));
          const removed = await this.store.thin(transaction, accountId, sensorId, {
            ...range,
            end,
          });
          return { removed, end };
        });
        total += batch?.removed ?? 0;
        from = batch?.end;
      } catch (error) {
        // Something holds its pings for long; the next run thins them.
        if (error instanceof LockTimeoutError) return total;
        throw error;
      }
    }
    return total;
  }

  /** @returns the hours of a sensor in a range that may be thinned, undefined where there are none */
  private async range(
    on: Queryable,
    accountId: number,
    sensorId: number,
    sensor: SensorToThin | undefined,
    { start: from, end: before }: TimeRange,
  ): Promise<TimeRange | undefined> {
    const { store } = this;
    if (!sensor) return undefined;
    const { thinnedUntil, closedUntil } = sensor;
    const begin = new Date(Math.max(from.getTime(), thinnedUntil ?? -Infinity));
    if (begin >= before) return undefined;
    const start = await store.firstHour(on, sensorId, { start: begin, end: before });
    if (!start) return undefined;
    if (closedUntil === null) return { start, end: before };
    // Of a sensor with closed periods, only what statements have without a hole.
    let stated = start.getTime();
    for (const period of await store.statedPeriods(on, accountId, sensorId)) {
      if (period.start.getTime() <= stated) stated = Math.max(stated, period.end.getTime());
    }
    const end = new Date(Math.min(before.getTime(), Math.floor(stated / DAY_MS) * DAY_MS));
    return start < end ? { start, end } : undefined;
  }
}

const BATCH_MS = DAYS_A_BATCH * DAY_MS;

function requireDays(days: number): void {
  if (Number.isInteger(days) && days >= MIN_RETENTION_DAYS && days <= MAX_RETENTION_DAYS) return;
  throw InvalidInputError.of(
    'days',
    `Must be a whole number from ${MIN_RETENTION_DAYS} to ${MAX_RETENTION_DAYS}; got ${days}.`,
  );
}

function thinned(account: { id: number; name: string }, { pings, sensors, before }: Thinning) {
  const actor = { accountId: account.id, accountName: account.name } as const;
  const server: Principal = { ...actor, actor: { kind: 'operator' }, scopes: new Set(['ADMIN']) };
  const details = { pings, sensors, before: before.toISOString() };
  return auditEntry(server, 'PINGS_THINNED', { type: 'ACCOUNT', ...account }, details);
}
