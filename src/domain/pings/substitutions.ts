import type { PingWriter } from '../../storage/pings/ping-writer.js';
import type { LateInsertion, RevisionCause, StoredPing } from '../../storage/pings/stored-ping.js';
import type { Pipeline } from '../../storage/postgres/database.js';
import type { SubstitutionRow, SubstitutionStore } from '../../storage/pings/substitution-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { ExclusiveSensorQueue } from '../sensors/exclusive-sensor-queue.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { reasonError } from '../shared/name-rules.js';
import type { Volumes } from '../volumes/volumes.js';
import type { Admission, PingAdmission } from './admission.js';
import type { PingIdentity, PingObserver } from './pings.js';
import type { ReasonCodes } from './reason-codes.js';
import { retirementError, thinnedError } from './rules.js';
import {
  methodOf,
  requireSubstitution,
  substitutionOf,
  type PingMethod,
  type Reason,
  type Substitution,
  type SubstitutionInput,
} from './substitution.js';
import { averagedFrom, calculate, MAX_SUBSTITUTES, type Calculation } from './substitutes.js';

export { PING_METHODS, type PingMethod, type Substitution } from './substitution.js';
export {
  SUBSTITUTION_METHODS,
  type SubstitutionMethod,
} from '../../storage/pings/substitution-store.js';

interface Deps {
  readonly store: SubstitutionStore;
  readonly writer: PingWriter;
  readonly volumes: Pick<Volumes, 'metered'>;
  readonly clock: Clock;
  readonly observer: PingObserver;
  readonly admission: PingAdmission;
  readonly reasonCodes: ReasonCodes;
}

interface Written {
  readonly row: SubstitutionRow;
  /** of what was replaced or put back */
  readonly range: TimeRange;
  readonly inserted: readonly StoredPing[];
  readonly isAnyDeleted: boolean;
}

const MAX_LISTED = 1000;

/** Fills gaps, and replaces readings, on purpose; the originals stay in the history. */
export class Substitutions {
  private readonly queue = new ExclusiveSensorQueue();

  constructor(private readonly deps: Deps) {}

  /** Of each sensor the newest, at most 1000. */
  async newest(
    principal: Principal,
    sensorIds: readonly number[],
  ): Promise<Map<number, Substitution[]>> {
    requireScope(principal, 'READ');
    const found = new Map<number, Substitution[]>(sensorIds.map((id) => [id, []]));
    for (const row of await this.deps.store.newest(principal, sensorIds, MAX_LISTED)) {
      found.get(row.sensor_id)?.push(substitutionOf(row));
    }
    return found;
  }

  /** How pings came about, by id. */
  async methods(
    principal: Principal,
    pings: readonly PingIdentity[],
  ): Promise<Map<string, PingMethod>> {
    requireScope(principal, 'READ');
    const rows = await this.deps.store.methods(principal, pings);
    return new Map(rows.map((row) => [row.id, methodOf(row)]));
  }

  /**
   * Replaces a sensor's readings in [start, end).
   * @throws NotFoundError where there is no such sensor; InvalidInputError
   */
  async make(
    principal: Principal,
    input: SubstitutionInput,
    reason: Reason,
  ): Promise<Substitution> {
    requireScope(principal, 'ADMIN');
    requireSubstitution(input, this.deps.clock());
    await this.checkReason(principal, reason);
    const { sensorId, start, end, method } = input;
    if (!isRecordId(sensorId)) throw new NotFoundError();
    return this.write(principal, sensorId, async (transaction, admission) => {
      const { store, writer } = this.deps;
      const first = await writer.lock(transaction, [sensorId], 0, 'AWAITED');
      const sensor = first.sensors.get(sensorId);
      if (sensor?.accountId !== principal.accountId) throw new NotFoundError();
      const error = retirementError(sensorId, sensor.retiredAt, end.getTime());
      if (error) throw InvalidInputError.of('end', error);
      const thinned = thinnedError(sensorId, sensor.thinnedUntil, start.getTime());
      if (thinned) throw InvalidInputError.of('start', thinned);
      const [{ before, after }, { ids, isEndTaken }] = await Promise.all([
        store.surrounding(transaction, sensorId, input),
        store.replaced(transaction, sensorId, input),
      ]);
      const meterFactor = await this.deps.volumes.metered.meanFactor(principal, sensorId, input);
      const basis = {
        ...{ range: input, maxGap: sensor.maxGap, value: input.value, isEndTaken },
        meterFactor,
      };
      const averageBefore =
        before && method === 'AVERAGE' ? await this.average(principal, before, input) : null;
      const calculation = calculate(method, {
        ...{ ...basis, averageBefore, before: before && valueOf(before) },
        after: after && valueOf(after),
      });
      const locked = await writer.lock(
        ...([transaction, [sensorId], calculation.values.length, 'AWAITED'] as const),
      );
      const cause = { by: actorName(principal), ...reason };
      const { recordedAt } = locked;
      const inserted = substitutesOf(sensorId, calculation, locked.pingIds, recordedAt);
      admission.admit({ inserted, deletions: [{ sensorId }] });
      const at = [transaction, principal.accountId, sensorId, input, cause, recordedAt] as const;
      const deleted = await writer.delete(...at);
      writer.write(transaction, locked, {
        inserted,
        lateInsertions: late(inserted, cause),
        corrections: [],
      });
      const entry = { ...input, calculation: calculation.explanation, replacedIds: ids };
      const row = await store.log(
        transaction,
        { ...entry, substitutes: inserted },
        cause,
        recordedAt,
      );
      const details = {
        method,
        replaced: ids.length,
        substitutes: inserted.length,
        ...isoRange(input),
      };
      writer.audit(transaction, [
        auditEntry(principal, 'PINGS_SUBSTITUTED', { type: 'SENSOR', id: sensorId }, details),
      ]);
      return { row, range: { start, end }, inserted, isAnyDeleted: deleted > 0 };
    });
  }

