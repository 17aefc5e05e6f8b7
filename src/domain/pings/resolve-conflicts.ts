import type { LockedSensor } from '../../storage/pings/ping-writer.js';
import type { LateInsertion, PingCorrection, StoredPing } from '../../storage/pings/stored-ping.js';
import type { Quality } from '../../storage/pings/quality.js';
import {
  ConflictError,
  InvalidInputError,
  type FieldError,
  type PingConflict,
} from '../shared/errors.js';
import type { Admission } from './admission.js';
import { inParts } from '../shared/in-parts.js';
import { ExistingPings } from './existing-pings.js';
import { LATE_DATA } from './reason-codes.js';
import { actorName, type Principal } from '../shared/principal.js';
import { enteredFlowrate, type FlowrateUnit } from '../shared/units.js';
import { entryUnitOf, inBarrels } from './entered-pings.js';
import { retirementError, thinnedError } from './rules.js';

/** A reading as it comes in: in the unit of its request, or in that of its sensor. */
export interface NewPing {
  readonly sensorId: number;
  readonly datetime: Date;
  readonly flowrate: number;
  /** undefined: GOOD if it is new, and no other than the stored one if its flowrate is stored */
  readonly quality?: Quality | undefined;
  /** the meter's own cumulative volume, bbl; undefined: the stored one, if there is one */
  readonly totalizer?: number | undefined;
}

export type OnConflict = 'REJECT' | 'OVERWRITE';

export interface RecordOptions {
  readonly onConflict: OnConflict;
  /** why the history of stored pings changes; kept in it */
  readonly reasonCode?: string | undefined;
  readonly comment?: string | undefined;
  /** of the flowrates; undefined: the unit of entry of each sensor */
  readonly unit?: FlowrateUnit | undefined;
}

export interface Recorded {
  readonly recorded: number;
  readonly duplicates: number;
}

export interface Resolution extends Recorded {
  readonly inserted: readonly StoredPing[];
  /**
   * those of the inserted pings that lie before their sensor's newest one by more than its max gap,
   * or in a closed period
   */
  readonly lateInsertions: readonly LateInsertion[];
  readonly corrections: readonly PingCorrection[];
  /** the ids of those of the corrections whose quality was given: it is not to be checked */
  readonly decided: ReadonlySet<string>;
  /** whether the worker that sends webhooks knows of these pings */
  readonly isAnnounced?: boolean;
}

export interface RequestedPings {
  readonly principal: Principal;
  readonly pings: readonly NewPing[];
  readonly options: RecordOptions;
  readonly admission: Pick<Admission, 'admit'>;
}

/** What a transaction knows of its sensors, after those of its requests that it has resolved. */
export interface BatchState {
  readonly sensors: ReadonlyMap<number, LockedSensor>;
  /** at the instants of this request and of those resolved before it */
  readonly existing: ExistingPings;
  /** the instant of each sensor's newest ping, in milliseconds since 1970 */
  readonly newest: Map<number, number>;
  /** gives a new ping its id; those of one sensor ascend in the order of the request */
  readonly newPing: (ping: NewPing) => StoredPing;
}

/**
 * Decides what one request changes: `existing` and `newest` are changed accordingly, and the changes
 * are returned. A request that cannot be recorded whole leaves everything as it was.
 *
 * @throws InvalidInputError for sensors that the account does not have, for pings after a sensor's
 * retirement, and for flowrates that are out of range in bbl/d; ConflictError; what its admission throws
 */
export async function resolveConflicts(
  { principal, pings: entered, options, admission }: RequestedPings,
  { sensors, existing, newest, newPing }: BatchState,
): Promise<Resolution> {
  requireSensors(principal, entered, sensors);
  refuseOutsideRecord(entered, sensors);
  const pings = inBarrels(entered, options.unit, sensors);
  const { onConflict, reasonCode, comment } = options;
  const changed = new ExistingPings();
  const conflicts: PingConflict[] = [];
  const decided = new Set<string>();
  let duplicates = 0;
  await inParts(pings, (part, first) => {
    part.forEach((ping, offset) => {
      const { sensorId, datetime, flowrate, quality, totalizer } = ping;
      const present = changed.get(sensorId, datetime) ?? existing.get(sensorId, datetime);
      if (!present) {
        changed.set(newPing(ping));
      } else if (
        present.flowrate === flowrate &&
        isSameQuality(present, quality, onConflict) &&
        (totalizer ?? present.totalizer) === present.totalizer
      ) {
        duplicates++;
      } else if (onConflict === 'REJECT') {
        const unit = entryUnitOf(sensorId, options.unit, sensors);
        const flowrate = enteredFlowrate(present.flowrate, unit);
        conflicts.push({ index: first + offset, sensorId, datetime, flowrate });
      } else {
        // Another totalizer alone says nothing of the quality.
        const isSameRate = present.flowrate === flowrate;
        changed.set({
          ...present,
          flowrate,
          quality: quality ?? (isSameRate ? present.quality : 'GOOD'),
          ...(totalizer !== undefined && { totalizer }),
        });
        if (quality !== undefined) decided.add(present.id);
        else if (!isSameRate) decided.delete(present.id);
      }
    });
  });
  if (conflicts.length > 0) throw conflictError(pings, conflicts, existing);
  const cause = {
    by: actorName(principal),
    reasonCode: reasonCode ?? null,
    comment: comment ?? null,
  };
  const inserted: StoredPing[] = [];
  const corrections: PingCorrection[] = [];
  const changes = [...changed.values()];
  await inParts(changes, (part) => {
    for (const ping of part) {
      const previous = existing.get(ping.sensorId, ping.datetime);
      if (!previous) inserted.push(ping);
      else if (!isSameReading(previous, ping)) {
        corrections.push({
          ...ping,
          previousFlowrate: previous.flowrate,
          previousQuality: previous.quality,
          previousTotalizer: previous.totalizer,
          ...cause,
        });
      }
    }
  });
  admission.admit({ inserted, corrections });
  const lateCause = { ...cause, reasonCode: reasonCode ?? LATE_DATA };
  const lateInsertions: LateInsertion[] = [];
  await inParts(inserted, (part) => {
    for (const ping of part) {
      const { maxGap, closedUntil } = sensors.get(ping.sensorId)!;
      const at = ping.datetime.getTime();
      const gapMs = (newest.get(ping.sensorId) ?? -Infinity) - at;
      const isLate = gapMs > maxGap * 1000 || at < (closedUntil ?? -Infinity);
      if (isLate) lateInsertions.push({ ...ping, ...lateCause });
    }
  });
  await inParts(changes, (part) => {
    for (const ping of part) existing.set(ping);
  });
  for (const { sensorId, datetime } of inserted) {
    newest.set(sensorId, Math.max(newest.get(sensorId) ?? -Infinity, datetime.getTime()));
  }
  const recorded = pings.length - duplicates;
  return { inserted, lateInsertions, corrections, duplicates, recorded, decided };
}

