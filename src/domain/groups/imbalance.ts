import type { GroupSettings } from '../../storage/groups/sensor-group-store.js';
import { fieldErrors, type FieldError } from '../shared/errors.js';

export const IMBALANCE_STATES = ['WITHIN', 'ABOVE', 'UNMEASURED'] as const;
export type ImbalanceState = (typeof IMBALANCE_STATES)[number];

/** Above which an imbalance of a day is an alert: either is enough. Null: not by it. */
export type ImbalanceThresholds = Pick<GroupSettings, 'maxImbalancePercent' | 'maxImbalanceVolume'>;

const MAX_PERCENT = 100;
const MAX_VOLUME = 1e12;
/** A notice is repeated where the imbalance has changed by more than this share of what it said. */
const MATERIAL_SHARE = 0.1;

/** The rules that thresholds break. */
export function thresholdErrors({
  maxImbalancePercent,
  maxImbalanceVolume,
}: { readonly [Name in keyof ImbalanceThresholds]?: number | null | undefined }): FieldError[] {
  return fieldErrors({
    maxImbalancePercent: thresholdError(maxImbalancePercent, MAX_PERCENT, 'percent of the inflow'),
    maxImbalanceVolume: thresholdError(maxImbalanceVolume, MAX_VOLUME, 'bbl a day'),
  });
}

/**
 * Whether what went in and what came out in a day differ by more than a threshold allows. A day with
 * gaps is not judged, since its imbalance may be one of readings.
 *
 * @returns null where there is no threshold
 */
export function imbalanceState(
  thresholds: ImbalanceThresholds,
  { imbalance, volumeIn }: { readonly imbalance: number; readonly volumeIn: number },
  isMeasured: boolean,
): ImbalanceState | null {
  const { maxImbalancePercent: percent, maxImbalanceVolume: volume } = thresholds;
  if (percent === null && volume === null) return null;
  if (!isMeasured) return 'UNMEASURED';
  const amount = Math.abs(imbalance);
  const isAbove =
    (percent !== null && amount * 100 > percent * Math.abs(volumeIn)) ||
    (volume !== null && amount > volume);
  return isAbove ? 'ABOVE' : 'WITHIN';
}

/** Whether an imbalance differs from what was said before by enough to say it again. */
export function isMaterial(before: number, after: number): boolean {
  return Math.abs(after - before) > Math.abs(before) * MATERIAL_SHARE;
}

function thresholdError(
  value: number | null | undefined,
  maximum: number,
  unit: string,
): string | undefined {
  if (value === undefined || value === null || (value >= 0 && value <= maximum)) return undefined;
  return `Must be 0 to ${maximum} ${unit}; got ${value}.`;
}
