import type { LockedSensor } from '../storage/ping-writer.js';
import type { PingCorrection, StoredPing } from '../storage/stored-ping.js';
import { ConflictError, InvalidInputError, type Fault, type PingConflict } from './errors.js';
import { actorName, type Principal } from './principal.js';

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

/** What is held at each instant that a batch of requests names, as they are decided one after the other. */
export type Holdings = Map<string, StoredPing>;

export interface Decision extends Recorded {
  readonly inserted: readonly StoredPing[];
  readonly corrections: readonly PingCorrection[];
}

export function holdingKey(sensorId: number, at: number): string {
  return `${sensorId} ${at}`;
}

/**
 * Decides what one request does to what is held, and does it there. A request
 * that cannot be done whole leaves everything as it was.
 *
 * @param nextId draws the id of a ping that is new
 * @throws InvalidInputError for sensors that the account does not have; ConflictError
 */
export function decide(
  principal: Principal,
  pings: readonly NewPing[],
  { onConflict, reason }: RecordOptions,
  sensors: ReadonlyMap<number, LockedSensor>,
  held: Holdings,
  nextId: () => string,
): Decision {
  requireSensors(principal, pings, sensors);
  const changed: Holdings = new Map();
  const conflicts: PingConflict[] = [];
  let duplicates = 0;
  pings.forEach((ping, index) => {
    const { sensorId, datetime, flowrate } = ping;
    const key = holdingKey(sensorId, datetime.getTime());
    const holding = changed.get(key) ?? held.get(key);
    if (!holding) {
      changed.set(key, { ...ping, id: nextId() });
    } else if (holding.flowrate === flowrate) {
      duplicates++;
    } else if (onConflict === 'REJECT') {
      conflicts.push({ index, sensorId, datetime, flowrate: holding.flowrate });
    } else {
      changed.set(key, { ...holding, flowrate });
    }
  });
  if (conflicts.length > 0) throw conflict(conflicts);
  const inserted: StoredPing[] = [];
  const corrections: PingCorrection[] = [];
  for (const [key, ping] of changed) {
    const previous = held.get(key);
    if (!previous) inserted.push(ping);
    else if (previous.flowrate !== ping.flowrate) {
      const by = actorName(principal);
      const previousFlowrate = previous.flowrate;
      corrections.push({ ...ping, previousFlowrate, by, reason: reason ?? null });
    }
    held.set(key, ping);
  }
  return { inserted, corrections, duplicates, recorded: pings.length - duplicates };
}

export function unknownSensor(sensorId: number, index: number): Fault {
  return { path: [index, 'sensor_id'], message: `There is no flow sensor ${sensorId}.` };
}

function requireSensors(
  { accountId }: Principal,
  pings: readonly NewPing[],
  sensors: ReadonlyMap<number, LockedSensor>,
): void {
  const faults = pings.flatMap(({ sensorId }, index): Fault[] =>
    sensors.get(sensorId)?.accountId === accountId ? [] : [unknownSensor(sensorId, index)],
  );
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