function isSameReading(one: StoredPing, other: StoredPing): boolean {
  return (
    one.flowrate === other.flowrate &&
    one.quality === other.quality &&
    one.totalizer === other.totalizer
  );
}

/** A reading that a check made uncertain may be sent again as the good one that it came as. */
function isSameQuality(
  { quality, isFlagged }: StoredPing,
  sent: Quality | undefined,
  onConflict: OnConflict,
): boolean {
  if ((sent ?? quality) === quality) return true;
  return isFlagged === true && sent === 'GOOD' && onConflict === 'REJECT';
}

export function unknownSensor(sensorId: number, index: number): FieldError {
  return { path: [index, 'sensor_id'], message: `There is no flow sensor ${sensorId}.` };
}

function requireSensors(
  { accountId }: Principal,
  pings: readonly NewPing[],
  sensors: ReadonlyMap<number, LockedSensor>,
): void {
  const errors: FieldError[] = [];
  pings.forEach(({ sensorId }, index) => {
    if (sensors.get(sensorId)?.accountId !== accountId) errors.push(unknownSensor(sensorId, index));
  });
  const [first, ...rest] = errors;
  if (first) throw new InvalidInputError([first, ...rest]);
}

/** Refuses pings after the retirement of their sensor, and those among thinned ones. */
function refuseOutsideRecord(
  pings: readonly NewPing[],
  sensors: ReadonlyMap<number, LockedSensor>,
): void {
  const isOpen = ({ retiredAt, thinnedUntil }: LockedSensor) =>
    (retiredAt ?? thinnedUntil) === null;
  if ([...sensors.values()].every(isOpen)) return;
  const errors = pings.flatMap(({ sensorId, datetime }, index): FieldError[] => {
    const { retiredAt = null, thinnedUntil = null } = sensors.get(sensorId) ?? {};
    const at = datetime.getTime();
    const message =
      retirementError(sensorId, retiredAt, at) ?? thinnedError(sensorId, thinnedUntil, at);
    return message ? [{ path: [index, 'datetime'], message }] : [];
  });
  const [first, ...rest] = errors;
  if (first) throw new InvalidInputError([first, ...rest]);
}

const MAX_CLASHES_NAMED = 5;

/**
 * The error distinguishes pings that conflict with stored ones from those that conflict with
 * another ping of the same request.
 */
function conflictError(
  pings: readonly NewPing[],
  conflicts: readonly PingConflict[],
  existing: ExistingPings,
): ConflictError {
  const clashes = conflicts.filter(({ sensorId, datetime }) => !existing.get(sensorId, datetime));
  const stored = conflicts.length - clashes.length;
  const others = conflicts
    .filter(({ index, flowrate }) => pings[index]!.flowrate === flowrate)
    .map(({ index }) => pings[index]!);
  const names = [
    'flowrate',
    ...(others.some(({ quality }) => quality !== undefined) ? ['quality'] : []),
    ...(others.some(({ totalizer }) => totalizer !== undefined) ? ['totalizer'] : []),
  ];
  const what = names.join(', ').replace(/, (\w+)$/, ' or $1');
  const parts = [
    stored === 1 && `one ping is already stored with another ${what}`,
    stored > 1 && `${stored} pings are already stored with another ${what}`,
    clashes.length > 0 && clashText(pings, clashes),
  ];
  const text = parts.filter((part) => part !== false).join(', and ');
  return new ConflictError(
    `${text.charAt(0).toUpperCase()}${text.slice(1)}; nothing was recorded.`,
    conflicts,
  );
}

/** Names both pings of each clash by their index in the request. */
function clashText(pings: readonly NewPing[], clashes: readonly PingConflict[]): string {
  const pairs = clashes.slice(0, MAX_CLASHES_NAMED).map(({ index, sensorId, datetime }) => {
    const first = pings.findIndex(
      (ping) => ping.sensorId === sensorId && ping.datetime.getTime() === datetime.getTime(),
    );
    return `${first} and ${index}`;
  });
  const more = clashes.length - pairs.length;
  return (
    `the request itself gives one instant of a sensor different flowrates, at index ${pairs.join(', ')}` +
    (more > 0 ? ` and ${more} more` : '')
  );
}
