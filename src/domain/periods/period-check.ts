import { setTimeout as wait } from 'node:timers/promises';
import type { AdjustmentStore } from '../../storage/periods/adjustment-store.js';
import type { PeriodRow, PeriodSensor, PeriodStore } from '../../storage/periods/period-store.js';
import type { Sensors } from '../sensors/sensors.js';
import type { Clock } from '../shared/clock.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { Adjustment, Adjustments } from './adjustments.js';
import { changedBy, isChanged, type Figures } from './figures.js';
import { dayOf, type PeriodFigures } from './period-figures.js';

/** What is wrong with the record of closed periods. */
export interface PeriodFault {
  readonly periodId: number;
  /** null where it is of the period as a whole */
  readonly sensorId: number | null;
  /** the start of the day; null where it is of the sensor as a whole */
  readonly day: Date | null;
  readonly message: string;
}

export interface PeriodCheckDeps {
  readonly periods: PeriodStore;
  readonly adjustments: Adjustments;
  readonly store: AdjustmentStore;
  readonly figures: PeriodFigures;
  readonly sensors: Pick<Sensors, 'find'>;
  readonly clock: Clock;
}

/** Figures that change while they are compared are read again so many times. */
const ATTEMPTS = 3;

/**
 * Checks the closed periods of an account against its readings, which it reads one by one: that the
 * figures that were closed are those of the readings as they were stored then; and that these figures,
 * with every adjustment, are those of the readings as they are stored now.
 */
export class PeriodCheck {
  constructor(private readonly deps: PeriodCheckDeps) {}

  /** @returns the faults, and how many figures were compared */
  async of(principal: Principal): Promise<{ faults: PeriodFault[]; compared: number }> {
    requireScope(principal, 'ADMIN');
    const periods = await this.deps.periods.standing(principal);
    const faults = gaps(periods);
    let compared = 0;
    for (const period of periods) {
      const sensors = await this.deps.periods.sensors(principal, [period.id]);
      compared += sensors.length * (period.boundaries.length - 1);
      faults.push(
        ...(await this.closedFaults(principal, period, sensors)),
        ...(await this.currentFaults(principal, period, sensors)),
        ...(await this.closedUntilFaults(principal, period, sensors)),
      );
    }
    return { faults, compared };
  }

  /** Figures that are not those of the readings when the period was closed. */
  private async closedFaults(
    principal: Principal,
    period: PeriodRow,
    sensors: readonly PeriodSensor[],
  ): Promise<PeriodFault[]> {
    const ranges = sensors.map(({ sensorId }) => {
      const { start, end, closedAt: since } = period;
      return { sensorId, start, end, since };
    });
    // These settings count in figures of any instant as they are logged now.
    const changes = await this.deps.store.changes(principal, ranges);
    const reset = new Set(
      ranges.flatMap(({ sensorId }, index) =>
        changes[index]?.settings.some((setting) => setting !== 'METER_FACTOR') ? [sensorId] : [],
      ),
    );
    const comparable = sensors.filter(({ sensorId }) => !reset.has(sensorId));
    const ids = comparable.map(({ sensorId }) => sensorId);
    const then = await this.deps.figures.of(principal, ids, period, period.closedAt);
    return comparable.flatMap(({ sensorId, figures }) =>
      differing(figures, then.get(sensorId)?.figures ?? []).map(({ day, expected, found }) => ({
        ...placeOf(period, sensorId, day),
        message: `closed with ${text(expected)}, but the readings as of ${period.closedAt.toISOString()} come to ${text(found)}`,
      })),
    );
  }

