import type { SyncedSensorStore } from '../../storage/transfer/synced-sensor-store.js';
import type { Quality } from '../pings/quality.js';
import type { Pings, Recorded } from '../pings/pings.js';
import { UPSTREAM } from '../pings/reason-codes.js';
import type { Clock } from '../shared/clock.js';
import { DAY_MS, HOUR_MS } from '../shared/durations.js';
import type { Principal } from '../shared/principal.js';
import { withinCalendar } from '../shared/time.js';
import type { Volumes } from '../volumes/volumes.js';
import type { Sync } from './sync.js';
import type { Upstream } from './upstream.js';

/** A ping that an upstream's webhook reported; bbl/d. */
export interface ReportedPing {
  /** the upstream's id of the sensor */
  readonly sensorId: number;
  readonly datetime: Date;
  readonly flowrate: number;
  readonly quality?: Quality | undefined;
}

/** A volume over the same range that the upstream gives otherwise; barrels. */
export interface VolumeDifference {
  readonly sensorId: number;
  readonly start: Date;
  readonly end: Date;
  readonly here: number;
  readonly upstream: number;
}

/** How up to date a mirror is. */
export interface MirrorState {
  /** what the operator calls the upstream */
  readonly name: string;
  /** the address of the upstream */
  readonly upstream: string;
  /** when everything that was new at the upstream had been copied; undefined: not yet */
  readonly syncedAt: Date | undefined;
  /** why the last attempt to copy failed; undefined where it succeeded */
  readonly error: string | undefined;
  /** of the last comparison */
  readonly differences: readonly VolumeDifference[];
}

export interface MirrorDeps {
  readonly name: string;
  readonly upstream: Upstream;
  /** who copies, in the account that the sensors are copied to */
  readonly principal: () => Promise<Principal>;
  readonly sync: Sync;
  readonly store: SyncedSensorStore;
  readonly pings: Pick<Pings, 'record'>;
  readonly volumes: Pick<Volumes, 'ofSensor'>;
  readonly clock: Clock;
}

// Late and corrected readings of the last week are found within an hour.
const DEEP_INTERVAL_MS = HOUR_MS;
const LOOK_BACK_MS = 7 * DAY_MS;
// Two volumes of 6 decimals each, and what doubles lose.
const TOLERANCE = 2e-6;
const RELATIVE_TOLERANCE = 1e-9;

/** A copy of an upstream's sensors and pings that is kept up to date. */
export class Mirror {
  private syncedAt: Date | undefined;
  private deepAt: Date | undefined;
  private error: string | undefined;
  private differences: VolumeDifference[] = [];

  constructor(private readonly deps: MirrorDeps) {}

  get state(): MirrorState {
    const { syncedAt, error, differences } = this;
    const { name, upstream } = this.deps;
    return { name, upstream: upstream.address, syncedAt, error, differences };
  }

  /**
   * Copies what is new; once an hour also late and corrected pings of the last week, and compares
   * volumes.
   * @returns volumes that the upstream gives otherwise, where they were compared
   * @throws the upstream's error, which `state` has too
   */
  async run(): Promise<readonly VolumeDifference[]> {
    const { sync, upstream, clock } = this.deps;
    const begun = clock();
    const isDeep = !this.deepAt || begun.getTime() - this.deepAt.getTime() >= DEEP_INTERVAL_MS;
    try {
      const principal = await this.deps.principal();
      const lookBackMs = isDeep ? LOOK_BACK_MS : 0;
      await sync.run(principal, upstream, { lookBackMs, onlyNew: !isDeep });
      if (isDeep) {
        this.differences = await this.compare(principal);
        this.deepAt = begun;
      }
      this.syncedAt = begun;
      this.error = undefined;
      return isDeep ? this.differences : [];
    } catch (error) {
      this.error = (error as Error).message;
      throw error;
    }
  }

  /**
   * Records a ping that the upstream's webhook reported; resolves when it is durable.
   * @returns undefined where the sensor was not copied yet
   */
  async receive({
    sensorId,
    datetime,
    flowrate,
    quality,
  }: ReportedPing): Promise<Recorded | undefined> {
    const { upstream, store, pings } = this.deps;
    const principal = await this.deps.principal();
    const { accountId } = principal;
    const key = { accountId, upstream: upstream.address, upstreamId: sensorId };
    const found = await store.find(key);
    if (!found) return undefined;
    return pings.record(principal, [{ sensorId: found.sensorId, datetime, flowrate, quality }], {
      onConflict: 'OVERWRITE',
      unit: 'bbl/d',
      reasonCode: UPSTREAM,
      comment: `webhook from ${upstream.address}`,
    });
  }

  /** Compares each sensor's volume of the day before its last ping with the upstream's. */
  private async compare(principal: Principal): Promise<VolumeDifference[]> {
    const { upstream, store, volumes } = this.deps;
    const { accountId } = principal;
    const differences: VolumeDifference[] = [];
    for await (const page of upstream.sensors()) {
      for (const { id, lastPingAt } of page) {
        const key = { accountId, upstream: upstream.address, upstreamId: id };
        const found = lastPingAt && (await store.find(key));
        if (!found) continue;
        const range = { start: withinCalendar(lastPingAt.getTime() - DAY_MS), end: lastPingAt };
        const theirs = await upstream.volume(id, range.start, range.end);
        // The documented API has no other method.
        const { sensorId } = found;
        const ours = (await volumes.ofSensor(principal, sensorId, range, 'LINEAR')).volume;
        const tolerance = TOLERANCE + RELATIVE_TOLERANCE * Math.abs(theirs);
        if (Math.abs(ours - theirs) <= tolerance) continue;
        differences.push({ sensorId, ...range, here: ours, upstream: theirs });
      }
    }
    return differences;
  }
}
