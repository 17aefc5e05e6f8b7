import type { LockedSensor, PingWriter } from '../../storage/pings/ping-writer.js';
import type { Pipeline } from '../../storage/postgres/database.js';
import type { ExistingPings } from './existing-pings.js';
import type { NewPing } from './resolve-conflicts.js';

/**
 * Adds to pings that are stored at the instants of readings with a totalizer the ones that those have.
 * Readings without one cost nothing.
 */
export async function readStoredTotalizers(
  writer: PingWriter,
  transaction: Pipeline,
  sensors: ReadonlyMap<number, LockedSensor>,
  pings: readonly NewPing[],
  existing: ExistingPings,
): Promise<void> {
  const totalized = pings.filter(({ totalizer }) => totalizer !== undefined);
  if (totalized.length === 0) return;
  for (const { sensorId, datetime, totalizer } of await writer.totalizers(
    ...([transaction, sensors, totalized] as const),
  )) {
    const ping = existing.get(sensorId, datetime);
    if (ping) existing.set({ ...ping, totalizer });
  }
}
