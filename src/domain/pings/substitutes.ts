import type { SubstitutionMethod } from '../../storage/pings/substitution-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { DAY_MS } from '../shared/durations.js';
import { InvalidInputError } from '../shared/errors.js';
import { flowrateError } from './rules.js';

export const MAX_SUBSTITUTES = 10_000;
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');

/** A reading at an instant in milliseconds since 1970; bbl/d. */
export interface Value {
  readonly at: number;
  readonly flowrate: number;
}

/** What the flowrates of substitutes are found from. */
export interface Basis {
  readonly range: TimeRange;
  /** of the sensor, seconds: substitutes are no further apart */
  readonly maxGap: number;
  /** given: bbl/d, or bbl to be spread */
  readonly value: number | null;
  /** its mean over the range: volumes are multiplied by it, flowrates are stored without */
  readonly meterFactor: number;
  /** the readings on either side that count */
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  /** whether the end of the range has a reading, which stays */
  readonly isEndTaken: boolean;
  /** bbl/d since `averagedFrom`; null where no segment runs */
  readonly averageBefore: number | null;
}

/** Substitutes, and how they were found, for people to follow. */
export interface Calculation {
  readonly values: readonly Value[];
  readonly explanation: Readonly<Record<string, unknown>>;
}

/**
 * The start of the time that an average is taken of: it is as long as the range, and ends at the last
 * reading before that, so that the readings that are replaced have no part in it.
 */
export function averagedFrom({ start, end }: TimeRange, last: Date): Date {
  return new Date(Math.max(last.getTime() - (end.getTime() - start.getTime()), EARLIEST));
}

/**
 * Computes the substitutes of a range.
 * @throws InvalidInputError where the method cannot be applied
 */
export function calculate(method: SubstitutionMethod, basis: Basis): Calculation {
  const { range, value, averageBefore, meterFactor } = basis;
  if (method === 'LINEAR_INTERPOLATION') return interpolate(basis);
  if (method === 'AVERAGE') {
    const last = basis.before && new Date(basis.before.at);
    if (!last || averageBefore === null) {
      const message = `There is no flowrate before ${range.start.toISOString()} to take the average of.`;
      throw InvalidInputError.of('start', message);
    }
    const of = { start: averagedFrom(range, last).toISOString(), end: last.toISOString() };
    return constant(basis, averageBefore, { flowrate: averageBefore, averageOf: of });
  }
  if (method === 'REPLACE') return constant(basis, value!, { flowrate: value });
  const days = (range.end.getTime() - range.start.getTime()) / DAY_MS;
  const flowrate = value! / days / meterFactor;
  const factor = meterFactor === 1 ? {} : { meterFactor };
  return constant(basis, flowrate, { flowrate, volume: value, days, ...factor });
}

function interpolate(basis: Basis): Calculation {
  const { before, after, range } = basis;
  if (!before) {
    const message = `There is no reading before ${range.start.toISOString()} to interpolate from.`;
    throw InvalidInputError.of('start', message);
  }
  if (!after) {
    const message = `There is no reading at or after ${range.end.toISOString()} to interpolate to.`;
    throw InvalidInputError.of('end', message);
  }
  const slope = (after.flowrate - before.flowrate) / (after.at - before.at);
  const values = instants(basis, false).map((at) => {
    const flowrate = before.flowrate + slope * (at - before.at);
    // Next to a zero crossing the line may be smaller than any flowrate.
    return { at, flowrate: flowrateError(flowrate) ? 0 : flowrate };
  });
  const explained = ({ at, flowrate }: Value) => ({
    datetime: new Date(at).toISOString(),
    flowrate,
  });
  return { values, explanation: { from: explained(before), to: explained(after) } };
}

function constant(basis: Basis, flowrate: number, explanation: Calculation['explanation']) {
  const error = flowrateError(flowrate);
  if (error) throw InvalidInputError.of('value', `The flowrate of the substitutes: ${error}`);
  return { values: instants(basis, true).map((at) => ({ at, flowrate })), explanation };
}

/** From the start on, as far apart as the max gap, and at the end, or just before a reading there. */
function instants({ range, maxGap, isEndTaken }: Basis, hasEnd: boolean): number[] {
  const [start, end] = [range.start.getTime(), range.end.getTime()];
  const step = maxGap * 1000;
  const count = Math.ceil((end - start) / step) + 1;
  if (count > MAX_SUBSTITUTES) {
    throw InvalidInputError.of(
      'end',
      `The range takes ${count} substitutes, one for each maxGap of ${maxGap} s; at most ${MAX_SUBSTITUTES}.`,
    );
  }
  const last = isEndTaken ? end - 1 : end;
  const inner = Array.from({ length: count }, (_, index) => start + index * step);
  return hasEnd
    ? [...inner.filter((at) => at < last), ...(last >= start ? [last] : [])]
    : inner.filter((at) => at < end);
}
