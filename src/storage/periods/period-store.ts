import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { FlowDirection } from '../groups/sensor-group-store.js';
import { lockGroup } from '../groups/sql/sensor-groups.js';
import type { Quality } from '../pings/quality.js';
import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Reader } from '../postgres/reader.js';
import { lockSensors, withLockTimeout } from '../summaries/lock-sensors.js';
import { enqueue, type OutboxEvent } from '../webhooks/event-outbox.js';
import type { VolumeMethod } from '../volumes/volume-store.js';
import { applyAdjustments, unapplyAdjustments } from './sql/adjustments.js';
import {
  addPeriod,
  addPeriodSensors,
  closedRanges,
  countPeriods,
  findPeriods,
  lastPeriod,
  periodSensors,
  periodWindow,
  raiseClosedUntil,
  refreshClosedUntil,
  reopenPeriod,
  standingPeriods,
} from './sql/periods.js';

/** A closed period as it is stored. */
export interface PeriodRow {
  readonly id: number;
  readonly groupId: number;
  /** of its days: the start of each, and the end of the last */
  readonly boundaries: readonly Date[];
  readonly start: Date;
  readonly end: Date;
  /** null: days of UTC */
  readonly calendar: string | null;
  readonly timeZone: string;
  /** `HH:MM` */
  readonly dayStart: string;
  /** null: each sensor's own */
  readonly method: VolumeMethod | null;
  readonly closedAt: Date;
  readonly closedBy: string;
  readonly reason: string | null;
  readonly reopenedAt: Date | null;
  readonly reopenedBy: string | null;
  readonly reopenReason: string | null;
}

/** What flowed through a sensor in a day: volumes in barrels, durations in seconds. */
export interface Figures {
  readonly volume: number;
  readonly volumeMeasured: number;
  readonly volumeInterpolated: number;
  readonly volumeSubstituted: number;
  readonly durationGood: number;
  readonly durationInterpolated: number;
  readonly durationMissing: number;
  readonly pingCount: number;
  /** the worst of its readings; null: it has none */
  readonly status: Quality | null;
}

/** What a closed period has of a sensor. */
export interface PeriodSensor {
  readonly periodId: number;
  readonly sensorId: number;
  readonly direction: FlowDirection | null;
  /** of each day, in their order */
  readonly figures: readonly Figures[];
}

export type NewPeriod = Pick<
  PeriodRow,
  'boundaries' | 'start' | 'end' | 'calendar' | 'timeZone' | 'dayStart' | 'method' | 'reason'
> & {
  readonly sensors: readonly Omit<PeriodSensor, 'periodId'>[];
};

/** A range of a sensor that a period closed. */
export interface ClosedRange {
  readonly sensorId: number;
  readonly start: Date;
  readonly end: Date;
  readonly closedAt: Date;
  readonly reopenedAt: Date | null;
}

/** Newest first; those between two ids, both exclusive, taken from one end. */
export interface PeriodWindow {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

/** Who does something, its audit event, and the event for webhook endpoints. */
export interface PeriodEdit {
  readonly by: string;
  readonly audit: (period: PeriodRow) => AuditEntry;
  readonly event?: (period: PeriodRow, sensors: NewPeriod['sensors']) => OutboxEvent;
}

/** Closed periods and their figures, which nothing deletes. */
export class PeriodStore {
  constructor(private readonly database: Database) {}

  /** Those of the ids that the account has, in no order. */
  find(reader: Reader, ids: readonly number[]): Promise<PeriodRow[]> {
    const values = [reader.accountId, ids];
    return this.database.reads.query<PeriodRow & Row>(reader, findPeriods, values);
  }

  /** From the end that the window is taken from. */
  window(
    reader: Reader,
    groupId: number,
    { after, before, take, from }: PeriodWindow,
  ): Promise<PeriodRow[]> {
    const statement = periodWindow[from === 'first' ? 'DESC' : 'ASC'];
    const values = [reader.accountId, groupId, after ?? null, before ?? null, take];
    return this.database.reads.query<PeriodRow & Row>(reader, statement, values);
  }

  async count(reader: Reader, groupId: number): Promise<number> {
    const values = [reader.accountId, groupId];
    const [row] = await this.database.reads.query<{ count: number }>(reader, countPeriods, values);
    return row?.count ?? 0;
  }

  /** Of all groups, those that are closed, oldest first. */
  standing(reader: Reader): Promise<PeriodRow[]> {
    return this.database.reads.query<PeriodRow & Row>(reader, standingPeriods, [reader.accountId]);
  }

