import { PackedPings } from '../../storage/pings/packed-pings.js';
import { pingOf, type PingRow } from '../../storage/pings/ping-row.js';
import type { PingRecording, PingStore } from '../../storage/pings/ping-store.js';
import type { PingWriter } from '../../storage/pings/ping-writer.js';
import type { StoredPing } from '../../storage/pings/stored-ping.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { Clock } from '../shared/clock.js';
import { InvalidInputError, NotFoundError, type FieldError } from '../shared/errors.js';
import {
  noSuchPage,
  PAGE_SIZE,
  pageNumberParameter,
  pageOf,
  type PageNumber,
  type PagePlace,
} from '../shared/page.js';
import type { Admission, AdmittedChanges, PingAdmission } from './admission.js';
import type { PingObserver } from './observer.js';
import { PingRecorder } from './recorder.js';
import {
  unknownSensor,
  type NewPing,
  type Recorded,
  type RecordOptions,
} from './resolve-conflicts.js';
import { deletionEvent } from './audit.js';
import type { ReasonCodes } from './reason-codes.js';
import { thinnedError } from './rules.js';
import { valueErrors } from './value-errors.js';
import { reasonError } from '../shared/name-rules.js';
import {
  bounds,
  halfOpen,
  type PingInterval,
  type PingSelection,
  type PingWindow,
} from './window.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import type { RecordHistory } from '../shared/record-history.js';
import { isRecordId } from '../shared/record-id.js';
import { ExclusiveSensorQueue } from '../sensors/exclusive-sensor-queue.js';

export type { PingRecording } from '../../storage/pings/ping-store.js';
export { PackedPings, type PackedPing } from '../../storage/pings/packed-pings.js';
export type { NewPing, OnConflict, Recorded, RecordOptions } from './resolve-conflicts.js';
export type { PingObserver } from './observer.js';
export type { PingInterval, PingOrder, PingSelection, PingWindow } from './window.js';

/** Why the history changes: one of the account's reason codes, and a comment. */
export type RevisionReason = Pick<RecordOptions, 'reasonCode' | 'comment'>;

/** One reading; flowrate in bbl/d. */
export type Ping = StoredPing;

export type PingIdentity = Pick<Ping, 'id' | 'sensorId' | 'datetime'>;

/** Newest first. */
export interface PingPage extends PagePlace {
  readonly sensorId: number;
  readonly sensorName: string;
  readonly pings: readonly Pick<PingRow, 'id' | 'at' | 'flowrate'>[];
}

/** Readings of the account's sensors. Calls over several sensors run one statement. */
export class Pings {
  private readonly recorder: PingRecorder;
  private readonly deletions = new ExclusiveSensorQueue();

  constructor(
    private readonly store: PingStore,
    private readonly writer: PingWriter,
    private readonly clock: Clock,
    private readonly observer: PingObserver,
    private readonly admission: PingAdmission,
    private readonly reasonCodes: ReasonCodes,
    private readonly history: RecordHistory,
  ) {
    this.recorder = new PingRecorder(writer);
  }

  /**
   * A page of one sensor's pings, newest first.
   *
   * @throws NotFoundError where there is no such sensor or page
   */
  async page(
    principal: Principal,
    sensorId: number,
    interval: PingInterval,
    requested: PageNumber,
  ): Promise<PingPage> {
    requireScope(principal, 'READ');
    const number = pageNumberParameter(requested);
    const range = interval.start || interval.end ? halfOpen(interval) : undefined;
    const found = await this.store.page(principal, sensorId, range, number, PAGE_SIZE);
    if (!found) throw new NotFoundError();
    const place = pageOf(found.count, requested);
    if (!place) throw noSuchPage();
    return { ...place, sensorId, sensorName: found.sensor_name, pings: found.pings };
  }

  /** The newest by datetime. */
  async last(principal: Principal, sensorIds: readonly number[]): Promise<Map<number, Ping>> {
    requireScope(principal, 'READ');
    const rows = await this.store.last(principal, sensorIds);
    return new Map(rows.map((row) => [row.sensor_id, pingOf(row)]));
  }

  /** Pings of each sensor in the window's order, and whether there are more beyond them. */
  async windows(
    principal: Principal,
    sensorIds: readonly number[],
    window: PingWindow,
  ): Promise<Map<number, { pings: PackedPings; more: boolean }>> {
    requireScope(principal, 'READ');
    await this.history.requireKnown(principal, sensorIds, window.asOf);
    const { oldest, newest } = bounds(window);
    const ascending = (window.order === 'OLDEST_FIRST') === (window.from === 'first');
    const found = await this.store.window(
      principal,
      sensorIds,
      oldest,
      newest,
      ascending ? 'ASC' : 'DESC',
      window.take + 1,
      window.asOf,
    );
    const cut = (id: number) => {
      const ofSensor = found.get(id) ?? PackedPings.NONE;
      const pings = ofSensor.first(window.take);
      const more = ofSensor.length > window.take;
      return { pings: window.from === 'last' ? pings.reversed() : pings, more };
    };
    return new Map(sensorIds.map((id) => [id, cut(id)]));
  }

  /** When pings were recorded and their quality, by id; also those that were deleted since. */
  async recordings(
    principal: Principal,
    pings: readonly PingIdentity[],
  ): Promise<Map<string, PingRecording>> {
    requireScope(principal, 'READ');
    return this.store.recordings(principal, pings);
  }

  /** The meters' own totalizers (bbl) of stored pings, by id; those without one are left out. */
  totalizers(principal: Principal, pings: readonly PingIdentity[]): Promise<Map<string, number>> {
    requireScope(principal, 'READ');
    return this.store.totalizers(principal, pings);
  }

