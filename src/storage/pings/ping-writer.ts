import { int4Array } from '../postgres/binary-array.js';
import { auditParameters, logAuditEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Pipeline, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { PingChanges, PingDeletion, PingOutbox } from './ping-outbox.js';
import {
  lockFreeSensors,
  lockSensors,
  withLockTimeout,
  type LockRow,
} from '../summaries/lock-sensors.js';
import type { PingRow } from './ping-row.js';
import {
  flagFailing,
  raiseFlags,
  resolveFlagsOf,
  type CheckedPing,
  type RaisedFlag,
} from './flag-pings.js';
import type { AppendedPings } from './append-parameters.js';
import { append } from './append-pings.js';
import type { Appended } from './appended.js';
import { findLastBad } from '../summaries/sql/last-bad.js';
import { clearSummaries } from '../summaries/sql/refresh-summaries.js';
import { rejectDeleted } from './sql/check-pings.js';
import { deleteTotalizers } from './sql/totalizers.js';
import { deletePings, existingPings, logDeletions } from './sql/write-pings.js';
import {
  correctTotalizers,
  readTotalizers,
  storeTotalizers,
  type StoredTotalizer,
} from './totalizers.js';
import { refuseThinnedChanges } from './thinned-pings-error.js';
import { refreshChanged } from './refresh-changed.js';
import type { LateInsertion, PingKey, RevisionCause } from './stored-ping.js';
import { readChecks, type SensorChecks } from '../sensors/checks.js';
import type { TimeRange } from '../postgres/time-range.js';
import { columns, correct, insert, log, markBad, refresh } from './write-changes.js';

/** A sensor that a transaction has locked. */
export interface LockedSensor {
  readonly accountId: number;
  /** seconds */
  readonly maxGap: number;
  /** of its last ping, milliseconds since 1970; null before the first */
  readonly lastAt: number | null;
  /** milliseconds since 1970; null while it is in service */
  readonly retiredAt: number | null;
  /** of the flowrates that come in */
  readonly entryUnit: string;
  /** the end of the last closed period, milliseconds since 1970; null where none is closed */
  readonly closedUntil: number | null;
  /** null: none */
  readonly checks: SensorChecks | null;
  /** earlier pings are thinned and do not change, milliseconds since 1970; null where none are */
  readonly thinnedUntil: number | null;
}

/** What a transaction changes, and what of it the history mentions. */
export interface RecordedChanges extends PingChanges {
  /** those of the inserted pings that are late */
  readonly lateInsertions: readonly LateInsertion[];
}

/**
 * Which sensors to lock: only those that no other transaction has locked, or all, waiting for a
 * limited time.
 */
export type SensorLock = 'FREE' | 'AWAITED';

/** The sensors that a transaction has locked, by id, and ids for the pings that it may insert. */
export interface LockedSensors {
  readonly sensors: ReadonlyMap<number, LockedSensor>;
  /** those that another transaction has locked */
  readonly lockedElsewhere: ReadonlyMap<number, { readonly accountId: number }>;
  readonly pingIds: readonly string[];
  /** when what the transaction writes counts as recorded */
  readonly recordedAt: Date;
  /** whether there is any webhook endpoint */
  readonly isOutboxUsed: boolean;
}

/**
 * Writes pings. All statements of a transaction follow one order: lock the sensors, read what is
 * stored, write, refresh the summaries, fill the outbox.
 */
export class PingWriter {
  constructor(
    private readonly database: Database,
    private readonly outbox: PingOutbox,
  ) {}

  transaction<T>(work: (transaction: Pipeline) => Promise<T>): Promise<T> {
    return this.database.pipeline(work);
  }

  /** Records what pings can be recorded without all that follows, as `append` says. */
  append(requests: readonly AppendedPings[]): Promise<readonly Appended[] | undefined> {
    return append(this.database, this.outbox, requests);
  }

  /**
   * @param pings how many ids to draw; each is larger than the id of any ping acknowledged before
   * @throws LockTimeoutError if waiting for a sensor took too long
   */
  async lock(
    transaction: Pipeline,
    sensorIds: readonly number[],
    pings: number,
    which: SensorLock,
  ): Promise<LockedSensors> {
    const values = [int4Array(sensorIds), pings];
    const rows =
      which === 'FREE'
        ? await transaction.query<LockRow>(lockFreeSensors, values)
        : await withLockTimeout(transaction, () => transaction.query<LockRow>(lockSensors, values));
    const sensors = new Map<number, LockedSensor>();
    const lockedElsewhere = new Map<number, { accountId: number }>();
    for (const row of rows) {
      const { id, account_id, is_locked } = row;
      if (is_locked) {
        sensors.set(id, {
          accountId: account_id,
          maxGap: row.max_gap,
          lastAt: row.last_at,
          retiredAt: row.retired_at,
          entryUnit: row.entry_unit,
          closedUntil: row.closed_until,
          checks: row.checks === null ? null : readChecks(row.checks),
          thinnedUntil: row.thinned_until,
        });
      } else lockedElsewhere.set(id, { accountId: account_id });
    }
    return {
      sensors,
      lockedElsewhere,
      pingIds: rows[0]?.ping_ids?.split(',') ?? [],
      recordedAt: new Date(rows[0]?.recorded_at ?? NaN),
      isOutboxUsed: rows[0]?.is_outbox_used ?? false,
    };
  }

  /** The pings stored at any of the keys. Keys after a sensor's last ping are not looked up. */
  async existing(
    transaction: Transaction,
    sensors: ReadonlyMap<number, LockedSensor>,
    keys: readonly PingKey[],
  ): Promise<PingRow[]> {
    const possible = keysThatMayExist(sensors, keys);
    return possible.length > 0 ? transaction.query(existingPings, columns(possible)) : [];
  }

  /** The totalizers of the pings stored at any of the keys, likewise. */
  async totalizers(
    transaction: Transaction,
    sensors: ReadonlyMap<number, LockedSensor>,
    keys: readonly PingKey[],
  ): Promise<StoredTotalizer[]> {
    const possible = keysThatMayExist(sensors, keys);
    return possible.length > 0 ? readTotalizers(transaction, possible) : [];
  }

  /**
   * @param locked what `lock` returned
   * @param changes new pings, sorted by sensor and datetime, and corrections of stored or just
   * inserted pings, in the order in which they were made
   */
  write(transaction: Pipeline, locked: LockedSensors, changes: RecordedChanges): void {
    this.store(transaction, locked, changes);
    this.follow(transaction, locked, changes);
  }

  /** The first half of `write`: the pings themselves, which can then be checked. */
  store(
    transaction: Pipeline,
    { recordedAt, sensors }: LockedSensors,
    { inserted, corrections }: RecordedChanges,
  ): void {
    refuseThinnedChanges(sensors, inserted);
    refuseThinnedChanges(sensors, corrections);
    if (inserted.length > 0) {
      insert(transaction, inserted, recordedAt);
      storeTotalizers(transaction, inserted);
    }
    if (corrections.length > 0) {
      correctTotalizers(transaction, corrections);
      correct(transaction, corrections);
      resolveFlagsOf(transaction, corrections, recordedAt);
    }
  }

  /**
   * Makes those pings of the transaction that fail checks uncertain, and flags them.
   * @returns their ids
   */
  check(
    transaction: Pipeline,
    { recordedAt }: LockedSensors,
    pings: readonly CheckedPing[],
  ): Promise<string[]> {
    return flagFailing(transaction, pings, recordedAt);
  }

  flag(transaction: Pipeline, { recordedAt }: LockedSensors, flags: readonly RaisedFlag[]): void {
    raiseFlags(transaction, flags, recordedAt);
  }

  /** The second half of `write`: what follows from the pings, of the quality that they have now. */
  follow(
    transaction: Pipeline,
    { isOutboxUsed, recordedAt, sensors }: LockedSensors,
    { inserted, lateInsertions, corrections, traceparents }: RecordedChanges,
  ): void {
    if (lateInsertions.length > 0 || corrections.length > 0) {
      log(transaction, [...lateInsertions, ...corrections], recordedAt);
    }
    if (inserted.length + corrections.length === 0) return;
    markBad(transaction, { inserted, corrections });
    refreshChanged(transaction, { inserted, corrections }, (id) => sensors.get(id)?.lastAt);
    if (isOutboxUsed) this.outbox.enqueue(transaction, { inserted, corrections, traceparents });
  }

  /** Queues the deliveries that follow from deletions. */
  announce(transaction: Pipeline, deletion: PingDeletion): void {
    this.outbox.enqueueDeletion(transaction, deletion);
  }

  /** Logs events in the transaction of the changes that they are about. */
  audit(transaction: Pipeline, entries: readonly AuditEntry[]): void {
    for (const entry of entries) transaction.send(logAuditEvent, auditParameters(entry));
  }

  /**
   * Deletes a sensor's pings in [start, end); the caller has locked the sensor.
   * @param recordedAt what `lock` returned
   * @returns how many pings were deleted
   */
  async delete(
    transaction: Pipeline,
    accountId: number,
    sensorId: number,
    range: TimeRange,
    { by, reasonCode, comment }: RevisionCause,
    recordedAt: Date,
  ): Promise<number> {
    const span = [sensorId, instantParameter(range.start), instantParameter(range.end)];
    const cause = [by, reasonCode, comment, instantParameter(recordedAt)];
    transaction.send(logDeletions, [...span, ...cause]);
    transaction.send(deleteTotalizers, span);
    const [row] = await transaction.query<{ count: number }>(deletePings, span);
    const count = row?.count ?? 0;
    if (count > 0) {
      transaction.send(rejectDeleted, [...span, by, comment, instantParameter(recordedAt)]);
      transaction.send(clearSummaries, span);
      transaction.send(findLastBad, [sensorId]);
      // Only the buckets that contain the range's ends can still have pings.
      const lastInstant = new Date(range.end.getTime() - 1);
      refresh(
        transaction,
        [range.start, lastInstant].map((datetime) => ({ sensorId, datetime })),
      );
      this.outbox.enqueueDeletion(transaction, { accountId, sensorId, ...range, count });
    }
    return count;
  }
}

function keysThatMayExist(
  sensors: ReadonlyMap<number, LockedSensor>,
  keys: readonly PingKey[],
): PingKey[] {
  return keys.filter(({ sensorId, datetime }) => {
    const lastAt = sensors.get(sensorId)?.lastAt ?? null;
    return lastAt !== null && datetime.getTime() <= lastAt;
  });
}
