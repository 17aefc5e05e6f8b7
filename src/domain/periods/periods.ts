import type {
  ClosedRange,
  NewPeriod,
  PeriodRow,
  PeriodSensor,
  PeriodStore,
  PeriodWindow,
} from '../../storage/periods/period-store.js';
import type { FlagStore } from '../../storage/pings/flag-store.js';
import type { GroupMember, SensorGroup, SensorGroups } from '../groups/sensor-groups.js';
import { ExclusiveSensorQueue } from '../sensors/exclusive-sensor-queue.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { reasonError } from '../shared/name-rules.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { formatInstant } from '../shared/time.js';
import { calendarNamed, type Calendars } from '../volumes/calendars.js';
import type { Volumes } from '../volumes/volumes.js';
import { periodClosed } from './period-event.js';
import type { PeriodFigures, SensorFigures } from './period-figures.js';
import {
  MAX_SENSOR_DAYS,
  rangeToClose,
  requireComplete,
  requireDayBoundary,
  requireLast,
  requireWorkedOff,
  type CloseInput,
} from './rules.js';

export type {
  ClosedRange,
  PeriodRow,
  PeriodSensor,
  PeriodWindow,
} from '../../storage/periods/period-store.js';
export type { CloseInput } from './rules.js';

export interface PeriodsDeps {
  readonly store: PeriodStore;
  readonly groups: SensorGroups;
  readonly calendars: Calendars;
  readonly volumes: Pick<Volumes, 'boundaries' | 'cutEnds'>;
  readonly figures: PeriodFigures;
  readonly flags: Pick<FlagStore, 'count'>;
  readonly clock: Clock;
  /** called with the account that has webhooks to deliver */
  readonly onQueued: (accountId: number) => void;
}

/** A period that can be closed, or is being closed. */
export type PeriodPlan = Omit<NewPeriod, 'sensors' | 'reason'>;

/** What a period would have if it were closed now. */
export interface PeriodPreview extends PeriodPlan {
  readonly sensors: readonly (SensorFigures & Pick<PeriodSensor, 'direction'>)[];
  /** how many of its readings are flagged and not worked off */
  readonly openFlags: number;
}

/**
 * Periods of sensor groups. The figures of a closed one stand; what changes them later is a prior-period
 * adjustment. Reading needs READ, closing and reopening ADMIN.
 */
export class Periods {
  private readonly changes = new ExclusiveSensorQueue();

  constructor(private readonly deps: PeriodsDeps) {}

  /** Those of the ids that the account has, by id. */
  async find(principal: Principal, ids: readonly number[]): Promise<Map<number, PeriodRow>> {
    requireScope(principal, 'READ');
    const possible = ids.filter(isRecordId);
    if (possible.length === 0) return new Map();
    const found = await this.deps.store.find(principal, possible);
    return new Map(found.map((period) => [period.id, period]));
  }

  /** @throws NotFoundError where the account has no such period */
  async require(principal: Principal, id: number): Promise<PeriodRow> {
    const period = (await this.find(principal, [id])).get(id);
    if (!period) throw new NotFoundError();
    return period;
  }

