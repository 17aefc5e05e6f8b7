import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';
import { MAX_BUCKETS, type VolumeInterval } from '../../domain/volumes/calendar.js';
import { DEFAULT_PAGE_SIZE } from '../pagination/page-request.js';
import { DEFAULT_POINTS } from '../types/volume-args.js';

// The cost of a query is about the number of objects that its answer may hold. Scalars are free,
// because aliases have a limit of their own. What a statement computes for each sensor costs as
// much as a few objects.
const COMPUTATION = 5;
const TOTAL = 20;
const EXPECTED_OUTAGES = 20;

const HOUR_MS = 3_600_000;
const SHORTEST_MS: Record<VolumeInterval, number> = {
  HOUR: HOUR_MS,
  DAY: 23 * HOUR_MS,
  WEEK: (7 * 24 - 1) * HOUR_MS,
  MONTH: (28 * 24 - 1) * HOUR_MS,
};

type Field = Pick<ComplexityEstimatorArgs, 'args' | 'childComplexity'>;

/** The nodes of a page, each with everything that is selected of it. */
export function pageCost({ args, childComplexity }: Field): number {
  const size = (args.first ?? args.last ?? DEFAULT_PAGE_SIZE) as number;
  return 1 + Math.max(size, 0) * Math.max(childComplexity, 1);
}

export function volumeCost({ childComplexity }: Field): number {
  return COMPUTATION + childComplexity;
}

/** One volume over all sensors of a list. Their number is not known yet, so the page's size stands for it, and a fixed part. */
export function totalCost({ childComplexity }: Field): number {
  return TOTAL + childComplexity;
}

export function calendarCost({ args, childComplexity }: Field): number {
  const { start, end, interval } = args as { start: Date; end: Date; interval: VolumeInterval };
  const length = Math.max(end.getTime() - start.getTime(), 0);
  const buckets = Math.min(Math.ceil(length / SHORTEST_MS[interval]) + 1, MAX_BUCKETS);
  return COMPUTATION + buckets * (1 + childComplexity);
}

export function seriesCost({ args, childComplexity }: Field): number {
  const points = Math.max((args.maxPoints ?? DEFAULT_POINTS) as number, 0);
  return COMPUTATION + points * (1 + childComplexity);
}

export function outagesCost({ childComplexity }: Field): number {
  return COMPUTATION + EXPECTED_OUTAGES * (1 + childComplexity);
}
