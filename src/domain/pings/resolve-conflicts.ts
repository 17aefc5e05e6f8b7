import type { LockedSensor } from '../../storage/pings/ping-writer.js';
import type { PingCorrection, StoredPing } from '../../storage/pings/stored-ping.js';
import {
  ConflictError,
  InvalidInputError,
  type FieldError,
  type PingConflict,
} from '../shared/errors.js';
import { ExistingPings } from './existing-pings.js';
import { actorName, type Principal } from '../shared/principal.js';

/** A reading as it comes in; bbl/d. */
export interface NewPing {
  readonly sensorId: number;
  readonly datetime: Date;
  readonly flowrate: number;
}

export type OnConflict = 'REJECT' | 'OVERWRITE';

export interface RecordOptions {
  readonly onConflict: OnConflict;
  /** why held pings are overwritten; kept in the history */
  readonly reason?: string | undefined;
}

export interface Recorded {
  readonly recorded: number;
  readonly duplicates: number;
}

export interface Resolution extends Recorded {
  readonly inserted: readonly StoredPing[];
  readonly corrections: readonly PingCorrection[];
}

/**
 * Decides what one request does to what is held, and does it there. A request
 * that cannot be done whole leaves everything as it was.
 *
 * @param held at the instants of this request and of those decided before it
 * @param nextId draws the id of a ping that is new; of one sensor they ascend in the order of the request
 * @throws InvalidInputError for sensors that the account does not have; ConflictError
 */
export function resolveConflicts(
  principal: Principal,
  pings: readonly NewPing[],
  { onConflict, reason }: RecordOptions,
  sensors: ReadonlyMap<number, LockedSensor>,
  held: ExistingPings,
  nextId: () => string,
): Resolution {
  requireSensors(principal, pings, sensors);
  const changed = new ExistingPings();
  const conflicts: PingConflict[] = [];
  let duplicates = 0;
  pings.forEach(({ sensorId, datetime, flowrate }, index) => {
    const holding = changed.get(sensorId, datetime) ?? held.get(sensorId, datetime);
    if (!holding) {
      changed.set({ id: nextId(), sensorId, datetime, flowrate });
    } else if (holding.flowrate === flowrate) {
      duplicates++;
    } else if (onConflict === 'REJECT') {
      conflicts.push({ index, sensorId, datetime, flowrate: holding.flowrate });
    } else {
      changed.set({ ...holding, flowrate });
    }
  });
  if (conflicts.length > 0) throw conflict(conflicts);
  const inserted: StoredPing[] = [];
  const corrections: PingCorrection[] = [];
  for (const ping of changed.values()) {
    const previous = held.get(ping.sensorId, ping.datetime);
    if (!previous) inserted.push(ping);
    else if (previous.flowrate !== ping.flowrate) {
      const by = actorName(principal);
      const previousFlowrate = previous.flowrate;
      corrections.push({ ...ping, previousFlowrate, by, reason: reason ?? null });
    }
    held.set(ping);
  }
  return { inserted, corrections, duplicates, recorded: pings.length - duplicates };
}

export function unknownSensor(sensorId: number, index: number): FieldError {
  return { path: [index, 'sensor_id'], message: `There is no flow sensor ${sensorId}.` };
}

function requireSensors(
  { accountId }: Principal,
  pings: readonly NewPing[],
  sensors: ReadonlyMap<number, LockedSensor>,
): void {
  const faults: FieldError[] = [];
  pings.forEach(({ sensorId }, index) => {
    if (sensors.get(sensorId)?.accountId !== accountId) faults.push(unknownSensor(sensorId, index));
  });
  const [first, ...rest] = faults;
  if (first) throw new InvalidInputError([first, ...rest]);
}

function conflict(conflicts: readonly PingConflict[]): ConflictError {
  const count = conflicts.length === 1 ? 'One ping is' : `${conflicts.length} pings are`;
  return new ConflictError(
    `${count} already held with another flowrate; nothing was recorded.`,
    conflicts,
  );
}
