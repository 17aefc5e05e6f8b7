import { MAX_BUCKETS, type VolumeInterval } from '../../domain/volumes/calendar.js';
import { DEFAULT_PAGE_SIZE } from '../pagination/page-request.js';
import { DEFAULT_POINTS } from '../types/volume-args.js';
import { DAY_MS, HOUR_MS } from '../../domain/shared/durations.js';

// The cost of an operation is about the number of objects that its answer may hold. What a
// statement computes for each sensor costs as much as a few objects, and so does the time for which
// it reads pings one by one.
const COMPUTATION = 5;
const EXPECTED_OUTAGES = 20;
const EXPECTED_ITEMS = 20;
// Every day of every sensor of a period is computed.
const PERIOD = 1000;
const RAW_READS_PER_DAY = 2;
const MAX_RAW_READS = 20_000;
// A large account must be able to ask for a total, too: the costs of four fit into one operation.
const MAX_TOTAL = 25_000;

const SHORTEST_MS: Record<VolumeInterval, number> = {
  HOUR: HOUR_MS,
  DAY: 23 * HOUR_MS,
  WEEK: (7 * 24 - 1) * HOUR_MS,
  MONTH: (28 * 24 - 1) * HOUR_MS,
};

type Args = Readonly<Record<string, unknown>>;

/** What the cost of a field is computed from. */
export interface CostedField {
  readonly args: Args;
  /** of what is selected of one object of the field's type */
  readonly childComplexity: number;
  /** of fields marked as `TOTAL` that are selected of it: they do not depend on the page's size */
  readonly totals?: number;
  /** of the field that this one is selected of */
  readonly parentArgs?: Args;
  /** the number of the account's sensors */
  readonly sensorCount?: () => number;
}

/** The extension of fields of a connection that are about the whole list, not the page. */
export const TOTAL = { isTotal: true };

/** The nodes of a page, each with everything that is selected of it. */
export function pageCost({ args, childComplexity, totals = 0 }: CostedField): number {
  const size = (args.first ?? args.last ?? DEFAULT_PAGE_SIZE) as number;
  return 1 + Math.max(size, 0) * Math.max(childComplexity, 1) + totals;
}

export function volumeCost({ args, childComplexity }: CostedField): number {
  return computation(args) + childComplexity;
}

/** One volume over all the sensors that a list covers. */
export function totalCost(field: CostedField): number {
  const { args, childComplexity, parentArgs, sensorCount } = field;
  const { filter } = (parentArgs ?? {}) as { filter?: { ids?: readonly string[] | null } | null };
  const sensors = filter?.ids?.length ?? sensorCount?.() ?? 0;
  return COMPUTATION + Math.min(sensors * computation(args), MAX_TOTAL) + childComplexity;
}

export function countCost(): number {
  return COMPUTATION;
}

export function calendarCost({ args, childComplexity }: CostedField): number {
  const { interval } = args as { interval: VolumeInterval };
  const buckets = Math.min(Math.ceil(lengthMs(args) / SHORTEST_MS[interval]) + 1, MAX_BUCKETS);
  return computation(args) + buckets * (1 + childComplexity);
}

/** Of one volume; its readings are read one by one. */
export function totalizerCost({ childComplexity, parentArgs = {} }: CostedField): number {
  const { interval } = parentArgs as { interval?: VolumeInterval };
  const bucketMs = interval ? SHORTEST_MS[interval] : Infinity;
  const days = parentArgs.start ? Math.min(lengthMs(parentArgs), bucketMs) / DAY_MS : 0;
  const reads = Math.min(days * RAW_READS_PER_DAY, MAX_RAW_READS);
  return COMPUTATION + Math.ceil(reads) + childComplexity;
}

export function seriesCost({ args, childComplexity }: CostedField): number {
  const points = Math.max((args.maxPoints ?? DEFAULT_POINTS) as number, 0);
  return COMPUTATION + rawReads(args) + points * (1 + childComplexity);
}

export function outagesCost({ args, childComplexity }: CostedField): number {
  return COMPUTATION + rawReads(args) + EXPECTED_OUTAGES * (1 + childComplexity);
}

/** A list whose length is not known beforehand, read for all objects of the operation together. */
export function listCost({ childComplexity }: CostedField): number {
  return COMPUTATION + EXPECTED_ITEMS * Math.max(childComplexity, 1);
}

/** Of each interval the volumes of as many sensors as a group is expected to have. */
export function balanceCost(field: CostedField): number {
  return calendarCost({ ...field, childComplexity: field.childComplexity + EXPECTED_ITEMS });
}

/** Each sensor is changed by statements of its own. */
export function editsCost({ args, childComplexity }: CostedField): number {
  return COMPUTATION * (args.ids as readonly string[]).length + childComplexity;
}

export function periodCost({ childComplexity }: CostedField): number {
  return PERIOD + EXPECTED_ITEMS * Math.max(childComplexity, 1);
}

export function adjustmentsCost(field: CostedField): number {
  return PERIOD + pageCost(field);
}

/** What was stored at an instant is read ping by ping. */
function computation(args: Args): number {
  return COMPUTATION + (args.asOf ? Math.ceil(rawReads(args)) : 0);
}

function rawReads(args: Args): number {
  return Math.min((lengthMs(args) / DAY_MS) * RAW_READS_PER_DAY, MAX_RAW_READS);
}

function lengthMs(args: Args): number {
  const { start, end } = args as { start: Date; end: Date };
  return Math.max(end.getTime() - start.getTime(), 0);
}
