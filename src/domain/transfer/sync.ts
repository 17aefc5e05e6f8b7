import type {
  SyncedKey,
  SyncedSensor,
  SyncedSensorStore,
} from '../../storage/transfer/synced-sensor-store.js';
import type { Clock } from '../shared/clock.js';
import { datetimeError, flowrateError } from '../pings/rules.js';
import type { NewPing, Pings } from '../pings/pings.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { Sensors } from '../sensors/sensors.js';
import { changeOf, copyOf } from './sync-sensor.js';
import { withinCalendar } from '../shared/time.js';
import type { Upstream, UpstreamPing, UpstreamSensor } from './upstream.js';

export interface SyncOptions {
  /** how far before where the last run came to late pings are looked for */
  readonly lookBackMs: number;
  /** told before each sensor */
  readonly onSensor?: (name: string) => void;
}

/** Counts of one run. */
export interface SyncResult {
  sensors: number;
  sensorsMade: number;
  recorded: number;
  duplicates: number;
  /** readings that break a rule here, such as one of tomorrow */
  refused: number;
}

const DAY_MS = 86_400_000;
// The documentation does not say whether an upstream takes both ends as inclusive: windows overlap.
const OVERLAP_MS = 1000;
const FIRST_WINDOW_MS = DAY_MS;
const LONGEST_WINDOW_MS = 64 * DAY_MS;
// A window of more pings than this is no longer doubled: what a broken-off run repeats stays small.
const MANY_PINGS = 20_000;

/** Copies sensors and pings from another server, as often as one likes. */
export class Sync {
  constructor(
    private readonly store: SyncedSensorStore,
    private readonly sensors: Sensors,
    private readonly pings: Pings,
    private readonly clock: Clock,
  ) {}

  /**
   * Each sensor's pings are copied in windows of time, oldest first, and how far that came is kept after each: a
   * run that was broken off goes on there. What the upstream corrected is corrected here.
   */
  async run(principal: Principal, upstream: Upstream, options: SyncOptions): Promise<SyncResult> {
    requireScope(principal, 'ADMIN');
    const result = { sensors: 0, sensorsMade: 0, recorded: 0, duplicates: 0, refused: 0 };
    for await (const page of upstream.sensors()) {
      for (const sensor of page) {
        options.onSensor?.(sensor.name);
        const copy = new SensorSync(this.parts(principal, upstream), sensor, result);
        await copy.run(options.lookBackMs);
        result.sensors++;
      }
    }
    return result;
  }

  private parts(principal: Principal, upstream: Upstream): Parts {
    const { store, sensors, pings, clock } = this;
    return { store, sensors, pings, clock, principal, upstream };
  }
}

interface Parts {
  readonly store: SyncedSensorStore;
  readonly sensors: Sensors;
  readonly pings: Pings;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly upstream: Upstream;
}

/** The copying of one sensor. */
class SensorSync {
  private readonly key: SyncedKey;

  constructor(
    private readonly parts: Parts,
    private readonly sensor: UpstreamSensor,
    private readonly result: SyncResult,
  ) {
    const { accountId } = parts.principal;
    this.key = { accountId, upstream: parts.upstream.address, upstreamId: sensor.id };
  }

  async run(lookBackMs: number): Promise<void> {
    const { id, lastPingAt } = this.sensor;
    const { sensorId, copiedTo } = await this.match();
    if (!lastPingAt) return;
    const last = lastPingAt.getTime();
    const from = copiedTo
      ? withinCalendar(copiedTo.getTime() - lookBackMs).getTime()
      : (await this.parts.upstream.firstPingAt(id))?.getTime();
    if (from === undefined) return;
    let length = FIRST_WINDOW_MS;
    let start = Math.min(from, last);
    let end: number;
    do {
      end = Math.min(start + length, last);
      const count = await this.copyWindow(sensorId, start, end);
      // Looking back must not forget how far an earlier run came.
      if (!copiedTo || end > copiedTo.getTime()) {
        await this.parts.store.setCopiedTo(this.key, new Date(end));
      }
      if (count < MANY_PINGS) length = Math.min(2 * length, LONGEST_WINDOW_MS);
      start = end;
    } while (end < last);
  }

  private async match(): Promise<SyncedSensor> {
    const { store, sensors, principal } = this.parts;
    const found = await store.find(this.key);
    if (!found) {
      this.result.sensorsMade++;
      return store.create(this.key, copyOf(this.sensor));
    }
    const held = await sensors.require(principal, found.sensorId);
    const change = changeOf(held, this.sensor);
    if (change) await sensors.update(principal, found.sensorId, change);
    return found;
  }

  /** @returns how many pings the window holds */
  private async copyWindow(sensorId: number, start: number, end: number): Promise<number> {
    const { pings, principal, upstream } = this.parts;
    const from = withinCalendar(start - OVERLAP_MS);
    const to = withinCalendar(end + OVERLAP_MS);
    let count = 0;
    for await (const page of upstream.pings(this.sensor.id, from, to)) {
      const sound = this.soundOf(sensorId, page);
      const { recorded, duplicates } = await pings.record(principal, sound, {
        onConflict: 'OVERWRITE',
        reason: `sync from ${upstream.address}`,
      });
      this.result.recorded += recorded;
      this.result.duplicates += duplicates;
      this.result.refused += page.length - sound.length;
      count += page.length;
    }
    return count;
  }

  private soundOf(sensorId: number, page: readonly UpstreamPing[]): NewPing[] {
    const now = this.parts.clock();
    return page
      .filter(
        ({ datetime, flowrate }) =>
          !flowrateError(flowrate) && !datetimeError(datetime.getTime(), now),
      )
      .map(({ datetime, flowrate }) => ({ sensorId, datetime, flowrate }));
  }
}