  /** Those of a group, newest first, and whether there are more beyond the window. */
  async window(
    principal: Principal,
    groupId: number,
    window: PeriodWindow,
  ): Promise<{ periods: PeriodRow[]; more: boolean }> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const found = await this.deps.store.window(principal, groupId, { ...window, take: take + 1 });
    const periods = found.slice(0, take);
    if (from === 'last') periods.reverse();
    return { periods, more: found.length > take };
  }

  async count(principal: Principal, groupId: number): Promise<number> {
    requireScope(principal, 'READ');
    return this.deps.store.count(principal, groupId);
  }

  /** What each period has of its sensors, by sensor. */
  async sensors(
    principal: Principal,
    periodIds: readonly number[],
  ): Promise<Map<number, PeriodSensor[]>> {
    requireScope(principal, 'READ');
    const found = new Map(periodIds.map((id) => [id, [] as PeriodSensor[]]));
    for (const each of await this.deps.store.sensors(principal, periodIds)) {
      found.get(each.periodId)?.push(each);
    }
    return found;
  }

  /** The ranges of each sensor that periods closed, by start; reopened ones among them. */
  async closedRanges(
    principal: Principal,
    sensorIds: readonly number[],
  ): Promise<Map<number, ClosedRange[]>> {
    requireScope(principal, 'READ');
    const found = new Map(sensorIds.map((id) => [id, [] as ClosedRange[]]));
    for (const range of await this.deps.store.closedRanges(principal, sensorIds)) {
      found.get(range.sensorId)?.push(range);
    }
    return found;
  }

  /**
   * What a period would have if it were closed now.
   * @throws NotFoundError; InvalidInputError
   */
  async preview(principal: Principal, groupId: number, input: CloseInput): Promise<PeriodPreview> {
    requireScope(principal, 'READ');
    const group = await this.deps.groups.require(principal, groupId);
    const last = await this.deps.store.last(principal, groupId);
    const plan = await this.plan(principal, group, input, last);
    const members = await this.membersOf(principal, group, plan);
    const found = await this.deps.figures.of(principal, idsOf(members), plan);
    const sensors = members.flatMap(({ sensorId, direction }) => {
      const own = found.get(sensorId);
      return own ? [{ ...own, direction }] : [];
    });
    return { ...plan, sensors, openFlags: await this.openFlags(principal, members, plan) };
  }

  /**
   * Closes the next period of a group.
   * @throws NotFoundError; InvalidInputError; ConflictError where readings of it may still come, or are
   * flagged, unless it is forced
   */
  async close(principal: Principal, groupId: number, input: CloseInput): Promise<PeriodRow> {
    requireScope(principal, 'ADMIN');
    const { store, groups, figures } = this.deps;
    const group = await groups.require(principal, groupId);
    const before = await store.last(principal, groupId);
    const plan = await this.plan(principal, group, input, before);
    const members = await this.membersOf(principal, group, plan);
    const measure = async (last: PeriodRow | undefined): Promise<NewPeriod> => {
      if (last?.id !== before?.id) {
        throw new ConflictError(
          'Another period of the group has been closed or reopened meanwhile.',
        );
      }
      const found = await figures.of(principal, idsOf(members), plan);
      if (!input.force) {
        requireComplete([...found.values()]);
        requireWorkedOff(await this.openFlags(principal, members, plan));
      }
      const sensors = members.flatMap(({ sensorId, direction }) => {
        const own = found.get(sensorId);
        return own ? [{ sensorId, direction, figures: own.figures }] : [];
      });
      return { ...plan, reason: input.reason ?? null, sensors };
    };
    const audit = ({ id }: PeriodRow) =>
      auditEntry(
        principal,
        'PERIOD_CLOSED',
        { type: 'SENSOR_GROUP', id: groupId, name: group.name },
        {
          ...{ period: id, start: formatInstant(plan.start), end: formatInstant(plan.end) },
          ...{ forced: input.force ?? false, reason: input.reason ?? null },
        },
      );
    const event = (period: PeriodRow, sensors: NewPeriod['sensors']) =>
      periodClosed(period, group, sensors);
    const edit = { by: actorName(principal), audit, event };
    const closed = await this.changes.run(() =>
      store.close(principal, groupId, idsOf(members), plan.end, measure, edit),
    );
    if (!closed) throw new NotFoundError();
    this.deps.onQueued(principal.accountId);
    return closed;
  }

  /**
   * Reopens the last closed period of a group. It stays on record, and the next one that is closed
   * starts where it started.
   * @throws NotFoundError; InvalidInputError; ConflictError where it is not the last one
   */
  async reopen(principal: Principal, id: number, reason: string): Promise<PeriodRow> {
    requireScope(principal, 'ADMIN');
    const error = reasonError(reason);
    if (error) throw InvalidInputError.of('reason', error);
    const { store } = this.deps;
    const period = await this.require(principal, id);
    const sensors = await store.sensors(principal, [id]);
    const { name } = await this.deps.groups.require(principal, period.groupId);
    const audit = () =>
      auditEntry(
        principal,
        'PERIOD_REOPENED',
        { type: 'SENSOR_GROUP', id: period.groupId, name },
        { period: id, reason },
      );
    const edit = { by: actorName(principal), audit };
    const check = (last: PeriodRow | undefined) => requireLast(period, last);
    const reopened = await store.reopen(principal, period, idsOf(sensors), check, reason, edit);
    if (!reopened) throw new NotFoundError();
    return reopened;
  }

  private openFlags(
    principal: Principal,
    members: readonly GroupMember[],
    { start, end }: PeriodPlan,
  ): Promise<number> {
    const filter = { status: 'OPEN', sensorIds: idsOf(members), start, end } as const;
    return this.deps.flags.count(principal, filter);
  }

  private async plan(
    principal: Principal,
    { calendar: name }: SensorGroup,
    input: CloseInput,
    last: PeriodRow | undefined,
  ): Promise<PeriodPlan> {
    const { calendars, volumes, clock } = this.deps;
    const range = rangeToClose(input, last, clock());
    const calendar = name === null ? null : calendarNamed(await calendars.list(principal), name);
    const { timeZone = 'UTC', dayStart = '00:00', method = null } = calendar ?? {};
    const days = { interval: 'DAY', timeZone, dayStart } as const;
    const cut = await volumes.cutEnds(principal, range, days);
    // The calendar may have changed since the last period: then its end need not begin a day.
    if (!last) requireDayBoundary('start', range.start, cut.first, days);
    requireDayBoundary('end', range.end, cut.last, days);
    const boundaries = await volumes.boundaries(principal, range, days);
    return { ...range, boundaries, calendar: name, timeZone, dayStart, method };
  }

  private async membersOf(principal: Principal, { id }: SensorGroup, { boundaries }: PeriodPlan) {
    const members = (await this.deps.groups.members(principal, [id])).get(id) ?? [];
    if (members.length === 0) throw new ConflictError('The group has no sensors.');
    const days = members.length * (boundaries.length - 1);
    if (days > MAX_SENSOR_DAYS) {
      throw InvalidInputError.of(
        'end',
        `A period has at most ${MAX_SENSOR_DAYS} days of all its sensors; this one has ${days}. Shorten it.`,
      );
    }
    return members;
  }
}

function idsOf(members: readonly { readonly sensorId: number }[]): number[] {
  return members.map(({ sensorId }) => sensorId);
}
