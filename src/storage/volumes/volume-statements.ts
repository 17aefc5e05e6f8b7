import { timestamptzArray } from '../postgres/binary-array.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { TimeRange } from '../postgres/time-range.js';
import { cutsParameter, levelOfBuckets } from './range-cuts.js';
import {
  flowVolumes,
  flowVolumesAsOf,
  flowVolumesOfCuts,
  rangeVolumes,
  rangeVolumesAsOf,
} from './sql/flow-volumes.js';

/** What a statement for an instant takes beside the others. */
export function parameters(asOf: Date | undefined): string[] {
  return asOf ? [instantParameter(asOf)] : [];
}

export function rangeOf(boundaries: readonly Date[]): TimeRange {
  return { start: boundaries[0]!, end: boundaries.at(-1)! };
}

/** The statements for the volumes between boundaries, and what they take beside the sensors. */
export function statementsOf(
  boundaries: readonly Date[],
  asOf: Date | undefined,
): [statements: typeof flowVolumes, values: unknown[]] {
  const range = rangeOf(boundaries);
  if (boundaries.length === 2) {
    const values = [cutsParameter(range), ...parameters(asOf)];
    return [asOf ? rangeVolumesAsOf : rangeVolumes, values];
  }
  const instants = timestamptzArray(boundaries);
  if (asOf) return [flowVolumesAsOf, [instants, instantParameter(asOf)]];
  const level = levelOfBuckets(boundaries);
  return level === undefined
    ? [flowVolumes, [instants]]
    : [flowVolumesOfCuts, [instants, cutsParameter(range, level)]];
}
