import { arrayParameter } from './array-parameter.js';
import type { Database, Transaction } from './database.js';
import { instantParameter } from './instant-parameter.js';
import type { PingOutbox } from './ping-outbox.js';
import type { PingRow } from './pings.js';
import { clearSummaries, refresh, refreshInstants } from './sql/refresh-summaries.js';
import {
  correctPings,
  deletePings,
  heldPings,
  insertPings,
  keepCorrections,
  keepDeletions,
  lockSensors,
} from './sql/write-pings.js';
import type { PingCorrection, PingKey, StoredPing } from './stored-ping.js';
import type { TimeRange } from './time-range.js';

/** A sensor that a transaction has locked. */
export interface LockedSensor {
  readonly accountId: number;
  /** of its last ping, milliseconds since 1970; null before the first */
  readonly lastAt: number | null;
}

/** The sensors that a transaction has locked, by id, and ids for the pings that it may insert. */
export interface LockedSensors {
  readonly sensors: ReadonlyMap<number, LockedSensor>;
  readonly pingIds: readonly string[];
}

/**
 * Writes pings. All of a transaction's statements follow one order: lock the
 * sensors, look at what is held, write, refresh the summaries, fill the outbox.
 */
export class PingWriter {
  constructor(
    private readonly database: Database,
    private readonly outbox: PingOutbox,
  ) {}

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** @param pings how many ids to draw: larger ones than any ping has that was acknowledged before */
  async lock(
    transaction: Transaction,
    sensorIds: readonly number[],
    pings: number,
  ): Promise<LockedSensors> {
    const rows = await transaction.query<{
      id: number;
      account_id: number;
      last_at: number | null;
      ping_ids: string | null;
    }>(lockSensors, [arrayParameter(sensorIds), pings]);
    return {
      sensors: new Map(
        rows.map(({ id, account_id, last_at }) => [id, { accountId: account_id, lastAt: last_at }]),
      ),
      pingIds: rows[0]?.ping_ids?.split(',') ?? [],
    };
  }

  /** The pings held at those of the keys that any may be held at: none lies after a sensor's last. */
  async held(
    transaction: Transaction,
    sensors: ReadonlyMap<number, LockedSensor>,
    keys: readonly PingKey[],
  ): Promise<PingRow[]> {
    const possible = keys.filter(({ sensorId, datetime }) => {
      const lastAt = sensors.get(sensorId)?.lastAt ?? null;
      return lastAt !== null && datetime.getTime() <= lastAt;
    });
    return possible.length > 0 ? transaction.query(heldPings, columns(possible)) : [];
  }

  /**
   * @param inserted new keys, sorted by sensor and datetime
   * @param corrections of pings held or just inserted, in the order they were made
   */
  async write(
    transaction: Transaction,
    inserted: readonly StoredPing[],
    corrections: readonly PingCorrection[],
  ): Promise<void> {
    if (inserted.length > 0) {
      await transaction.query(insertPings, [
        ...columns(inserted),
        arrayParameter(inserted.map(({ flowrate }) => flowrate)),
        arrayParameter(inserted.map(({ id }) => id)),
      ]);
    }
    if (corrections.length > 0) await this.correct(transaction, corrections);
    const changed = [...inserted, ...corrections];
    if (changed.length === 0) return;
    await refresh(transaction, refreshInstants, columns(hoursOf(changed)));
    await this.outbox.enqueue(transaction, { inserted, corrections });
  }

  /** Deletes a sensor's pings in [start, end); the caller has locked it. @returns how many there were */
  async delete(
    transaction: Transaction,
    accountId: number,
    sensorId: number,
    range: TimeRange,
    by: string,
    reason: string | null,
  ): Promise<number> {
    const place = [sensorId, instantParameter(range.start), instantParameter(range.end)];
    await transaction.query(keepDeletions, [...place, by, reason]);
    const [row] = await transaction.query<{ count: number }>(deletePings, place);
    const count = row?.count ?? 0;
    if (count > 0) {
      await transaction.query(clearSummaries, place);
      // Only the buckets that the range's ends lie in can still hold pings.
      const last = new Date(range.end.getTime() - 1);
      const ends = [range.start, last].map((datetime) => ({ sensorId, datetime }));
      await refresh(transaction, refreshInstants, columns(ends));
      await this.outbox.enqueueDeletion(transaction, { accountId, sensorId, ...range, count });
    }
    return count;
  }

  private async correct(
    transaction: Transaction,
    corrections: readonly PingCorrection[],
  ): Promise<void> {
    await transaction.query(keepCorrections, [
      ...columns(corrections),
      corrections.map(({ id }) => id),
      corrections.map(({ previousFlowrate }) => previousFlowrate),
      corrections.map(({ flowrate }) => flowrate),
      corrections.map(({ by }) => by),
      corrections.map(({ reason }) => reason),
    ]);
    const last = [...new Map(corrections.map((each) => [each.id, each])).values()];
    await transaction.query(correctPings, [...columns(last), last.map(({ flowrate }) => flowrate)]);
  }
}

const HOUR_MS = 3_600_000;

function columns(keys: readonly PingKey[]): [string, string] {
  return [
    arrayParameter(keys.map(({ sensorId }) => sensorId)),
    arrayParameter(keys.map(({ datetime }) => instantParameter(datetime))),
  ];
}

// Sent once each: the statement would else sort out a thousand pings of an hour.
function hoursOf(pings: readonly PingKey[]): PingKey[] {
  const hours = new Map<string, PingKey>();
  for (const { sensorId, datetime } of pings) {
    const hour = Math.floor(datetime.getTime() / HOUR_MS);
    const key = `${sensorId} ${hour}`;
    if (!hours.has(key)) hours.set(key, { sensorId, datetime: new Date(hour * HOUR_MS) });
  }
  return [...hours.values()];
}
