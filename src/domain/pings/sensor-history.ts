import {
  maxGapHistory,
  methodHistory,
  valueAt,
  type History,
} from '../../storage/sensors/history.js';
import type {
  ContinuationStore,
  EdgePings,
  SensorLink,
} from '../../storage/sensors/continuation-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { SensorRecord, Sensors } from '../sensors/sensors.js';
import type { Principal } from '../shared/principal.js';
import { FIRST_INSTANT, LAST_INSTANT } from '../shared/time.js';
import type { Calendar, FlowVolume, VolumeMethod, Volumes } from '../volumes/volumes.js';
import type { PackedPing } from '../../storage/pings/packed-pings.js';
import type { PingStore } from '../../storage/pings/ping-store.js';
import { requireScope } from '../shared/principal.js';
import type { RecordHistory } from '../shared/record-history.js';
import { bounds, type PingWindow } from './window.js';
import { historySpans, historyVolumes, type EdgePart } from './history-spans.js';

/** The time in which a history is that of one sensor: [start, end), null where it has no bound. */
export interface HistoryPart {
  readonly sensor: SensorRecord;
  readonly start: Date | null;
  readonly end: Date | null;
}

/**
 * The history of a measuring point whose meter was replaced: the pings of the earlier sensors before
 * each was replaced, and those of the last one from then on, as one series. The figures of each
 * sensor alone stay what they are.
 *
 * Volumes are those of that series, except that a segment from one sensor to the next counts only if
 * it is no longer than the earlier one's max gap.
 */
export class SensorHistories {
  constructor(
    private readonly store: ContinuationStore,
    private readonly sensors: Sensors,
    private readonly volumes: Volumes,
    private readonly pings: PingStore,
    private readonly record: RecordHistory,
  ) {}

  /** Of each sensor that the account has, oldest part first; the last part is its own. */
  async parts(
    principal: Principal,
    sensorIds: readonly number[],
  ): Promise<Map<number, HistoryPart[]>> {
    const links = new Map(
      (await this.store.links(principal)).map((link) => [link.id, link] as const),
    );
    const chains = new Map(sensorIds.map((id) => [id, chainOf(id, links)]));
    const ids = [...new Set([...chains.values()].flat().map(({ id }) => id))];
    const found = await this.sensors.find(principal, ids);
    const histories = new Map<number, HistoryPart[]>();
    for (const [id, chain] of chains) {
      const parts = chain.flatMap(({ id: sensorId, start, end }) => {
        const sensor = found.get(sensorId);
        return sensor ? [{ sensor, start, end }] : [];
      });
      if (found.has(id)) histories.set(id, parts);
    }
    return histories;
  }

  /**
   * Volumes of the histories of sensors, in the buckets of a calendar or of the whole range.
   * @param method undefined: each sensor's own
   */
  async volumesOf(
    principal: Principal,
    sensorIds: readonly number[],
    range: TimeRange,
    { calendar, method, asOf }: HistoryVolumeOptions,
  ): Promise<Map<number, FlowVolume[]>> {
    const boundaries = await this.volumes.boundaries(principal, range, calendar);
    const histories = await this.parts(principal, sensorIds);
    if (boundaries.length < 2) return new Map([...histories.keys()].map((id) => [id, []]));
    const edges = await this.ofParts([...histories.values()].flat(), async (ranges) => {
      const rows = await this.store.edgePings(principal, ranges, asOf);
      return new Map(rows.map((row) => [row.sensor_id, row]));
    });
    const sensors = new Map(
      [...histories.values()].flat().map(({ sensor }) => [sensor.id, sensor]),
    );
    const factors = await this.volumes.metered.factors(principal, [...sensors.keys()], asOf);
    const spans = new Map(
      [...histories].map(([id, parts]) => [
        id,
        historySpans(
          parts.flatMap((part) => edgesOf(part, edges.get(keyOf(part)), factors) ?? []),
          method,
        ),
      ]),
    );
    return historyVolumes(spans, boundaries, (cuts) =>
      this.volumes.between(principal, [...sensors.values()], cuts, method, asOf),
    );
  }

