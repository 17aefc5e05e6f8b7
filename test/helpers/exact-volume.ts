import {
  exactly,
  magnitude,
  minus,
  over,
  plus,
  sign,
  times,
  whole,
  ZERO,
  type Rational,
} from './rational.js';

/** A reading at `at` milliseconds, bbl/d. */
export interface Reading {
  readonly at: number;
  readonly flowrate: number;
  /** a bad one counts in no volume; undefined: good */
  readonly quality?: 'GOOD' | 'UNCERTAIN' | 'BAD';
}

/** What the specification's formula comes to, and the scale that its tolerance is a share of. */
export interface ExactVolume {
  readonly volume: Rational;
  /** ∫|f|, barrels */
  readonly absolute: Rational;
  /** the part over segments no longer than the max gap, and the part over outages */
  readonly measured: VolumePart;
  readonly interpolated: VolumePart;
  readonly coveredMs: number;
  readonly spannedMs: number;
}

/** Barrels, and the same of |f|. */
interface VolumePart {
  readonly volume: Rational;
  readonly absolute: Rational;
}

const NO_VOLUME: VolumePart = { volume: ZERO, absolute: ZERO };
const DAY = whole(86_400_000);
const TWO = whole(2);

/**
 * V(a, b) as it is defined: the sum over consecutive readings of the integral over the part of the
 * segment within [a, b). Written from the formula, in exact arithmetic, sharing nothing with the
 * server.
 *
 * @param maxGapAt seconds, in force where a segment begins
 */
export function exactVolume(
  readings: readonly Reading[],
  a: number,
  b: number,
  method: 'LINEAR' | 'STEP',
  maxGapAt: (at: number) => number,
): ExactVolume {
  const sorted = counting(readings);
  let measured = NO_VOLUME;
  let interpolated = NO_VOLUME;
  let coveredMs = 0;
  let spannedMs = 0;
  sorted.slice(1).forEach((next, index) => {
    const reading = sorted[index] as Reading;
    const from = Math.max(reading.at, a);
    const to = Math.min(next.at, b);
    if (to <= from) return;
    const atFrom = method === 'STEP' ? exactly(reading.flowrate) : at(reading, next, from);
    const atTo = method === 'STEP' ? exactly(reading.flowrate) : at(reading, next, to);
    const days = over(whole(to - from), DAY);
    const part = {
      volume: times(over(plus(atFrom, atTo), TWO), days),
      absolute: absoluteIntegral(atFrom, atTo, days),
    };
    spannedMs += to - from;
    if (next.at - reading.at <= maxGapAt(reading.at) * 1000) {
      coveredMs += to - from;
      measured = sum(measured, part);
    } else {
      interpolated = sum(interpolated, part);
    }
  });
  return { ...sum(measured, interpolated), measured, interpolated, coveredMs, spannedMs };
}

/**
 * The flowrates at the ends of [a, b), from within it: of the segment that begins at or before a, and
 * of the one that ends at or after b.
 */
export function exactBounds(
  readings: readonly Reading[],
  a: number,
  b: number,
  method: 'LINEAR' | 'STEP',
): { start: Rational | null; end: Rational | null } {
  const sorted = counting(readings);
  const segments = sorted.slice(1).map((next, index) => ({ reading: sorted[index]!, next }));
  const flowrate = (segment: (typeof segments)[number] | undefined, instant: number) => {
    if (!segment) return null;
    const { reading, next } = segment;
    return method === 'STEP' ? exactly(reading.flowrate) : at(reading, next, instant);
  };
  return {
    start: flowrate(
      segments.find(({ reading, next }) => reading.at <= a && a < next.at),
      a,
    ),
    end: flowrate(
      segments.find(({ reading, next }) => reading.at < b && b <= next.at),
      b,
    ),
  };
}

/** Those that are not bad, in the order of time. */
export function counting(readings: readonly Reading[]): Reading[] {
  return readings.filter(({ quality }) => quality !== 'BAD').sort((p, q) => p.at - q.at);
}

function sum(a: VolumePart, b: VolumePart): VolumePart {
  return { volume: plus(a.volume, b.volume), absolute: plus(a.absolute, b.absolute) };
}

function at(reading: Reading, next: Reading, instant: number): Rational {
  const share = over(whole(instant - reading.at), whole(next.at - reading.at));
  const rise = minus(exactly(next.flowrate), exactly(reading.flowrate));
  return plus(exactly(reading.flowrate), times(rise, share));
}

/** ∫|f| of a straight line: two triangles where it crosses zero. */
function absoluteIntegral(from: Rational, to: Rational, days: Rational): Rational {
  if (sign(from) * sign(to) >= 0) {
    return times(over(magnitude(plus(from, to)), TWO), days);
  }
  const [p, q] = [magnitude(from), magnitude(to)];
  const squares = plus(times(p, p), times(q, q));
  return times(over(squares, times(TWO, plus(p, q))), days);
}
