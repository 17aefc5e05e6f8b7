import type {
  SyncedKey,
  SyncedSensor,
  SyncedSensorStore,
  UpstreamSensorKey,
} from '../../storage/transfer/synced-sensor-store.js';
import type { Clock } from '../shared/clock.js';
import { datetimeError, flowrateError } from '../pings/rules.js';
import type { NewPing, Pings } from '../pings/pings.js';
import { UPSTREAM } from '../pings/reason-codes.js';
import { auditEntry } from '../shared/audit.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { Sensors } from '../sensors/sensors.js';
import { changeOf, copyOf } from './sync-sensor.js';
import { withinCalendar } from '../shared/time.js';
import type { Upstream, UpstreamPing, UpstreamSensor } from './upstream.js';
import { DAY_MS } from '../shared/durations.js';

export type { UpstreamSensorKey } from '../../storage/transfer/synced-sensor-store.js';

export interface SyncOptions {
  /** how long before the end of the last run late pings are looked for */
  readonly lookBackMs: number;
  /** whether sensors without a ping since the last run are left out */
  readonly onlyNew?: boolean;
  /** called before each sensor */
  readonly onSensor?: (name: string) => void;
}

/** Counts of one run. */
export interface SyncResult {
  sensors: number;
  sensorsCreated: number;
  recorded: number;
  duplicates: number;
  /** readings that break a rule here, such as one of the day after tomorrow */
  refused: number;
}

// Windows overlap because the API's documentation does not say whether both ends are inclusive.
const OVERLAP_MS = 1000;
const FIRST_WINDOW_MS = DAY_MS;
const MAX_WINDOW_MS = 64 * DAY_MS;
// Windows grow until they hold this many pings, so that an interrupted run repeats little.
const TARGET_WINDOW_PINGS = 20_000;

/** Copies sensors and pings from another server, any number of times. */
export class Sync {
  constructor(
    private readonly store: SyncedSensorStore,
    private readonly sensors: Sensors,
    private readonly pings: Pings,
    private readonly clock: Clock,
  ) {}

  /**
   * Copies each sensor's pings in windows of time, oldest first, storing its progress after each,
   * so that an interrupted run continues there. Corrections by the upstream are corrected here.
   * @throws ForbiddenError without the scope ADMIN
   */
  async run(principal: Principal, upstream: Upstream, options: SyncOptions): Promise<SyncResult> {
    requireScope(principal, 'ADMIN');
    const result = { sensors: 0, sensorsCreated: 0, recorded: 0, duplicates: 0, refused: 0 };
    for await (const page of upstream.sensors()) {
      for (const sensor of page) {
        options.onSensor?.(sensor.name);
        const copy = new SensorSync(this.deps(principal, upstream), sensor, result);
        await copy.run(options);
        result.sensors++;
      }
    }
    return result;
  }

  /** What sensors are copies of, by sensor; those that are none are left out. */
  originals(
    principal: Principal,
    sensorIds: readonly number[],
  ): Promise<Map<number, UpstreamSensorKey>> {
    requireScope(principal, 'READ');
    return this.store.ofSensors(principal.accountId, sensorIds);
  }

  private deps(principal: Principal, upstream: Upstream): SensorSyncDeps {
    const { store, sensors, pings, clock } = this;
    return { store, sensors, pings, clock, principal, upstream };
  }
}

interface SensorSyncDeps {
  readonly store: SyncedSensorStore;
  readonly sensors: Sensors;
  readonly pings: Pings;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly upstream: Upstream;
}

/** The sensor here that pings are copied to. */
interface CopyTarget {
  readonly sensorId: number;
  readonly retiredAt: Date | null;
}

/** The copying of one sensor. */
class SensorSync {
  private readonly key: SyncedKey;

  constructor(
    private readonly deps: SensorSyncDeps,
    private readonly sensor: UpstreamSensor,
    private readonly result: SyncResult,
  ) {
    const { accountId } = deps.principal;
    this.key = { accountId, upstream: deps.upstream.address, upstreamId: sensor.id };
  }

  async run({ lookBackMs, onlyNew = false }: SyncOptions): Promise<void> {
    const { id, lastPingAt } = this.sensor;
    const { sensorId, copiedTo, retiredAt } = await this.match();
    if (!lastPingAt) return;
    const last = lastPingAt.getTime();
    if (onlyNew && copiedTo && copiedTo >= lastPingAt) return;
    const from = copiedTo
      ? withinCalendar(copiedTo.getTime() - lookBackMs).getTime()
      : (await this.deps.upstream.firstPingAt(id))?.getTime();
    if (from === undefined) return;
    let length = FIRST_WINDOW_MS;
    let start = Math.min(from, last);
    let end: number;
    do {
      end = Math.min(start + length, last);
      const count = await this.copyWindow({ sensorId, retiredAt }, start, end);
      // While looking back, the progress of the earlier run must be kept.
      if (!copiedTo || end > copiedTo.getTime()) {
        await this.deps.store.setCopiedTo(this.key, new Date(end));
      }
      if (count < TARGET_WINDOW_PINGS) length = Math.min(2 * length, MAX_WINDOW_MS);
      start = end;
    } while (end < last);
  }

  private async match(): Promise<SyncedSensor & { retiredAt: Date | null }> {
    const { store, sensors, principal } = this.deps;
    const found = await store.find(this.key);
    if (!found) {
      this.result.sensorsCreated++;
      const copy = copyOf(this.sensor);
      const created = await store.create(this.key, copy, (id) =>
        auditEntry(principal, 'SENSOR_CREATED', { type: 'SENSOR', id, name: copy.name }),
      );
      return { ...created, retiredAt: null };
    }
    const stored = await sensors.require(principal, found.sensorId);
    const change = changeOf(stored, this.sensor);
    if (change) await sensors.update(principal, found.sensorId, change);
    return { ...found, retiredAt: stored.retiredAt };
  }

  /** @returns the number of pings in the window */
  private async copyWindow(target: CopyTarget, start: number, end: number): Promise<number> {
    const { pings, principal, upstream } = this.deps;
    const from = withinCalendar(start - OVERLAP_MS);
    const to = withinCalendar(end + OVERLAP_MS);
    let count = 0;
    for await (const page of upstream.pings(this.sensor.id, from, to)) {
      const valid = this.validPings(target, page);
      const { recorded, duplicates } = await pings.record(principal, valid, {
        onConflict: 'OVERWRITE',
        reasonCode: UPSTREAM,
        comment: `sync from ${upstream.address}`,
        unit: 'bbl/d',
      });
      this.result.recorded += recorded;
      this.result.duplicates += duplicates;
      this.result.refused += page.length - valid.length;
      count += page.length;
    }
    return count;
  }

  private validPings(
    { sensorId, retiredAt }: CopyTarget,
    page: readonly UpstreamPing[],
  ): NewPing[] {
    const now = this.deps.clock();
    return page
      .filter(
        ({ datetime, flowrate }) =>
          !flowrateError(flowrate) &&
          !datetimeError(datetime.getTime(), now) &&
          !(retiredAt && datetime > retiredAt),
      )
      .map(({ datetime, flowrate }) => ({ sensorId, datetime, flowrate }));
  }
}
