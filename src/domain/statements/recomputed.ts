import { DAY_MS } from '../shared/durations.js';
import { decimal, plus, ratio, ZERO, type Rational } from '../shared/rational.js';
import type { InForce, SensorContent, StatementReading } from './document.js';

/** What readings come to in a range, without any rounding. */
export interface RecomputedFigures {
  readonly measured: Rational;
  readonly interpolated: Rational;
  /** at least ∫|f|, in barrels */
  readonly gross: Rational;
  readonly goodMs: number;
  readonly interpolatedMs: number;
  readonly readings: number;
}

interface Point {
  /** milliseconds since 1970 */
  readonly at: number;
  /** in units of 1 / `scale` bbl/d */
  readonly flowrate: bigint;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isStep: boolean;
  /** in units of 1 / `factorScale` */
  readonly factor: bigint;
}

/**
 * Computes volumes again from the readings that a statement carries. Written from the definition, in
 * whole numbers, without the statements of the database.
 */
export class Recomputed {
  private readonly points: readonly Point[];
  private readonly scale: bigint;
  /** meter factors are in units of 1 / it */
  private readonly factorScale: bigint;
  private readonly factors: readonly InForce<bigint>[];
  /** the instants of those that count */
  private readonly readings: readonly number[];

  constructor(private readonly content: SensorContent) {
    const { readingBefore, readingAfter } = content;
    const readings = content.readings.filter(({ quality }) => quality !== 'BAD');
    const all = [readingBefore, ...readings, readingAfter].filter((reading) => reading !== null);
    const flowrates = all.map(({ flowrate }) => decimal(flowrate));
    this.scale = largestDenominator(flowrates);
    this.points = all.map(({ datetime }, index) => {
      const { numerator, denominator } = flowrates[index]!;
      return { at: Date.parse(datetime), flowrate: numerator * (this.scale / denominator) };
    });
    const { meterFactors = [{ from: null, value: 1 }] } = content;
    const factors = meterFactors.map(({ value }) => decimal(value));
    this.factorScale = largestDenominator(factors);
    this.factors = factors.map(({ numerator, denominator }, index) => {
      const { from } = meterFactors[index]!;
      return { from, value: numerator * (this.factorScale / denominator) };
    });
    this.readings = readings.map(({ datetime }) => Date.parse(datetime));
  }

  /** The place of the first reading that is not later than the one before it, or not in the period. */
  misplaced(): string | undefined {
    const { readingBefore, readingAfter, period } = this.content;
    const [start, end] = [Date.parse(period.start), Date.parse(period.end)];
    const at = (reading: StatementReading) => Date.parse(reading.datetime);
    if (readingBefore && !(at(readingBefore) < start)) return 'readingBefore.datetime';
    if (readingAfter && !(at(readingAfter) >= end)) return 'readingAfter.datetime';
    const instants = this.content.readings.map(at);
    const wrong = instants.findIndex(
      (instant, index) =>
        !(instant >= start && instant < end) || (index > 0 && instant <= instants[index - 1]!),
    );
    return wrong < 0 ? undefined : `readings[${wrong}].datetime`;
  }

  /** @param ranges ascending, none of which overlaps another */
  figures(
    ranges: readonly { readonly start: string; readonly end: string }[],
  ): RecomputedFigures[] {
    let first = 0;
    let firstReading = 0;
    return ranges.map((range) => {
      const [start, end] = [Date.parse(range.start), Date.parse(range.end)];
      while (first + 1 < this.points.length && this.points[first + 1]!.at <= start) first++;
      while (firstReading < this.readings.length && this.readings[firstReading]! < start)
        firstReading++;
      let readings = 0;
      while (this.readings[firstReading + readings]! < end) readings++;
      return { ...this.between(first, start, end), readings };
    });
  }

  private between(first: number, start: number, end: number): Omit<RecomputedFigures, 'readings'> {
    // Whole segments have one denominator; the few that are cut have their own.
    const whole = { measured: 0n, interpolated: 0n };
    const cut = { measured: ZERO, interpolated: ZERO };
    const ms = { measured: 0, interpolated: 0 };
    let gross = 0n;
    for (let index = first; index + 1 < this.points.length; index++) {
      const [point, next] = [this.points[index]!, this.points[index + 1]!];
      if (point.at >= end) break;
      const [from, to] = [Math.max(point.at, start), Math.min(next.at, end)];
      if (to <= from) continue;
      const length = next.at - point.at;
      const part =
        length <= valueAt(this.content.maxGaps, point.at) * 1000 ? 'measured' : 'interpolated';
      ms[part] += to - from;
      const [a, b] = [absolute(point.flowrate), absolute(next.flowrate)];
      for (const piece of this.piecesOf(from, to)) {
        // Flowrates times the factor.
        const pieceMs = BigInt(piece.to - piece.from) * piece.factor;
        gross += (a > b ? a : b) * pieceMs;
        if (piece.isStep) whole[part] += 2n * point.flowrate * pieceMs;
        else if (piece.to - piece.from === length)
          whole[part] += (point.flowrate + next.flowrate) * pieceMs;
        else {
          // Twice the flowrate in the middle of the piece, times the segment's length.
          const rise =
            (next.flowrate - point.flowrate) * BigInt(piece.from + piece.to - 2 * point.at);
          const numerator = (2n * point.flowrate * BigInt(length) + rise) * pieceMs;
          cut[part] = plus(cut[part], ratio(numerator, this.denominator * BigInt(length)));
        }
      }
    }
    return {
      measured: plus(ratio(whole.measured, this.denominator), cut.measured),
      interpolated: plus(ratio(whole.interpolated, this.denominator), cut.interpolated),
      gross: ratio(2n * gross, this.denominator),
      goodMs: ms.measured,
      interpolatedMs: ms.interpolated,
    };
  }

  /** The pieces of a range in which one method and one meter factor are in force. */
  private piecesOf(from: number, to: number): Piece[] {
    const { methods } = this.content;
    const changes = [methods, this.factors].flatMap((each) => changesWithin(each, from, to));
    const edges = [...new Set([from, ...changes, to])].sort((a, b) => a - b);
    return edges.slice(1).map((edge, index) => {
      const start = edges[index]!;
      const isStep = valueAt(methods, start) === 'STEP';
      return { from: start, to: edge, isStep, factor: valueAt(this.factors, start) };
    });
  }

  /** of twice a flowrate times a factor times milliseconds, in barrels */
  private get denominator(): bigint {
    return 2n * BigInt(DAY_MS) * this.scale * this.factorScale;
  }
}

/** The instants between two others at which a setting changes. */
function changesWithin(history: readonly InForce<unknown>[], from: number, to: number): number[] {
  if (history.length === 1) return [];
  return history
    .map((each) => (each.from === null ? -Infinity : Date.parse(each.from)))
    .filter((instant) => instant > from && instant < to);
}

/** Of numbers whose denominators are powers of ten: a multiple of each. */
function largestDenominator(numbers: readonly Rational[]): bigint {
  return numbers.reduce((most, { denominator }) => (denominator > most ? denominator : most), 1n);
}

function valueAt<Value>(history: readonly InForce<Value>[], at: number): Value {
  let found = history[0]!.value;
  for (const { from, value } of history) if (from !== null && Date.parse(from) <= at) found = value;
  return found;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