  /** Pings of each history in the window's order, and whether there are more beyond them. */
  async pingWindows(
    principal: Principal,
    sensorIds: readonly number[],
    window: PingWindow,
  ): Promise<Map<number, { pings: PackedPing<SensorRecord>[]; more: boolean }>> {
    requireScope(principal, 'READ');
    const histories = await this.parts(principal, sensorIds);
    const parts = [...histories.values()].flat();
    await this.record.requireKnown(principal, [...idsOf(parts)], window.asOf);
    const isAscending = (window.order === 'OLDEST_FIRST') === (window.from === 'first');
    const found = await this.ofParts(parts, (ranges) =>
      this.pings.windowWithin(
        principal,
        ranges.map(({ id, start, end }) => ({ id, ...within(window, start, end) })),
        isAscending ? 'ASC' : 'DESC',
        window.take + 1,
        window.asOf,
      ),
    );
    return new Map(
      [...histories].map(([id, history]) => {
        const inOrder = isAscending ? history : history.toReversed();
        const all = inOrder.flatMap((part) => found.get(keyOf(part))?.of(part.sensor) ?? []);
        const pings = all.slice(0, window.take);
        const more = all.length > window.take;
        return [id, { pings: window.from === 'last' ? pings.reverse() : pings, more }];
      }),
    );
  }

  /**
   * What is read of parts. A sensor's part ends where it is replaced, or is its last one: at most two
   * statements, for any number of sensors.
   * @param read reads it of sensors, each in a range of its own
   */
  private async ofParts<Value>(
    parts: readonly HistoryPart[],
    read: (ranges: readonly PartRange[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<Map<string, Value>> {
    const [replaced, last] = [parts.filter(({ end }) => end), parts.filter(({ end }) => !end)];
    const found = await Promise.all(
      [replaced, last].map(async (group): Promise<[string, Value][]> => {
        const unique = new Map(group.map((part) => [part.sensor.id, part]));
        if (unique.size === 0) return [];
        const ranges = [...unique.values()].map(({ sensor, start, end }) => ({
          id: sensor.id,
          start: start ?? FIRST_INSTANT,
          end: end ?? new Date(LAST_INSTANT.getTime() + 1),
        }));
        return [...(await read(ranges))].map(([id, value]) => [keyOf(unique.get(id)!), value]);
      }),
    );
    return new Map(found.flat());
  }
}

export interface HistoryVolumeOptions {
  /** undefined: one volume of the whole range */
  readonly calendar?: Calendar | undefined;
  readonly method?: VolumeMethod | undefined;
  readonly asOf?: Date | undefined;
}

/** [start, end) of one sensor's part. */
interface PartRange extends TimeRange {
  readonly id: number;
}

interface ChainPart {
  readonly id: number;
  readonly start: Date | null;
  readonly end: Date | null;
}

function chainOf(id: number, links: ReadonlyMap<number, SensorLink>): ChainPart[] {
  const chain: ChainPart[] = [];
  let end: Date | null = null;
  for (let at: number | undefined = id; at !== undefined;) {
    const link: SensorLink | undefined = links.get(at);
    const start: Date | null = link?.continuesFrom ?? null;
    chain.unshift({ id: at, start, end });
    [at, end] = [link?.continuesSensorId, start];
  }
  return chain;
}

function keyOf({ sensor, end }: HistoryPart): string {
  return `${sensor.id} ${end ? 'replaced' : 'last'}`;
}

/** Undefined where the part has no pings. */
function edgesOf(
  { sensor, end }: HistoryPart,
  row: EdgePings | undefined,
  factors: ReadonlyMap<number, History<number>>,
): EdgePart | undefined {
  if (!row || row.first_at === null) return undefined;
  const own = factors.get(sensor.id)!;
  const pingOf = (at: number, flowrate: number) => {
    return { at, flowrate, factor: valueAt(own, new Date(at)) };
  };
  const last = pingOf(row.last_at!, row.last_flowrate!);
  const instant = new Date(last.at);
  return {
    sensorId: sensor.id,
    isOpen: end === null,
    first: pingOf(row.first_at, row.first_flowrate!),
    last,
    maxGapMs: valueAt(maxGapHistory(sensor), instant) * 1000,
    method: valueAt(methodHistory(sensor), instant),
  };
}

function idsOf(parts: readonly HistoryPart[]): Set<number> {
  return new Set(parts.map(({ sensor }) => sensor.id));
}

/** The instants between which, exclusive, the window's pings of [start, end) lie. */
function within(window: PingWindow, start: Date, end: Date): { after: Date; before: Date } {
  const { oldest, newest } = bounds(window);
  const beforeStart = new Date(start.getTime() - 1);
  return {
    after: oldest > beforeStart ? oldest : beforeStart,
    before: newest < end ? newest : end,
  };
}
