import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { Parameter } from '../../storage/sensors/configuration-store.js';
import type { OutboxEvent } from '../../storage/webhooks/event-outbox.js';
import type {
  RevisedSensor,
  RevisedStretch,
  RevisedVolumeStore,
} from '../../storage/webhooks/revised-volume-store.js';
import type { SensorRecord, Sensors } from '../sensors/sensors.js';
import type { Clock } from '../shared/clock.js';
import { HOUR_MS } from '../shared/durations.js';
import { readerOf, type Principal } from '../shared/principal.js';
import { formatInstant } from '../shared/time.js';
import type { Calendars } from '../volumes/calendars.js';
import { roundVolume } from '../volumes/round-volume.js';
import type { Volumes } from '../volumes/volumes.js';
import { approvalOf } from './approval.js';
import type { Periods } from './periods.js';

export interface RevisedVolumesDeps {
  readonly store: RevisedVolumeStore;
  readonly sensors: Pick<Sensors, 'find'>;
  readonly calendars: Pick<Calendars, 'list'>;
  readonly volumes: Pick<Volumes, 'boundaries' | 'between'>;
  readonly periods: Pick<Periods, 'closedRanges'>;
  readonly clock: Clock;
  /** called with the account that has webhooks to deliver */
  readonly onQueued: (accountId: number) => void;
}

/** Of an account whose first endpoint is new, or newly asks for these events: so old are the first revisions. */
const FIRST_REVISIONS_MS = 10 * 60_000;
/** A local day is at most 26 hours long. */
const DAY_AND_MORE_MS = 26 * HOUR_MS;
/** Days are computed this many at a time, since figures of an earlier instant read every reading. */
const CHUNK = 31;

interface RevisedDay extends TimeRange {
  readonly revisions: number;
  readonly reasonCodes: readonly string[];
  readonly settings: readonly Parameter[];
}

/**
 * Notices which volumes of past days revisions and changes of settings have changed, and queues `volume_revised`
 * for endpoints that ask for it. It goes by the logs of both, so recording costs nothing and nothing is missed
 * while no server runs; all that was changed since the last time makes one event for each sensor and day.
 */
export class RevisedVolumes {
  constructor(private readonly deps: RevisedVolumesDeps) {}

  async notify(): Promise<void> {
    for (const { accountId, since } of await this.deps.store.subscribers()) {
      const first = Math.max(since.getTime(), this.deps.clock().getTime() - FIRST_REVISIONS_MS);
      for (const sensor of await this.deps.store.revisedSensors(accountId, new Date(first)))
        await this.notifyOf(accountId, sensor);
    }
  }

  private async notifyOf(accountId: number, revised: RevisedSensor): Promise<void> {
    const { store, sensors, onQueued } = this.deps;
    const principal = readerOf(accountId);
    const sensor = (await sensors.find(principal, [revised.id])).get(revised.id);
    const stretches = await store.stretches(revised);
    const events = sensor ? await this.events(principal, sensor, stretches) : [];
    await store.settle(accountId, revised, events);
    if (events.length > 0) onQueued(accountId);
  }

  private async events(
    principal: Principal,
    sensor: SensorRecord,
    stretches: readonly RevisedStretch[],
  ): Promise<OutboxEvent[]> {
    if (stretches.length === 0) return [];
    const { calendars, volumes, periods } = this.deps;
    const named = (await calendars.list(principal)).find(({ name }) => name === sensor.calendar);
    const { timeZone = 'UTC', dayStart = '00:00', method = null } = named ?? {};
    const calendar = { interval: 'DAY', timeZone, dayStart } as const;
    const days = await this.days(principal, stretches, calendar);
    const made = stretches.flatMap(({ firstMade, lastMade }) => [+firstMade, +lastMade]);
    const before = new Date(made.reduce((a, b) => Math.min(a, b)) - 1);
    const after = new Date(made.reduce((a, b) => Math.max(a, b)));
    const closed = (await periods.closedRanges(principal, [sensor.id])).get(sensor.id) ?? [];
    const events: OutboxEvent[] = [];
    for (const run of runs(days)) {
      const boundaries = [run[0]!.start, ...run.map(({ end }) => end)];
      const figures = async (asOf: Date) => {
        const asked = [principal, [sensor], boundaries, method ?? undefined, asOf] as const;
        return (await volumes.between(...asked)).get(sensor.id) ?? [];
      };
      const [old, current] = [await figures(before), await figures(after)];
      for (const [index, day] of run.entries()) {
        const [was, is] = [old[index], current[index]].map((each) =>
          roundVolume(each?.volume ?? 0),
        );
        if (was === is) continue;
        events.push({
          type: 'volume_revised',
          sensorIds: [sensor.id],
          sensor,
          data: {
            ...{ sensor_id: sensor.id, sensor_name: sensor.name },
            ...{ start: formatInstant(day.start), end: formatInstant(day.end) },
            ...{ before: was, after: is, approval: approvalOf(day, closed, undefined) },
            cause: {
              ...{ revisions: day.revisions, reason_codes: day.reasonCodes },
              settings: day.settings,
            },
          },
        });
      }
    }
    return events;
  }

  /** The past days that the stretches meet, oldest first. */
  private async days(
    principal: Principal,
    stretches: readonly RevisedStretch[],
    calendar: { interval: 'DAY'; timeZone: string; dayStart: string },
  ): Promise<RevisedDay[]> {
    const now = this.deps.clock();
    const days = new Map<number, RevisedDay>();
    for (const { start, end, revisions, reasonCodes, settings } of stretches) {
      const around = {
        start: new Date(start.getTime() - DAY_AND_MORE_MS),
        end: new Date(end.getTime() + DAY_AND_MORE_MS),
      };
      const boundaries = await this.deps.volumes.boundaries(principal, around, calendar);
      // The first and the last are ends of what was asked for.
      const whole = boundaries.slice(1, -1);
      for (const [index, from] of whole.entries()) {
        const to = whole[index + 1];
        if (!to || to > now || to <= start || from > end) continue;
        const known = days.get(from.getTime());
        days.set(from.getTime(), {
          ...{ start: from, end: to, revisions: (known?.revisions ?? 0) + revisions },
          reasonCodes: [...new Set([...(known?.reasonCodes ?? []), ...reasonCodes])].sort(),
          settings: [...new Set([...(known?.settings ?? []), ...settings])].sort(),
        });
      }
    }
    return [...days.values()].sort((a, b) => a.start.getTime() - b.start.getTime());
  }
}

/** Consecutive days, at most CHUNK together. */
function runs(days: readonly RevisedDay[]): RevisedDay[][] {
  const found: RevisedDay[][] = [];
  for (const day of days) {
    const run = found.at(-1);
    const follows = run?.at(-1)!.end.getTime() === day.start.getTime();
    if (run && follows && run.length < CHUNK) run.push(day);
    else found.push([day]);
  }
  return found;
}
