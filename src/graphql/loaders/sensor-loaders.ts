import type {
  PingRevision,
  PingRevisions,
  RevisionRange,
  RevisionWindow,
} from '../../domain/pings/revisions.js';
import {
  PackedPings,
  type Ping,
  type PingIdentity,
  type PingRecording,
  type PingSelection,
  type PingWindow,
  type Pings,
} from '../../domain/pings/pings.js';
import type {
  ConfigurationChange,
  ConfigurationWindow,
  SensorConfiguration,
  SensorConfigurations,
} from '../../domain/sensors/configurations.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { SensorRecord, Sensors } from '../../domain/sensors/sensors.js';
import type { Sync, UpstreamSensorKey } from '../../domain/transfer/sync.js';
import type { Outage, SeriesPoint, Volumes } from '../../domain/volumes/volumes.js';
import DataLoader from 'dataloader';
import type { Window } from '../../domain/shared/windows.js';
import type { SensorHistories } from '../../domain/pings/sensor-history.js';
import type { PingSource } from '../pagination/ping-node-list.js';
import { BatchLoaders, type WhenWhole } from './batch-loaders.js';
import { HistoryLoaders } from './history-loaders.js';
import { requireFound } from './require-found.js';
import { VolumeLoaders } from './volume-loaders.js';

const SENSOR_AGE_MS = 1000;

interface Range {
  readonly start: Date;
  readonly end: Date;
}

/** What fields read of one sensor, loaded for all sensors of the operation together. */
export class SensorLoaders {
  readonly histories: HistoryLoaders;
  readonly volumes: VolumeLoaders;
  private readonly batches: BatchLoaders;
  private readonly sensors: BatchLoaders;
  private sensorsSince = 0;
  private readonly recordings = new DataLoader(async (pings: readonly PingIdentity[]) => {
    const found = await this.deps.pings.recordings(this.principal, pings);
    return pings.map(({ id }) => found.get(id));
  });

  constructor(
    private readonly principal: Principal,
    private readonly deps: {
      readonly sensors: Sensors;
      readonly configurations: SensorConfigurations;
      readonly pings: Pings;
      readonly revisions: PingRevisions;
      readonly histories: SensorHistories;
      readonly sync: Pick<Sync, 'originals'>;
      readonly volumes: Volumes;
    },
    whenWhole: WhenWhole,
  ) {
    this.batches = new BatchLoaders(whenWhole);
    this.sensors = new BatchLoaders(whenWhole);
    this.histories = new HistoryLoaders(principal, deps.histories, this.batches);
    this.volumes = new VolumeLoaders(principal, deps.volumes, this.batches);
  }

  /** Undefined where the sensor is no copy of an upstream's. */
  original(sensorId: number): Promise<UpstreamSensorKey | undefined> {
    return this.batches.load(['original'], sensorId, (ids) =>
      this.deps.sync.originals(this.principal, ids),
    );
  }

  /** Undefined where the account has no such sensor. */
  sensor(sensorId: number): Promise<SensorRecord | undefined> {
    return this.sensors.load(['sensor'], sensorId, (ids) =>
      this.deps.sensors.find(this.principal, ids),
    );
  }

  /** @throws NotFoundError where the sensor no longer exists */
  async sensorOf({ sensorId }: { readonly sensorId: number }): Promise<SensorRecord> {
    return requireFound(await this.sensor(sensorId));
  }

  lastPing(sensorId: number): Promise<Ping | undefined> {
    return this.batches.load(['lastPing'], sensorId, (ids) =>
      this.deps.pings.last(this.principal, ids),
    );
  }

  /**
   * When a ping was recorded that is known without that, and its quality; it may be deleted.
   * @throws NotFoundError where there has been no such ping
   */
  async recording(ping: PingIdentity): Promise<PingRecording> {
    return requireFound(await this.recordings.load(ping));
  }

  async pings(
    sensorId: number,
    window: PingWindow,
  ): Promise<{ pings: PackedPings; more: boolean }> {
    const { order, start, end, asOf, after, before, take, from } = window;
    const shape = ['pings', order, start, end, asOf, after, before, take, from];
    const found = await this.batches.load(shape, sensorId, (ids) =>
      this.deps.pings.windows(this.principal, ids, window),
    );
    return found ?? { pings: PackedPings.NONE, more: false };
  }

  /** The pings of one sensor. */
  pingsOf(sensor: SensorRecord): PingSource {
    return {
      window: async (window) => {
        const { pings, more } = await this.pings(sensor.id, window);
        return { nodes: pings.of(sensor), more };
      },
      count: (selection) => this.pingCount(sensor.id, selection),
    };
  }

  async pingCount(sensorId: number, selection: PingSelection): Promise<number> {
    const count = await this.batches.load(['pingCount', selection], sensorId, (ids) =>
      this.deps.pings.counts(this.principal, ids, selection),
    );
    return count ?? 0;
  }

  async revisions(
    sensorId: number,
    range: RevisionRange,
    window: RevisionWindow,
  ): Promise<Window<PingRevision>> {
    const shape = ['revisions', range, window];
    const found = await this.batches.load(shape, sensorId, (ids) =>
      this.deps.revisions.windows(this.principal, ids, range, window),
    );
    return found ?? { items: [], more: false };
  }

  async revisionCount(sensorId: number, range: RevisionRange): Promise<number> {
    const count = await this.batches.load(['revisionCount', range], sensorId, (ids) =>
      this.deps.revisions.counts(this.principal, ids, range),
    );
    return count ?? 0;
  }

  async configurationChanges(
    sensorId: number,
    window: ConfigurationWindow,
  ): Promise<Window<ConfigurationChange>> {
    const found = await this.batches.load(['configurationChanges', window], sensorId, (ids) =>
      this.deps.configurations.windows(this.principal, ids, window),
    );
    return found ?? { items: [], more: false };
  }

  async configurationChangeCount(sensorId: number): Promise<number> {
    const count = await this.batches.load(['configurationChangeCount'], sensorId, (ids) =>
      this.deps.configurations.counts(this.principal, ids),
    );
    return count ?? 0;
  }

  configuration(sensorId: number, at: Date): Promise<SensorConfiguration> {
    return this.batches.require(['configuration', at], sensorId, (ids) =>
      this.deps.configurations.at(this.principal, ids, at),
    );
  }

  series(sensorId: number, range: Range, maxPoints: number): Promise<SeriesPoint[]> {
    return this.batches.require(['series', range, maxPoints], sensorId, (ids) =>
      this.deps.volumes.series(this.principal, ids, range, maxPoints),
    );
  }

  outages(sensorId: number, range: Range): Promise<Outage[]> {
    return this.batches.require(['outages', range], sensorId, (ids) =>
      this.deps.volumes.outages(this.principal, ids, range),
    );
  }

  /** To be called before something is changed: later fields read it again. */
  forget(): void {
    this.batches.clear();
    this.volumes.clear();
    this.sensors.clear();
  }

  /**
   * To be called between events of a subscription. Sensors seldom change, so they may be 1 s old.
   */
  forgetEvent(now: Date): void {
    this.batches.clear();
    this.volumes.clear();
    if (Math.abs(now.getTime() - this.sensorsSince) < SENSOR_AGE_MS) return;
    this.sensors.clear();
    this.sensorsSince = now.getTime();
  }
}
