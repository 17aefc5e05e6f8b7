import type { PingRevision, PingRevisions, RevisionRange } from '../../domain/pings/revisions.js';
import {
  PackedPings,
  type Ping,
  type PingInterval,
  type PingWindow,
  type Pings,
} from '../../domain/pings/pings.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { SensorRecord, Sensors } from '../../domain/sensors/sensors.js';
import type {
  Calendar,
  FlowVolume,
  Outage,
  SeriesPoint,
  VolumeMethod,
  Volumes,
} from '../../domain/volumes/volumes.js';
import { NotFoundError } from '../../domain/shared/errors.js';
import { BatchLoaders } from './batch-loaders.js';

const SENSOR_AGE_MS = 1000;

interface Range {
  readonly start: Date;
  readonly end: Date;
}

/** What fields ask of one sensor, answered for all sensors of the query that ask the same. */
export class SensorLoaders {
  private readonly batches = new BatchLoaders();
  private readonly sensors = new BatchLoaders();
  private sensorsSince = 0;

  constructor(
    private readonly principal: Principal,
    private readonly parts: {
      readonly sensors: Sensors;
      readonly pings: Pings;
      readonly revisions: PingRevisions;
      readonly volumes: Volumes;
    },
  ) {}

  /** Undefined where the account has no such sensor. */
  sensor(sensorId: number): Promise<SensorRecord | undefined> {
    return this.sensors.ofSensor(['sensor'], sensorId, (ids) =>
      this.parts.sensors.find(this.principal, ids),
    );
  }

  /** Of a ping or whatever else names its sensor. @throws NotFoundError where that is gone by now */
  async sensorOf({ sensorId }: { readonly sensorId: number }): Promise<SensorRecord> {
    return found(await this.sensor(sensorId));
  }

  lastPing(sensorId: number): Promise<Ping | undefined> {
    return this.batches.ofSensor(['lastPing'], sensorId, (ids) =>
      this.parts.pings.last(this.principal, ids),
    );
  }

  async pings(
    sensorId: number,
    window: PingWindow,
  ): Promise<{ pings: PackedPings; more: boolean }> {
    const { order, start, end, after, before, take, from } = window;
    const shape = ['pings', order, start, end, after, before, take, from];
    const found = await this.batches.ofSensor(shape, sensorId, (ids) =>
      this.parts.pings.windows(this.principal, ids, window),
    );
    return found ?? { pings: PackedPings.NONE, more: false };
  }

  async pingCount(sensorId: number, interval: PingInterval): Promise<number> {
    const count = await this.batches.ofSensor(['pingCount', interval], sensorId, (ids) =>
      this.parts.pings.counts(this.principal, ids, interval),
    );
    return count ?? 0;
  }

  async revisions(
    sensorId: number,
    range: RevisionRange,
    after: string | undefined,
    take: number,
  ): Promise<{ revisions: PingRevision[]; more: boolean }> {
    const shape = ['revisions', range, after, take];
    const found = await this.batches.ofSensor(shape, sensorId, (ids) =>
      this.parts.revisions.page(this.principal, ids, range, after, take),
    );
    return found ?? { revisions: [], more: false };
  }

  async revisionCount(sensorId: number, range: RevisionRange): Promise<number> {
    const count = await this.batches.ofSensor(['revisionCount', range], sensorId, (ids) =>
      this.parts.revisions.counts(this.principal, ids, range),
    );
    return count ?? 0;
  }

  async flowVolume(sensorId: number, range: Range, method: VolumeMethod): Promise<FlowVolume> {
    const shape = ['flowVolume', range.start, range.end, method];
    const volume = await this.batches.ofSensor(shape, sensorId, (ids) =>
      this.parts.volumes.ofRange(this.principal, ids, range, method),
    );
    return found(volume);
  }

  async flowVolumes(
    sensorId: number,
    range: Range,
    calendar: Calendar,
    method: VolumeMethod,
  ): Promise<FlowVolume[]> {
    const shape = ['flowVolumes', range, calendar, method];
    const volumes = await this.batches.ofSensor(shape, sensorId, (ids) =>
      this.parts.volumes.ofCalendar(this.principal, ids, range, calendar, method),
    );
    return found(volumes);
  }

  async series(sensorId: number, range: Range, maxPoints: number): Promise<SeriesPoint[]> {
    const points = await this.batches.ofSensor(['series', range, maxPoints], sensorId, (ids) =>
      this.parts.volumes.series(this.principal, ids, range, maxPoints),
    );
    return found(points);
  }

  async outages(sensorId: number, range: Range): Promise<Outage[]> {
    const outages = await this.batches.ofSensor(['outages', range], sensorId, (ids) =>
      this.parts.volumes.outages(this.principal, ids, range),
    );
    return found(outages);
  }

  /** To be called before something is changed: what is asked after it is read anew. */
  forget(): void {
    this.batches.clear();
    this.sensors.clear();
  }

  /** To be called between the events of a subscription. Sensors seldom change: they may be a second old. */
  forgetEvent(now: Date): void {
    this.batches.clear();
    if (Math.abs(now.getTime() - this.sensorsSince) < SENSOR_AGE_MS) return;
    this.sensors.clear();
    this.sensorsSince = now.getTime();
  }
}

/** A sensor that was there when the query began may be gone by now. */
function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new NotFoundError();
  return value;
}
