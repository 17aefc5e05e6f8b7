import type { TimeRange } from '../../storage/postgres/time-range.js';
import { InvalidInputError } from '../shared/errors.js';
import type { Clock } from '../shared/clock.js';
import type { Principal } from '../shared/principal.js';
import type { Sensors } from '../sensors/sensors.js';
import type { Calendar, VolumeInterval } from '../volumes/calendar.js';
import { calendarNamed, type Calendars } from '../volumes/calendars.js';
import type { FlowVolume, Volumes } from '../volumes/volumes.js';
import { imbalanceState, type ImbalanceState } from './imbalance.js';
import type { SensorGroup, SensorGroups } from './sensor-groups.js';

/** What went into a group of sensors and out of it in [start, end). Volumes in barrels. */
export interface GroupBalance extends TimeRange {
  readonly volumeIn: number;
  readonly volumeOut: number;
  /** what went in less what came out */
  readonly imbalance: number;
  /** the same of segments no longer than the sensors' max gaps */
  readonly volumeInMeasured: number;
  readonly volumeOutMeasured: number;
  readonly imbalanceMeasured: number;
  /** the imbalance as a share of what went in; null where nothing did */
  readonly imbalanceRatio: number | null;
  /** the least coverage of a sensor, 0…1; 0 without sensors that have a direction */
  readonly coverage: number;
  /** what the group's thresholds make of it; null: it has none, or this is not a whole day that is over */
  readonly state: ImbalanceState | null;
}

/** Volumes that one balance may be computed from. */
export const MAX_BALANCED_VOLUMES = 100_000;

interface Deps {
  readonly groups: SensorGroups;
  readonly sensors: Sensors;
  readonly calendars: Calendars;
  readonly volumes: Volumes;
  readonly clock: Clock;
}

/** Compares what flows into groups of sensors with what flows out of them. Reading needs READ. */
export class GroupBalances {
  constructor(private readonly deps: Deps) {}

  /**
   * The balances of the intervals of the group's calendar (UTC where it has none) that meet a range,
   * oldest first, the first and the last clipped to it. Members without a direction do not count.
   *
   * @throws InvalidInputError where the sensors have more than 100 000 volumes in the range
   */
  async of(
    principal: Principal,
    group: SensorGroup,
    range: TimeRange,
    interval: VolumeInterval,
    asOf?: Date,
  ): Promise<GroupBalance[]> {
    const { calendars, groups, sensors, volumes } = this.deps;
    const { id, calendar } = group;
    const named = calendar ? calendarNamed(await calendars.list(principal), calendar) : undefined;
    const { timeZone, dayStart } = named ?? { timeZone: 'UTC', dayStart: '00:00' };
    const place = { interval, timeZone, dayStart };
    const boundaries = await volumes.boundaries(principal, range, place);
    const members = (await groups.members(principal, [id])).get(id) ?? [];
    const directions = new Map(
      members.flatMap(({ sensorId, direction }) => (direction ? [[sensorId, direction]] : [])),
    );
    if (boundaries.length < 2) return [];
    requireFewVolumes(directions.size, boundaries.length - 1);
    const records = await sensors.find(principal, [...directions.keys()]);
    const found = await volumes.between(
      ...([
        principal,
        [...records.values()],
        boundaries,
        named?.method ?? undefined,
        asOf,
      ] as const),
    );
    const ofDirection = (direction: 'IN' | 'OUT') =>
      [...found].flatMap(([sensorId, each]) =>
        directions.get(sensorId) === direction ? [each] : [],
      );
    const [ins, outs] = [ofDirection('IN'), ofDirection('OUT')];
    const isOver = await this.wholeDays(principal, boundaries, place);
    return boundaries.slice(1).map((end, index) => {
      const at = (all: readonly FlowVolume[][]) => all.map((each) => each[index]!);
      const balance = balanceOf({ start: boundaries[index]!, end }, at(ins), at(outs));
      const isMeasured = [...at(ins), ...at(outs)].every(isWhollyMeasured);
      const state = isOver(index) ? imbalanceState(group, balance, isMeasured) : null;
      return { ...balance, state };
    });
  }

  /** Whether an interval between boundaries, from 0, is a whole day that is over. */
  private async wholeDays(
    principal: Principal,
    boundaries: readonly Date[],
    place: Calendar,
  ): Promise<(index: number) => boolean> {
    if (place.interval !== 'DAY') return () => false;
    const [start, end] = [boundaries[0]!, boundaries.at(-1)!];
    const cut = await this.deps.volumes.cutEnds(principal, { start, end }, place);
    const now = this.deps.clock();
    return (index) =>
      !(cut.first && index === 0) &&
      !(cut.last && index === boundaries.length - 2) &&
      boundaries[index + 1]! <= now;
  }
}

/** Whether no time of a volume lies in a gap. */
function isWhollyMeasured({ durationInterpolated, durationMissing }: FlowVolume): boolean {
  return durationInterpolated === 0 && durationMissing === 0;
}

function requireFewVolumes(sensors: number, intervals: number): void {
  const count = sensors * intervals;
  if (count <= MAX_BALANCED_VOLUMES) return;
  const message = `Must be such that the sensors have at most ${MAX_BALANCED_VOLUMES} volumes; ${sensors} sensors have ${count} in ${intervals} intervals.`;
  throw InvalidInputError.of('end', message);
}

function balanceOf(
  range: TimeRange,
  ins: readonly FlowVolume[],
  outs: readonly FlowVolume[],
): Omit<GroupBalance, 'state'> {
  const [volumeIn, volumeOut] = [ins, outs].map((each) => sum(each, 'volume')) as [number, number];
  const [volumeInMeasured, volumeOutMeasured] = [ins, outs].map((each) =>
    sum(each, 'volumeMeasured'),
  ) as [number, number];
  const imbalance = volumeIn - volumeOut;
  const coverages = [...ins, ...outs].map(({ coverage }) => coverage);
  return {
    ...range,
    ...{ volumeIn, volumeOut, imbalance, volumeInMeasured, volumeOutMeasured },
    imbalanceMeasured: volumeInMeasured - volumeOutMeasured,
    imbalanceRatio: volumeIn === 0 ? null : imbalance / volumeIn,
    coverage: coverages.reduce((least, each) => Math.min(least, each), coverages[0] ?? 0),
  };
}

function sum(volumes: readonly FlowVolume[], figure: 'volume' | 'volumeMeasured'): number {
  return volumes.reduce((total, volume) => total + volume[figure], 0);
}
