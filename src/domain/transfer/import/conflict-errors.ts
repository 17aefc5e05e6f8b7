import type {
  Differing,
  StagedConflict,
  StagedDifference,
} from '../../../storage/transfer/staged-rows.js';
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
    ...conflicts.map((conflict) => ({
      line: conflict.index,
      column: columnOf(conflict.differing, sensors),
      message: conflictText(conflict, ofSensor(conflict.sensor_id, conflict.at)),
      remedies: [{ option: 'onConflict' as const }],
    })),
    ...differences.map((difference) => ({
      line: difference.index,
      column: columnOf(differingOf(difference), sensors),
      message: `Line ${difference.first_index} has another ${differenceText(difference, ofSensor(difference.sensor_id, difference.at))}.`,
    })),
  ];
  const listed = errors.sort((a, b) => a.line - b.line).slice(0, MAX_LISTED_CONFLICTS);
  const changes = changesOf(await transaction.conflictCounts(inserted));
  throw new ImportErrors(listed, total + differing, undefined, changes);
}

function columnOf(differing: Differing, { columns }: RowSensors): string | undefined {
  return differing === 'flowrate' ? 'flowrate' : columns[differing]?.name;
}

function conflictText({ differing, ...stored }: StagedConflict, reading: string): string {
  if (differing === 'flowrate') {
    return `Another ping of ${reading} is already stored, of ${stored.flowrate} bbl/d.`;
  }
  if (differing === 'quality') {
    return `The ping of ${reading} is already stored with the quality ${qualityOf(stored.severity)}.`;
  }
  return stored.totalizer === null
    ? `The ping of ${reading} is already stored without a totalizer.`
    : `The ping of ${reading} is already stored with the totalizer ${stored.totalizer} bbl.`;
}

function differingOf(each: StagedDifference): Differing {
  if (each.flowrate !== each.first_flowrate) return 'flowrate';
  const isSame = qualityOf(each.quality) === qualityOf(each.first_quality);
  return isSame ? 'totalizer' : 'quality';
}

function differenceText(each: StagedDifference, reading: string): string {
  const { first_totalizer: first, totalizer } = each;
  switch (differingOf(each)) {
    case 'flowrate':
      return `flowrate of ${reading}: ${each.first_flowrate} bbl/d, not ${each.flowrate}`;
    case 'quality':
      return `quality of ${reading}: ${qualityOf(each.first_quality)}, not ${qualityOf(each.quality)}`;
    case 'totalizer':
      return `totalizer of ${reading}: ${first ?? 'none'}, not ${totalizer} bbl`;
  }
}