  /**
   * Puts back what a substitution replaced. Readings that were recorded or corrected in its range since
   * then stay.
   * @throws NotFoundError where there is no such substitution; ConflictError where it was reversed
   */
  async reverse(
    principal: Principal,
    sensorId: number,
    id: string,
    reason: Reason,
  ): Promise<Substitution> {
    requireScope(principal, 'ADMIN');
    await this.checkReason(principal, reason);
    if (!isRecordId(sensorId) || !/^\d{1,18}$/.test(id)) throw new NotFoundError();
    return this.write(principal, sensorId, async (transaction, admission) => {
      const { store, writer } = this.deps;
      const first = await writer.lock(transaction, [sensorId], 0, 'AWAITED');
      const sensor = first.sensors.get(sensorId);
      if (sensor?.accountId !== principal.accountId) throw new NotFoundError();
      const found = await store.find(transaction, sensorId, id);
      if (!found) throw new NotFoundError();
      if (found.reversed_at !== null) {
        const at = new Date(found.reversed_at).toISOString();
        throw new ConflictError(`The substitution was reversed already, at ${at}.`);
      }
      const range = { start: new Date(found.start), end: new Date(found.end + 1) };
      const thinned = thinnedError(sensorId, sensor.thinnedUntil, found.start);
      if (thinned) throw new ConflictError(thinned);
      const stored = await store.stored(transaction, sensorId, id);
      const cause = { by: actorName(principal), ...reason };
      const { recordedAt } = first;
      const { ids } = await store.replaced(transaction, sensorId, range);
      store.remove(transaction, sensorId, stored, cause, recordedAt);
      this.announce(transaction, principal, stored, stored.length === ids.length);
      const readings = await store.replacedReadings(transaction, sensorId, id);
      const locked = await writer.lock(transaction, [sensorId], readings.length, 'AWAITED');
      const inserted = readings.map((reading, index): StoredPing => {
        return { ...reading, id: locked.pingIds[index]!, sensorId, recordedAt };
      });
      admission.admit({ inserted, deletions: stored });
      writer.write(
        transaction,
        { ...locked, recordedAt },
        { inserted, lateInsertions: late(inserted, cause), corrections: [] },
      );
      const row = await store.logReversal(transaction, sensorId, id, cause, recordedAt);
      const details = { substitution: id, removed: stored.length, restored: inserted.length };
      writer.audit(transaction, [
        auditEntry(principal, 'SUBSTITUTION_REVERSED', { type: 'SENSOR', id: sensorId }, details),
      ]);
      return { row, range, inserted, isAnyDeleted: stored.length > 0 };
    });
  }

  /** @param isAll whether no other readings lie between those that are deleted */
  private announce(
    transaction: Pipeline,
    { accountId }: Principal,
    deleted: readonly StoredPing[],
    isAll: boolean,
  ): void {
    const runs = isAll ? [deleted] : deleted.map((ping) => [ping]);
    for (const run of runs) {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) continue;
      const { sensorId, datetime: start } = first;
      const range = { start, end: new Date(last.datetime.getTime() + 1) };
      this.deps.writer.announce(transaction, { accountId, sensorId, ...range, count: run.length });
    }
  }

  private async write(
    principal: Principal,
    sensorId: number,
    work: (transaction: Pipeline, admission: Admission) => Promise<Written>,
  ): Promise<Substitution> {
    const { admission, observer, writer } = this.deps;
    const { accountId } = principal;
    const most = new Array<{ sensorId: number }>(MAX_SUBSTITUTES).fill({ sensorId });
    const admitted = await admission.prepare(accountId, { inserted: most, deletions: most });
    let isCommitted = false;
    try {
      const { row, range, inserted, isAnyDeleted } = await this.queue.run(() =>
        writer.transaction((transaction) => work(transaction, admitted)),
      );
      isCommitted = true;
      if (isAnyDeleted) observer.deleted(accountId, sensorId, range);
      observer.recorded(accountId, inserted, []);
      return substitutionOf(row);
    } finally {
      admitted.settle(isCommitted);
    }
  }

  private async checkReason(principal: Principal, { reasonCode, comment }: Reason): Promise<void> {
    const message = reasonError(comment ?? undefined);
    if (message) throw InvalidInputError.of('comment', message);
    await this.deps.reasonCodes.require(principal, reasonCode);
  }

  /**
   * bbl/d as recorded over as long a time as the range is, up to the last reading before it; null:
   * none
   */
  private async average(
    principal: Principal,
    { sensorId, datetime: end }: StoredPing,
    range: TimeRange,
  ): Promise<number | null> {
    const start = averagedFrom(range, end);
    return this.deps.volumes.metered.indicatedFlowrate(principal, sensorId, { start, end });
  }
}

function substitutesOf(
  sensorId: number,
  { values }: Calculation,
  pingIds: readonly string[],
  recordedAt: Date,
): StoredPing[] {
  return values.map(({ at, flowrate }, index) => ({
    id: pingIds[index]!,
    sensorId,
    datetime: new Date(at),
    flowrate,
    recordedAt,
    quality: 'GOOD',
  }));
}

/** The history mentions every substitute, however old the readings are. */
function late(pings: readonly StoredPing[], cause: RevisionCause): LateInsertion[] {
  return pings.map((ping) => ({ ...ping, ...cause }));
}

function valueOf({ datetime, flowrate }: StoredPing) {
  return { at: datetime.getTime(), flowrate };
}

function isoRange({ start, end }: TimeRange) {
  return { start: start.toISOString(), end: end.toISOString() };
}
