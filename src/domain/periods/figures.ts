import type { Figures } from '../../storage/periods/period-store.js';
import { SEVERITIES, type Quality } from '../../storage/pings/quality.js';
import type { VolumeDetails } from '../volumes/volume-details.js';
import { roundVolume } from '../volumes/round-volume.js';
import type { FlowVolume } from '../volumes/volumes.js';

export type { Figures } from '../../storage/periods/period-store.js';

/** By how much figures differ: volumes in barrels, durations in seconds. */
export type FigureChange = Omit<Figures, 'status'>;

const VOLUMES = ['volume', 'volumeMeasured', 'volumeInterpolated', 'volumeSubstituted'] as const;
const COUNTS = ['durationGood', 'durationInterpolated', 'durationMissing', 'pingCount'] as const;

// Volumes are served to 6 decimals. The sums of doubles that they are come out differently in the last
// bits where summaries were merged in another order.
const LEAST_CHANGE = 5e-7;
const LEAST_SHARE = 1e-12;

export const NO_FIGURES: Figures = {
  ...{ volume: 0, volumeMeasured: 0, volumeInterpolated: 0, volumeSubstituted: 0 },
  ...{ durationGood: 0, durationInterpolated: 0, durationMissing: 0, pingCount: 0, status: null },
};

export function figuresOf(
  volume: FlowVolume,
  { volumeSubstituted, status }: Pick<VolumeDetails, 'volumeSubstituted' | 'status'>,
): Figures {
  const { volumeMeasured, volumeInterpolated, pingCount } = volume;
  const { durationGood, durationInterpolated, durationMissing } = volume;
  return {
    ...{ volume: volume.volume, volumeMeasured, volumeInterpolated, volumeSubstituted },
    ...{ durationGood, durationInterpolated, durationMissing, pingCount, status },
  };
}

/** Whether a reader sees a difference. */
export function isChanged(before: Figures, after: Figures): boolean {
  if (before.status !== after.status) return true;
  const scale = [before, after]
    .flatMap((each) => VOLUMES.map((name) => Math.abs(each[name])))
    .reduce((a, b) => Math.max(a, b));
  const least = LEAST_CHANGE + scale * LEAST_SHARE;
  return (
    COUNTS.some((name) => before[name] !== after[name]) ||
    VOLUMES.some((name) => Math.abs(after[name] - before[name]) > least)
  );
}

/** Of figures as they are served, to 6 decimals, so that those that are served add up. */
export function changeOf(before: Figures, after: Figures): FigureChange {
  const difference = (name: keyof FigureChange) => after[name] - before[name];
  const barrels = (name: (typeof VOLUMES)[number]) =>
    roundVolume(roundVolume(after[name]) - roundVolume(before[name]));
  const seconds = (name: keyof FigureChange) => Math.round(difference(name) * 1000) / 1000;
  return {
    volume: barrels('volume'),
    volumeMeasured: barrels('volumeMeasured'),
    volumeInterpolated: barrels('volumeInterpolated'),
    volumeSubstituted: barrels('volumeSubstituted'),
    durationGood: seconds('durationGood'),
    durationInterpolated: seconds('durationInterpolated'),
    durationMissing: seconds('durationMissing'),
    pingCount: difference('pingCount'),
  };
}

/** Figures with the changes that adjustments made of them, volumes to 6 decimals as the changes are. */
export function changedBy(figures: Figures, changes: readonly FigureChange[]): Figures {
  const served = VOLUMES.map((name) => [name, roundVolume(figures[name])] as const);
  const { status } = figures;
  const all = changes.map((change) => ({ ...change, status: null }));
  return { ...sumOf([{ ...figures, ...Object.fromEntries(served) }, ...all]), status };
}

/** What flowed in several days together. */
export function sumOf(days: readonly Figures[]): Figures {
  return days.reduce((sum, each) => {
    const add = (name: keyof FigureChange) => sum[name] + each[name];
    const seconds = (name: keyof FigureChange) => Math.round(add(name) * 1000) / 1000;
    return {
      volume: add('volume'),
      volumeMeasured: add('volumeMeasured'),
      volumeInterpolated: add('volumeInterpolated'),
      volumeSubstituted: add('volumeSubstituted'),
      durationGood: seconds('durationGood'),
      durationInterpolated: seconds('durationInterpolated'),
      durationMissing: seconds('durationMissing'),
      pingCount: add('pingCount'),
      status: worse(sum.status, each.status),
    };
  }, NO_FIGURES);
}

function worse(a: Quality | null, b: Quality | null): Quality | null {
  if (a === null || b === null) return a ?? b;
  return SEVERITIES[a] < SEVERITIES[b] ? a : b;
}
