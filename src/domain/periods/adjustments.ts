import type {
  AdjustmentCause as StoredCause,
  AdjustmentPlace,
  AdjustmentRow,
  AdjustmentStore,
} from '../../storage/periods/adjustment-store.js';
import type { PeriodRow, PeriodStore } from '../../storage/periods/period-store.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { reasonError } from '../shared/name-rules.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { roundVolume } from '../volumes/round-volume.js';
import { AdjustmentCauses } from './adjustment-causes.js';
import { adjustmentId, readAdjustmentId } from './adjustment-id.js';
import { changeOf, isChanged, type FigureChange, type Figures } from './figures.js';
import { dayOf, type PeriodFigures } from './period-figures.js';

export { ADJUSTMENT_CAUSES } from './adjustment-causes.js';

export const ADJUSTMENT_STATUSES = ['PENDING', 'ACCEPTED', 'REJECTED'] as const;
export type AdjustmentStatus = (typeof ADJUSTMENT_STATUSES)[number];

/**
 * What has changed the figures of a sensor's day in a closed period: all that did since the period was
 * closed, or since the last decision about that day.
 */
export interface Adjustment extends AdjustmentPlace, StoredCause {
  /** of the place and of what the figures are after it */
  readonly id: string;
  readonly start: Date;
  readonly end: Date;
  readonly status: AdjustmentStatus;
  readonly before: Figures;
  readonly after: Figures;
  readonly delta: FigureChange;
  /** null while it is pending */
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly comment: string | null;
  /** the period in which it is settled; null: none has been closed since it was accepted */
  readonly appliedInPeriod: number | null;
}

export interface AdjustmentsDeps {
  readonly store: AdjustmentStore;
  readonly periods: PeriodStore;
  readonly figures: PeriodFigures;
  readonly clock: Clock;
}

const MAX_IDS = 1000;
const NO_ID = 0;
const UNDECIDED = { decidedAt: null, decidedBy: null, comment: null, appliedInPeriod: null };

/**
 * Adjustments of closed periods. Pending ones are the difference between the figures that stand (as they
 * were closed, with what was decided since) and those of now, so no way of changing a figure escapes.
 * Reading needs READ, deciding ADMIN.
 */
export class Adjustments {
  private readonly causes: AdjustmentCauses;

  constructor(private readonly deps: AdjustmentsDeps) {
    this.causes = new AdjustmentCauses(deps.store);
  }

  /** Those of a period by day, sensor and order; of a reopened period only the decided ones. */
  async of(principal: Principal, period: PeriodRow): Promise<Adjustment[]> {
    requireScope(principal, 'READ');
    const decided = await this.deps.store.decided(principal, [period.id]);
    const pending = period.reopenedAt ? [] : await this.pending(principal, period, decided);
    return [...decided.map((row) => decidedOf(period, row)), ...pending].sort(
      (a, b) => a.day - b.day || a.sensorId - b.sensorId || a.sequence - b.sequence,
    );
  }

  /**
   * Accepts or rejects pending adjustments, all or none.
   * @throws NotFoundError where the account has no such adjustment; ConflictError where one was decided, or
   * the figures have changed since it was read
   */
  async decide(
    principal: Principal,
    ids: readonly string[],
    status: 'ACCEPTED' | 'REJECTED',
    comment: string | undefined,
  ): Promise<Adjustment[]> {
    requireScope(principal, 'ADMIN');
    const error = reasonError(comment);
    if (error) throw InvalidInputError.of('comment', error);
    if (ids.length < 1 || ids.length > MAX_IDS) {
      throw InvalidInputError.of('ids', `Must be 1 to ${MAX_IDS}; got ${ids.length}.`);
    }
    const places = new Map([...new Set(ids)].map((id) => [id, readAdjustmentId(id)]));
    const periodIds = [...new Set([...places.values()].map((place) => place?.periodId ?? NO_ID))];
    const periods = await this.deps.periods.find(principal, periodIds.filter(isRecordId));
    const [first] = periods;
    if (!first || periods.length < periodIds.length) throw new NotFoundError();
    const { groupId } = first;
    if (periods.some((each) => each.groupId !== groupId)) {
      throw InvalidInputError.of('ids', 'Must be of periods of one group.');
    }
    const decidedAt = this.deps.clock();
    const by = { status, decidedAt, decidedBy: actorName(principal), comment: comment ?? null };
    const find = async () => {
      const all: Adjustment[] = [];
      for (const period of await this.deps.periods.find(principal, periodIds)) {
        all.push(...(await this.of(principal, period)));
      }
      return [...places].map(([id, place]) => ({ ...pendingOf(all, id, place!), ...by }));
    };
    const audit = (found: readonly Adjustment[]) =>
      auditEntry(
        principal,
        status === 'ACCEPTED' ? 'ADJUSTMENTS_ACCEPTED' : 'ADJUSTMENTS_REJECTED',
        { type: 'SENSOR_GROUP', id: groupId },
        {
          ...{
            periods: periodIds.map(String),
            adjustments: found.length,
            comment: comment ?? null,
          },
          volume: roundVolume(found.reduce((sum, { delta }) => sum + delta.volume, 0)),
        },
      );
    const decided = await this.deps.store.decide(principal, first, decidedAt, find, audit);
    if (!decided) throw new NotFoundError();
    return [...decided];
  }

  private async pending(
    principal: Principal,
    period: PeriodRow,
    decided: readonly AdjustmentRow[],
  ): Promise<Adjustment[]> {
    const { periods, figures } = this.deps;
    const closed = await periods.sensors(principal, [period.id]);
    const ids = closed.map(({ sensorId }) => sensorId);
    const current = await figures.of(principal, ids, period);
    const lastDecided = new Map(decided.map((row) => [`${row.sensorId} ${row.day}`, row]));
    const changed = closed.flatMap(({ sensorId, figures: days }) => {
      const now = current.get(sensorId)?.figures;
      if (!now) return [];
      return days.flatMap((asClosed, day) => {
        const last = lastDecided.get(`${sensorId} ${day}`);
        const [before, after] = [last?.after ?? asClosed, now[day]!];
        if (!isChanged(before, after)) return [];
        const place = { periodId: period.id, sensorId, day, sequence: (last?.sequence ?? 0) + 1 };
        return [{ ...place, before, after, since: last?.decidedAt ?? period.closedAt }];
      });
    });
    const causes = await this.causes.of(
      principal,
      changed.map(({ sensorId, day, since }) => ({ sensorId, since, ...dayOf(period, day) })),
    );
    return changed.map(({ since: _since, ...each }, index) => ({
      ...({ ...each, ...dayOf(period, each.day), ...causes[index]!, ...UNDECIDED } as const),
      id: adjustmentId(each, each.after),
      status: 'PENDING',
      delta: changeOf(each.before, each.after),
    }));
  }
}

function decidedOf(period: PeriodRow, row: AdjustmentRow): Adjustment {
  const delta = changeOf(row.before, row.after);
  return { ...row, ...dayOf(period, row.day), id: adjustmentId(row, row.after), delta };
}

function pendingOf(all: readonly Adjustment[], id: string, place: AdjustmentPlace): Adjustment {
  const found = all.find((each) => each.id === id);
  if (found?.status === 'PENDING') return found;
  if (found) {
    throw new ConflictError(`Adjustment ${id} was ${found.status.toLowerCase()} already.`);
  }
  const same = all.some(({ sensorId, day }) => sensorId === place.sensorId && day === place.day);
  if (!same) throw new NotFoundError();
  throw new ConflictError(
    `The figures of adjustment ${id} have changed since it was read: read the adjustments again.`,
  );
}