  async counts(
    principal: Principal,
    sensorIds: readonly number[],
    { asOf, ...interval }: PingSelection,
  ): Promise<Map<number, number>> {
    requireScope(principal, 'READ');
    await this.history.requireKnown(principal, sensorIds, asOf);
    const range = interval.start || interval.end ? halfOpen(interval) : undefined;
    const rows = asOf
      ? await this.store.countsAsOf(principal, sensorIds, halfOpen(interval), asOf)
      : await this.store.counts(principal, sensorIds, range);
    return new Map(rows.map(({ sensor_id, count }) => [sensor_id, count]));
  }

  /**
   * Records pings, all or none; resolves when they are durable.
   *
   * @throws InvalidInputError that names every bad ping by its index; ConflictError where one has
   * another flowrate already, stored or within the request, and is not to be overwritten
   */
  async record(
    principal: Principal,
    pings: readonly NewPing[],
    options: RecordOptions,
  ): Promise<Recorded> {
    requireScope(principal, options.onConflict === 'OVERWRITE' ? 'ADMIN' : 'INGEST');
    await this.requireReason(principal, options);
    const [error, ...more] = valueErrors(pings, this.clock());
    if (error) {
      const unknown = await this.unknownSensors(principal, pings);
      throw new InvalidInputError([error, ...more, ...unknown]);
    }
    if (pings.length === 0) return { recorded: 0, duplicates: 0 };
    const work = (admission: Admission) =>
      this.recorder.record(principal, pings, options, admission);
    const { inserted, corrections, recorded, duplicates, isAnnounced } = await this.admitted(
      ...([principal, { inserted: pings }, work] as const),
    );
    this.observer.recorded(principal.accountId, inserted, corrections, isAnnounced);
    return { recorded, duplicates };
  }

  /** The errors for which `record` would refuse the pings, each by its index. */
  async errorsOf(principal: Principal, pings: readonly NewPing[]): Promise<FieldError[]> {
    requireScope(principal, 'INGEST');
    return [...valueErrors(pings, this.clock()), ...(await this.unknownSensors(principal, pings))];
  }

  /**
   * Asserts, for a request to record pings of one sensor, that the sensor exists.
   *
   * @throws NotFoundError where the account has no such sensor
   */
  async requireSensor(principal: Principal, sensorId: number): Promise<void> {
    requireScope(principal, 'INGEST');
    const [found] = await this.store.counts(principal, [sensorId], undefined);
    if (!found) throw new NotFoundError();
  }

  /**
   * Deletes a sensor's pings in [start, end); the history keeps them.
   *
   * @returns how many there are, or with `dryRun` would be
   * @throws NotFoundError where there is no such sensor
   */
  async delete(
    principal: Principal,
    sensorId: number,
    range: TimeRange,
    { dryRun, ...reason }: { dryRun: boolean } & RevisionReason,
  ): Promise<number> {
    requireScope(principal, 'ADMIN');
    if (range.end < range.start) throw InvalidInputError.of('end', 'Must not be before start.');
    await this.requireReason(principal, reason);
    const { accountId } = principal;
    if (dryRun) {
      const [found] = await this.store.counts(principal, [sensorId], range);
      if (!found) throw new NotFoundError();
      return found.count;
    }
    const changes = { inserted: [], deletions: [{ sensorId }] };
    const count = await this.deletions.run(() =>
      this.admitted(principal, changes, (admission) =>
        this.writer.transaction(async (transaction) => {
          const locked = await this.writer.lock(transaction, [sensorId], 0, 'AWAITED');
          const sensor = locked.sensors.get(sensorId);
          if (sensor?.accountId !== accountId) throw new NotFoundError();
          const error = thinnedError(sensorId, sensor.thinnedUntil, range.start.getTime());
          if (error) throw InvalidInputError.of('start', error);
          admission.admit(changes);
          const { reasonCode = null, comment = null } = reason;
          const cause = { by: actorName(principal), reasonCode, comment };
          const { recordedAt } = locked;
          const deleted = await this.writer.delete(
            ...([transaction, accountId, sensorId, range, cause, recordedAt] as const),
          );
          if (deleted > 0) {
            this.writer.audit(transaction, [deletionEvent(principal, sensorId, range, deleted)]);
          }
          return deleted;
        }),
      ),
    );
    if (count > 0) this.observer.deleted(accountId, sensorId, range);
    return count;
  }

  private async admitted<T>(
    { accountId }: Principal,
    atMost: AdmittedChanges,
    work: (admission: Admission) => Promise<T>,
  ): Promise<T> {
    const admission = await this.admission.prepare(accountId, atMost);
    let isCommitted = false;
    try {
      const result = await work(admission);
      isCommitted = true;
      return result;
    } finally {
      admission.settle(isCommitted);
    }
  }

  private async requireReason(
    principal: Principal,
    { reasonCode, comment }: RevisionReason,
  ): Promise<void> {
    const message = reasonError(comment);
    if (message) throw InvalidInputError.of('comment', message);
    await this.reasonCodes.require(principal, reasonCode);
  }

  /**
   * An error for each ping whose sensor the account does not have; ids that cannot be of a sensor
   * are left out.
   */
  private async unknownSensors(
    principal: Principal,
    pings: readonly NewPing[],
  ): Promise<FieldError[]> {
    const ids = [...new Set(pings.map(({ sensorId }) => sensorId))].filter(isRecordId);
    const rows = await this.store.counts(principal, ids, undefined);
    const known = new Set(rows.map(({ sensor_id }) => sensor_id));
    return pings.flatMap(({ sensorId }, index) =>
      isRecordId(sensorId) && !known.has(sensorId) ? [unknownSensor(sensorId, index)] : [],
    );
  }
}
