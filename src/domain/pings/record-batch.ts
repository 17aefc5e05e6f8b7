import type { LockedSensors, PingWriter, SensorLock } from '../../storage/pings/ping-writer.js';
import type { PingCorrection, StoredPing } from '../../storage/pings/stored-ping.js';
import { ExistingPings } from './existing-pings.js';
import {
  resolveConflicts,
  type Resolution,
  type NewPing,
  type RecordOptions,
} from './resolve-conflicts.js';
import type { Principal } from '../shared/principal.js';

/** Pings of one request, valid in themselves. */
export interface RecordRequest {
  readonly principal: Principal;
  readonly pings: readonly NewPing[];
  /** those that the pings are of, each once */
  readonly sensorIds: readonly number[];
  readonly options: RecordOptions;
  /** ascending as requests come */
  readonly arrival: number;
}

/** Of a request that was left alone, for something else holds these of its sensors. */
export interface Blocked {
  readonly held: readonly number[];
}

/** What was done to a request. */
export type Resolved = { readonly answer: Resolution } | { readonly error: unknown };

export function isBlocked(outcome: object): outcome is Blocked {
  return 'held' in outcome;
}

/**
 * Records requests in one transaction, each whole or not at all.
 * @throws SensorsHeldError where sensors are waited for in vain
 */
export function recordBatch(
  writer: PingWriter,
  requests: readonly RecordRequest[],
  lock: SensorLock,
): Promise<(Resolved | Blocked)[]> {
  return writer.transaction(async (transaction) => {
    const sensorIds = new Set<number>();
    let count = 0;
    for (const request of requests) {
      for (const id of request.sensorIds) sensorIds.add(id);
      count += request.pings.length;
    }
    const locked = await writer.lock(transaction, [...sensorIds], count, lock);
    const heldOf = requests.map((request) => heldAmong(request, locked));
    const pings = requests.flatMap(({ pings }, index) => (heldOf[index] ? [] : pings));
    const holdings = new ExistingPings();
    for (const row of await writer.held(transaction, locked.sensors, pings)) {
      const { id, sensor_id, at, flowrate } = row;
      holdings.set({ id, sensorId: sensor_id, datetime: new Date(at), flowrate });
    }
    let drawn = 0;
    const nextId = () => locked.pingIds[drawn++] as string;
    const outcomes = requests.map(({ principal, pings, options }, index): Resolved | Blocked => {
      const held = heldOf[index];
      if (held) return { held };
      try {
        return {
          answer: resolveConflicts(principal, pings, options, locked.sensors, holdings, nextId),
        };
      } catch (error) {
        return { error };
      }
    });
    writer.write(transaction, locked, together(outcomes));
    return outcomes;
  });
}

/** The request's sensors that something else holds, if any. Another account's is as good as none, which is told at once. */
function heldAmong(
  { sensorIds, principal }: RecordRequest,
  { held }: LockedSensors,
): number[] | undefined {
  if (held.size === 0) return undefined;
  const own = sensorIds.filter((id) => held.get(id)?.accountId === principal.accountId);
  return own.length > 0 ? own : undefined;
}

function together(outcomes: readonly (Resolved | Blocked)[]): {
  inserted: StoredPing[];
  corrections: PingCorrection[];
} {
  const decisions = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
  const inserted = decisions.flatMap((decision) => decision.inserted);
  // In the order of the primary key, rows go side by side into its pages.
  inserted.sort((a, b) => a.sensorId - b.sensorId || a.datetime.getTime() - b.datetime.getTime());
  return { inserted, corrections: decisions.flatMap((decision) => decision.corrections) };
}
