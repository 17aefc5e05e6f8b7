import type { CheckedPing, RaisedFlag } from '../../storage/pings/flag-pings.js';
import type { LockedSensor, RecordedChanges } from '../../storage/pings/ping-writer.js';
import type { PingCorrection } from '../../storage/pings/stored-ping.js';
import { ConflictError } from '../shared/errors.js';
import { actorName } from '../shared/principal.js';
import { inBarrels } from './entered-pings.js';
import type { ExistingPings } from './existing-pings.js';
import type { RequestedPings } from './resolve-conflicts.js';

type Sensors = ReadonlyMap<number, LockedSensor>;

/** A stored reading of whose instant another flowrate was sent, and refused. */
export interface DuplicateFlag {
  readonly correction: PingCorrection;
  readonly flag: RaisedFlag;
}

/**
 * The good pings of sensors with checks that a transaction inserts, or corrects without saying what
 * their quality is.
 * @param decided the ids of corrections whose quality was given
 */
export function checkedPings(
  { inserted, corrections }: RecordedChanges,
  sensors: Sensors,
  decided: ReadonlySet<string>,
): CheckedPing[] {
  const pings = new Map<string, CheckedPing | undefined>();
  const isChecked = (sensorId: number) => sensors.get(sensorId)!.checks !== null;
  for (const { id, sensorId, datetime, quality } of inserted) {
    if (quality === 'GOOD' && isChecked(sensorId)) {
      pings.set(id, { sensorId, datetime, replaced: null });
    }
  }
  // The last correction of a ping counts.
  for (const correction of corrections) {
    const { id, sensorId, datetime, flowrate, quality, previousFlowrate } = correction;
    // Another totalizer alone is nothing to check.
    if (flowrate === previousFlowrate && quality === correction.previousQuality) continue;
    const isGood = quality === 'GOOD' && isChecked(sensorId) && !decided.has(id);
    pings.set(id, isGood ? { sensorId, datetime, replaced: previousFlowrate } : undefined);
  }
  return [...pings.values()].filter((ping) => ping !== undefined);
}

/**
 * The stored readings that become doubtful because a request that was refused has other flowrates at
 * their instants. They are changed in `existing`.
 */
export function duplicateFlags(
  { principal, pings, options }: RequestedPings,
  error: unknown,
  { sensors, existing }: { readonly sensors: Sensors; readonly existing: ExistingPings },
): DuplicateFlag[] {
  if (!(error instanceof ConflictError)) return [];
  const doubtful = error.conflicts.filter(({ sensorId, datetime }) => {
    const isChecked = sensors.get(sensorId)?.checks?.duplicate === true;
    return isChecked && existing.get(sensorId, datetime)?.quality === 'GOOD';
  });
  if (doubtful.length === 0) return [];
  const sent = inBarrels(pings, options.unit, sensors);
  return doubtful.flatMap(({ index, sensorId, datetime }) => {
    const stored = existing.get(sensorId, datetime)!;
    const reference = sent[index]!.flowrate;
    if (reference === stored.flowrate || stored.quality !== 'GOOD') return [];
    const { id, flowrate, totalizer } = stored;
    const uncertain = { ...stored, quality: 'UNCERTAIN' } as const;
    existing.set(uncertain);
    const comment = `${reference} bbl/d was sent for the same instant, and refused.`;
    const cause = { by: actorName(principal), reasonCode: null, comment };
    const findings = [{ check: 'DUPLICATE', limit: null, reference }] as const;
    return {
      correction: {
        ...uncertain,
        previousFlowrate: flowrate,
        previousQuality: 'GOOD',
        previousTotalizer: totalizer,
        ...cause,
      },
      flag: { sensorId, datetime, id, flowrate, findings },
    };
  });
}
