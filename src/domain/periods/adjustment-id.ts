import { createHash } from 'node:crypto';
import type { AdjustmentPlace } from '../../storage/periods/adjustment-store.js';
import { roundVolume } from '../volumes/round-volume.js';
import type { Figures } from './figures.js';

/**
 * The id of an adjustment. While it is pending its figures may change: then so does its id, and nobody
 * decides about figures other than those that they read.
 */
export function adjustmentId(
  { periodId, sensorId, day, sequence }: AdjustmentPlace,
  { volume, volumeMeasured, volumeSubstituted, status, ...rest }: Figures,
): string {
  const volumes = [volume, volumeMeasured, volumeSubstituted].map(roundVolume);
  const { durationGood, durationInterpolated, pingCount } = rest;
  const figures = [...volumes, durationGood, durationInterpolated, pingCount, status];
  const digest = createHash('sha256').update(JSON.stringify(figures)).digest('hex').slice(0, 8);
  return [periodId, sensorId, day, sequence, digest].join('-');
}

/** Undefined where `adjustmentId` cannot have made it. */
export function readAdjustmentId(id: string): AdjustmentPlace | undefined {
  const match = /^(\d{1,10})-(\d{1,10})-(\d{1,3})-(\d{1,9})-[0-9a-f]{8}$/.exec(id);
  if (!match) return undefined;
  const [periodId, sensorId, day, sequence] = match.slice(1).map(Number);
  return { periodId: periodId!, sensorId: sensorId!, day: day!, sequence: sequence! };
}
