import { float8Array, int4Array, int8Array, timestamptzArray } from '../postgres/binary-array.js';
import type { Database, Pipeline, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { PingChanges, PingOutbox } from './ping-outbox.js';
import { lockFreeSensors, lockSensors, withLockTimeout } from '../summaries/lock-sensors.js';
import type { PingRow } from './ping-row.js';
import { clearSummaries, refreshInstants } from '../summaries/sql/refresh-summaries.js';
import {
  correctPings,
  deletePings,
  existingPings,
  insertPings,
  logCorrections,
  logDeletions,
} from './sql/write-pings.js';
import type { PingCorrection, PingKey } from './stored-ping.js';
import type { TimeRange } from '../postgres/time-range.js';

/** A sensor that a transaction has locked. */
export interface LockedSensor {
  readonly accountId: number;
  /** of its last ping, milliseconds since 1970; null before the first */
  readonly lastAt: number | null;
  /** milliseconds since 1970; null while it is in service */
  readonly retiredAt: number | null;
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
    for (const { id, account_id, is_locked, last_at, retired_at } of rows) {
      if (is_locked) {
        sensors.set(id, { accountId: account_id, lastAt: last_at, retiredAt: retired_at });
      } else lockedElsewhere.set(id, { accountId: account_id });
    }
    return {
      sensors,
      lockedElsewhere,
      pingIds: rows[0]?.ping_ids?.split(',') ?? [],
      isOutboxUsed: rows[0]?.is_outbox_used ?? false,
    };
  }

  /** The pings stored at any of the keys. Keys after a sensor's last ping are not looked up. */
  async existing(
    transaction: Transaction,
    sensors: ReadonlyMap<number, LockedSensor>,
    keys: readonly PingKey[],
  ): Promise<PingRow[]> {
    const possible = keys.filter(({ sensorId, datetime }) => {
      const lastAt = sensors.get(sensorId)?.lastAt ?? null;
      return lastAt !== null && datetime.getTime() <= lastAt;
    });
    return possible.length > 0 ? transaction.query(existingPings, columns(possible)) : [];
  }

  /**
   * @param locked what `lock` returned
   * @param changes new pings, sorted by sensor and datetime, and corrections of stored or just
   * inserted pings, in the order in which they were made
   */
  write(
    transaction: Pipeline,
    { isOutboxUsed }: LockedSensors,
    { inserted, corrections }: PingChanges,
  ): void {
    if (inserted.length > 0) {
      transaction.send(insertPings, [
        ...columns(inserted),
        float8Array(inserted.map(({ flowrate }) => flowrate)),
        int8Array(inserted.map(({ id }) => id)),
      ]);
    }
    if (corrections.length > 0) correct(transaction, corrections);
    const changed = [...inserted, ...corrections];
    if (changed.length === 0) return;
    refresh(transaction, hoursOf(changed));
    if (isOutboxUsed) this.outbox.enqueue(transaction, { inserted, corrections });
  }

  /**
   * Deletes a sensor's pings in [start, end); the caller has locked the sensor. @returns how many
   * pings were deleted
   */
  async delete(
    transaction: Pipeline,
    accountId: number,
    sensorId: number,
    range: TimeRange,
    by: string,
    reason: string | null,
  ): Promise<number> {
    const span = [sensorId, instantParameter(range.start), instantParameter(range.end)];
    transaction.send(logDeletions, [...span, by, reason]);
    const [row] = await transaction.query<{ count: number }>(deletePings, span);
    const count = row?.count ?? 0;
    if (count > 0) {
      transaction.send(clearSummaries, span);
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

interface LockRow {
  readonly id: number;
  readonly account_id: number;
  readonly is_locked: boolean;
  readonly last_at: number | null;
  readonly retired_at: number | null;
  readonly ping_ids: string | null;
  readonly is_outbox_used: boolean;
}

function correct(transaction: Pipeline, corrections: readonly PingCorrection[]): void {
  transaction.send(logCorrections, [
    ...columns(corrections),
    int8Array(corrections.map(({ id }) => id)),
    float8Array(corrections.map(({ previousFlowrate }) => previousFlowrate)),
    float8Array(corrections.map(({ flowrate }) => flowrate)),
    corrections.map(({ by }) => by),
    corrections.map(({ reason }) => reason),
  ]);
  const latest = [...new Map(corrections.map((each) => [each.id, each])).values()];
  transaction.send(correctPings, [
    ...columns(latest),
    float8Array(latest.map(({ flowrate }) => flowrate)),
  ]);
}

/** @param changed at least one instant of each hour that changed */
function refresh(transaction: Pipeline, changed: readonly PingKey[]): void {
  const buckets = columns(changed);
  for (const level of refreshInstants.levels) transaction.send(level, buckets);
}

const HOUR_MS = 3_600_000;

function columns(keys: readonly PingKey[]): [Buffer, Buffer] {
  return [
    int4Array(keys.map(({ sensorId }) => sensorId)),
    timestamptzArray(keys.map(({ datetime }) => datetime)),
  ];
}

// The statement ignores repeated hours, but sending an hour once per ping would be wasteful.
function hoursOf(pings: readonly PingKey[]): PingKey[] {
  const hours: PingKey[] = [];
  let last: { sensorId: number; hour: number } | undefined;
  for (const { sensorId, datetime } of pings) {
    const hour = Math.floor(datetime.getTime() / HOUR_MS);
    if (last?.sensorId === sensorId && last.hour === hour) continue;
    last = { sensorId, hour };
    hours.push({ sensorId, datetime: new Date(hour * HOUR_MS) });
  }
  return hours;
}