  /** Figures that, with all adjustments, are not those of the readings that are stored now. */
  private async currentFaults(
    principal: Principal,
    period: PeriodRow,
    sensors: readonly PeriodSensor[],
  ): Promise<PeriodFault[]> {
    for (let attempt = 1; ; attempt++) {
      const ids = sensors.map(({ sensorId }) => sensorId);
      // What was acknowledged before counts as recorded up to a millisecond after it was.
      await wait(2);
      const now = this.deps.clock();
      const stored = await this.deps.figures.of(principal, ids, period, now);
      const adjustments = await this.deps.adjustments.of(principal, period);
      const faults = sensors.flatMap(({ sensorId, figures }) => {
        const days = figures.map((closed, day) => {
          const own = adjustments.filter((each) => each.sensorId === sensorId && each.day === day);
          return { closed, own };
        });
        const broken = days.flatMap(({ closed, own }, day) => {
          const message = chainFault(closed, own);
          return message ? [{ ...placeOf(period, sensorId, day), message }] : [];
        });
        const adjusted = days.map(({ closed, own }) => withAdjustments(closed, own));
        const wrong = differing(adjusted, stored.get(sensorId)?.figures ?? []);
        return [
          ...broken,
          ...wrong.map(({ day, expected, found }) => ({
            ...placeOf(period, sensorId, day),
            message: `closed and adjusted to ${text(expected)}, but the readings come to ${text(found)}`,
          })),
        ];
      });
      if (faults.length === 0 || attempt === ATTEMPTS) return faults;
    }
  }

  /** Sensors that are not known to be closed until the end of the period. */
  private async closedUntilFaults(
    principal: Principal,
    period: PeriodRow,
    sensors: readonly PeriodSensor[],
  ): Promise<PeriodFault[]> {
    const ids = sensors.map(({ sensorId }) => sensorId);
    const found = await this.deps.sensors.find(principal, ids);
    return [...found.values()].flatMap(({ id, closedUntil }) => {
      if (closedUntil && closedUntil >= period.end) return [];
      const message = `late readings before the end of the period are not logged: the sensor counts as closed until ${closedUntil?.toISOString() ?? 'never'}`;
      return [{ periodId: period.id, sensorId: id, day: null, message }];
    });
  }
}

/** Periods of a group that do not follow each other. */
function gaps(periods: readonly PeriodRow[]): PeriodFault[] {
  const ends = new Map<number, Date>();
  return periods.flatMap(({ id, groupId, start, end }) => {
    const last = ends.get(groupId);
    ends.set(groupId, end);
    if (!last || last.getTime() === start.getTime()) return [];
    const message = `starts at ${start.toISOString()}, but the period before it ended at ${last.toISOString()}`;
    return [{ periodId: id, sensorId: null, day: null, message }];
  });
}

function differing(expected: readonly Figures[], found: readonly Figures[]) {
  return expected.flatMap((each, day) => {
    const other = found[day];
    return other && isChanged(each, other) ? [{ day, expected: each, found: other }] : [];
  });
}

/** Each adjustment begins where the one before it ended, and none is missing. */
function chainFault(closed: Figures, adjustments: readonly Adjustment[]): string | undefined {
  let before = closed;
  for (const [index, each] of adjustments.entries()) {
    if (each.sequence !== index + 1) return `adjustment ${index + 1} is missing`;
    if (isChanged(before, each.before)) {
      return `adjustment ${each.id} begins with ${text(each.before)}, not with ${text(before)}`;
    }
    before = each.after;
  }
  return undefined;
}

function withAdjustments(closed: Figures, adjustments: readonly Adjustment[]): Figures {
  const last = adjustments.at(-1);
  if (!last) return closed;
  const changes = adjustments.map(({ delta }) => delta);
  return { ...changedBy(closed, changes), status: last.after.status };
}

function placeOf(period: PeriodRow, sensorId: number, day: number) {
  return { periodId: period.id, sensorId, day: dayOf(period, day).start };
}

function text({ volume, durationGood, durationInterpolated, pingCount, status }: Figures): string {
  return `${volume.toFixed(6)} bbl (${durationGood} s measured, ${durationInterpolated} s interpolated, ${pingCount} readings, ${status ?? 'no status'})`;
}