  /** The last one of a group that is closed. */
  async last(reader: Reader, groupId: number): Promise<PeriodRow | undefined> {
    const values = [reader.accountId, groupId];
    return (await this.database.reads.query<PeriodRow & Row>(reader, lastPeriod, values))[0];
  }

  /** By period and sensor. */
  sensors(reader: Reader, periodIds: readonly number[]): Promise<PeriodSensor[]> {
    const values = [reader.accountId, periodIds];
    return this.database.reads.query<PeriodSensor & Row>(reader, periodSensors, values);
  }

  /** The ranges that periods closed, by sensor and start; reopened ones among them. */
  closedRanges(reader: Reader, sensorIds: readonly number[]): Promise<ClosedRange[]> {
    const values = [reader.accountId, sensorIds];
    return this.database.reads.query<ClosedRange & Row>(reader, closedRanges, values);
  }

  /**
   * Closes a period while its sensors are locked, so that no reading is recorded meanwhile.
   *
   * @param figures returns what the period has; called once the sensors are locked
   * @returns undefined where the account has no such group
   * @throws LockTimeoutError where another transaction has locked one of them for too long
   */
  close(
    { accountId }: Reader,
    groupId: number,
    sensorIds: readonly number[],
    end: Date,
    figures: (last: PeriodRow | undefined) => Promise<NewPeriod>,
    { by, audit, event }: PeriodEdit,
  ): Promise<PeriodRow | undefined> {
    return this.inGroup(accountId, groupId, async (transaction, last) => {
      // A change of a sensor locks first the sensor and then its pings.
      for (const id of ascending(sensorIds)) {
        await transaction.query(raiseClosedUntil, [accountId, id, instantParameter(end)]);
      }
      const [locked] = await withLockTimeout(transaction, () =>
        transaction.query<{ recorded_at: number }>(lockSensors, [sensorIds, 0]),
      );
      const closedAt = new Date(locked!.recorded_at);
      const { sensors, ...period } = await figures(last);
      const [row] = await transaction.query<PeriodRow & Row>(addPeriod, [
        ...[groupId, period.boundaries.map(instantParameter)],
        ...[instantParameter(period.start), instantParameter(period.end), period.calendar],
        ...[period.timeZone, period.dayStart, period.method, instantParameter(closedAt)],
        ...[by, period.reason],
      ]);
      await transaction.query(addPeriodSensors, [
        row!.id,
        sensors.map(({ sensorId }) => sensorId),
        sensors.map(({ direction }) => direction),
        sensors.map((sensor) => JSON.stringify(sensor.figures)),
      ]);
      await transaction.query(applyAdjustments, [groupId, row!.id]);
      await logEvent(transaction, audit(row!));
      if (event) await enqueue(transaction, accountId, event(row!, sensors));
      return row!;
    });
  }

  /**
   * Reopens the last closed period of a group.
   * @param check may refuse it; called with the last one that is closed
   */
  reopen(
    { accountId }: Reader,
    { id, groupId }: PeriodRow,
    sensorIds: readonly number[],
    check: (last: PeriodRow | undefined) => void,
    reason: string,
    { by, audit }: PeriodEdit,
  ): Promise<PeriodRow | undefined> {
    return this.inGroup(accountId, groupId, async (transaction, last) => {
      check(last);
      const at = instantParameter(new Date());
      const [row] = await transaction.query<PeriodRow & Row>(reopenPeriod, [id, at, by, reason]);
      await transaction.query(unapplyAdjustments, [id]);
      for (const sensorId of ascending(sensorIds)) {
        await transaction.query(refreshClosedUntil, [accountId, sensorId]);
      }
      await logEvent(transaction, audit(row!));
      return row!;
    });
  }

  /** One transaction at a time changes the periods of a group. */
  inGroup<T>(
    accountId: number,
    groupId: number,
    work: (transaction: Transaction, last: PeriodRow | undefined) => Promise<T>,
  ): Promise<T | undefined> {
    return this.database.transaction(async (transaction) => {
      const [group] = await transaction.query(lockGroup, [accountId, groupId]);
      if (!group) return undefined;
      const values = [accountId, groupId];
      const [last] = await transaction.query<PeriodRow & Row>(lastPeriod, values);
      return work(transaction, last);
    });
  }
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}

type Row = Record<string, unknown>;
