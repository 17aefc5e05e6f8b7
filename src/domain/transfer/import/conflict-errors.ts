import type {
  ImportTransaction,
  PingsBySensor,
  StagedInsert,
} from '../../../storage/transfer/import-store.js';
import { qualityOf } from '../../../storage/pings/quality.js';
import { retirementError, thinnedError } from '../../pings/rules.js';
import { formatTime } from '../../shared/time.js';
import { ImportErrors, quote, type ConflictingChanges, type ImportError } from './errors.js';
import type { RowSensors } from './sensors.js';

const MAX_LISTED_CONFLICTS = 20;

/** @throws ImportErrors where a staged ping is after the retirement of its sensor, or among thinned pings */
export async function refuseOutsideRecord(transaction: ImportTransaction): Promise<void> {
  const { pings, total } = await transaction.outsideRecord(MAX_LISTED_CONFLICTS);
  if (total === 0) return;
  const errors = pings.map(({ index, sensor_id, at, retired_at, thinned_until }) => ({
    line: index,
    column: 'datetime',
    message:
      retirementError(sensor_id, retired_at, at) ?? thinnedError(sensor_id, thinned_until, at)!,
  }));
  throw new ImportErrors(errors, total);
}

/**
 * @param changesOf what would become of the readings, from the number of conflicts of each sensor
 * @throws ImportErrors where a staged ping differs from a stored one, or from another one of the
 * file
 */
export async function refuseConflicts(
  transaction: ImportTransaction,
  inserted: StagedInsert,
  differing: number,
  sensors: RowSensors,
  changesOf: (conflicts: PingsBySensor) => ConflictingChanges,
): Promise<void> {
  const { conflicts, total } = await transaction.conflicts(MAX_LISTED_CONFLICTS, inserted);
  const differences = differing > 0 ? await transaction.differences(MAX_LISTED_CONFLICTS) : [];
  if (total + differing === 0) return;
  const ofSensor = (id: number, at: number) => `${quote(sensors.nameOf(id))} at ${formatTime(at)}`;
  const errors: (ImportError & { readonly line: number })[] = [
    ...conflicts.map(({ index, sensor_id, at, flowrate, severity, of_quality }) => ({
      line: index,
      column: of_quality ? sensors.columns.quality?.name : 'flowrate',
      message: of_quality
        ? `The ping of ${ofSensor(sensor_id, at)} is already stored with the quality ${qualityOf(severity)}.`
        : `Another ping of ${ofSensor(sensor_id, at)} is already stored, of ${flowrate} bbl/d.`,
      remedies: [{ option: 'onConflict' as const }],
    })),
    ...differences.map(({ index, first_index, sensor_id, at, ...each }) => ({
      line: index,
      column: each.flowrate === each.first_flowrate ? sensors.columns.quality?.name : 'flowrate',
      message:
        each.flowrate === each.first_flowrate
          ? `Line ${first_index} has another quality of ${ofSensor(sensor_id, at)}: ${qualityOf(each.first_quality)}, not ${qualityOf(each.quality)}.`
          : `Line ${first_index} has another flowrate of ${ofSensor(sensor_id, at)}: ${each.first_flowrate} bbl/d, not ${each.flowrate}.`,
    })),
  ];
  const listed = errors.sort((a, b) => a.line - b.line).slice(0, MAX_LISTED_CONFLICTS);
  const changes = changesOf(await transaction.conflictCounts(inserted));
  throw new ImportErrors(listed, total + differing, undefined, changes);
}
