import { float8Array, int8Array } from '../postgres/binary-array.js';
import type { Pipeline, Transaction } from '../postgres/database.js';
import { storedTotalizers, writeTotalizers } from './sql/totalizers.js';
import type { PingCorrection, PingKey, StoredPing } from './stored-ping.js';
import { columns } from './write-changes.js';

/** The meter's own cumulative volume (bbl) of the ping that is stored at an instant. */
export interface StoredTotalizer extends PingKey {
  readonly totalizer: number;
}

/** Those of the pings at some instants; pings without one are left out. */
export async function readTotalizers(
  transaction: Transaction,
  keys: readonly PingKey[],
): Promise<StoredTotalizer[]> {
  const rows = await transaction.query<{ sensor_id: number; at: number; totalizer: number }>(
    storedTotalizers,
    columns(keys),
  );
  return rows.map(({ sensor_id, at, totalizer }) => {
    return { sensorId: sensor_id, datetime: new Date(at), totalizer };
  });
}

/** Stores those that corrections change. */
export function correctTotalizers(
  transaction: Pipeline,
  corrections: readonly PingCorrection[],
): void {
  storeTotalizers(transaction, corrections.filter(isTotalizerChanged));
}

export function isTotalizerChanged({ totalizer, previousTotalizer }: PingCorrection): boolean {
  return totalizer !== previousTotalizer;
}

/** Stores those of the pings that have one; of several at an instant the last counts. */
export function storeTotalizers(transaction: Pipeline, pings: readonly StoredPing[]): void {
  const last = new Map<string, StoredPing>();
  for (const ping of pings) if (ping.totalizer !== undefined) last.set(ping.id, ping);
  if (last.size === 0) return;
  const sorted = [...last.values()].sort((a, b) => {
    return a.sensorId - b.sensorId || a.datetime.getTime() - b.datetime.getTime();
  });
  transaction.send(writeTotalizers, [
    ...columns(sorted),
    float8Array(sorted.map(({ totalizer }) => totalizer!)),
    int8Array(sorted.map(({ id }) => id)),
  ]);
}
