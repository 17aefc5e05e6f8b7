import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { readRanges } from '../postgres/sensor-reads.js';
import type { Reader } from '../postgres/reader.js';
import type { TimeRange } from '../postgres/time-range.js';
import type { Figures, PeriodRow, PeriodStore } from './period-store.js';
import { addAdjustment, changesSince, decidedAdjustments } from './sql/adjustments.js';

export type AdjustmentDecision = 'ACCEPTED' | 'REJECTED';

/** Why a figure of a closed period has changed. */
export interface AdjustmentCause {
  readonly causes: readonly string[];
  /** how many revisions there are of the readings that it depends on */
  readonly revisions: number;
  /** of those revisions */
  readonly reasonCodes: readonly string[];
}

/** A day of a sensor in a closed period, and how often its adjustment has been decided. */
export interface AdjustmentPlace {
  readonly periodId: number;
  readonly sensorId: number;
  /** of the period, from 0 */
  readonly day: number;
  /** from 1 */
  readonly sequence: number;
}

/** A decided adjustment as it is stored. */
export interface AdjustmentRow extends AdjustmentPlace, AdjustmentCause {
  readonly before: Figures;
  readonly after: Figures;
  readonly status: AdjustmentDecision;
  readonly decidedAt: Date;
  readonly decidedBy: string;
  readonly comment: string | null;
  /** the period in which it is settled; null: none has been closed since */
  readonly appliedInPeriod: number | null;
}

export type NewAdjustment = Omit<AdjustmentRow, 'appliedInPeriod' | 'decidedAt'>;

/** A range of a sensor, and since when changes are asked for. */
export interface RangeSince extends TimeRange {
  readonly sensorId: number;
  readonly since: Date;
}

/** What has been recorded of a range since an instant. */
export interface Changes {
  readonly count: number;
  readonly inserted: boolean;
  readonly corrected: boolean;
  readonly requalified: boolean;
  readonly deleted: boolean;
  readonly codes: readonly string[];
  readonly substituted: boolean;
  readonly settings: readonly string[];
  readonly [column: string]: unknown;
}

interface ChangesRow extends Changes {
  /** of the range, from 1 */
  readonly place: number;
}

/** Decisions about changed figures of closed periods, and what changed them. */
export class AdjustmentStore {
  constructor(
    private readonly database: Database,
    private readonly periods: PeriodStore,
  ) {}

  /** By period, sensor and day, the earliest first. */
  decided(reader: Reader, periodIds: readonly number[]): Promise<AdjustmentRow[]> {
    const values = [reader.accountId, periodIds];
    return this.database.reads.query<AdjustmentRow & Row>(reader, decidedAdjustments, values);
  }

  /** Of each range, in their order; undefined where the account has no such sensor. */
  changes(reader: Reader, ranges: readonly RangeSince[]): Promise<(Changes | undefined)[]> {
    return readRanges<RangeSince, Changes | undefined>(
      this.database.reads,
      reader,
      changesSince,
      ranges,
      (some) => [
        reader.accountId,
        some.map(({ sensorId }) => sensorId),
        some.map(({ start }) => instantParameter(start)),
        some.map(({ end }) => instantParameter(end)),
        some.map(({ since }) => instantParameter(since)),
      ],
      (rows, count) => {
        const found = new Array<Changes | undefined>(count).fill(undefined);
        for (const row of rows as ChangesRow[]) found[row.place - 1] = row;
        return found;
      },
    );
  }

  /**
   * Decides about adjustments of periods of one group; one call at a time of each group.
   * @param found returns the adjustments to decide about, and may refuse
   */
  decide<T extends NewAdjustment>(
    { accountId }: Reader,
    { groupId }: PeriodRow,
    decidedAt: Date,
    found: () => Promise<readonly T[]>,
    audit: (adjustments: readonly T[]) => AuditEntry,
  ): Promise<readonly T[] | undefined> {
    return this.periods.inGroup(accountId, groupId, async (transaction) => {
      const adjustments = await found();
      for (const each of adjustments) {
        await transaction.query(addAdjustment, [
          ...[each.periodId, each.sensorId, each.day, each.sequence],
          ...[JSON.stringify(each.before), JSON.stringify(each.after)],
          ...[each.causes, each.revisions, each.reasonCodes, each.status],
          ...[instantParameter(decidedAt), each.decidedBy, each.comment],
        ]);
      }
      await logEvent(transaction, audit(adjustments));
      return adjustments;
    });
  }
}

type Row = Record<string, unknown>;
