import {
  decimal,
  isGreater,
  magnitude,
  minus,
  plus,
  ratio,
  toDecimal,
  ZERO,
  type Rational,
} from '../shared/rational.js';
import type { SensorContent, StatementFigures } from './document.js';
import { Recomputed, type RecomputedFigures } from './recomputed.js';

/** What is wrong, and where in the file, such as `sensors[0].content.hours[3].volume`. */
export interface Problem {
  readonly place: string;
  readonly message: string;
}

/** What a sensor's readings come to in the period, without any rounding. */
export interface SensorVolume {
  readonly volume: Rational;
  /** how far a figure that was computed in double precision and rounded may be from it */
  readonly tolerance: Rational;
}

const HALF_A_MILLIONTH = ratio(1n, 2_000_000n);
const DECIMALS = 6;
const MAX_PROBLEMS = 20;

/**
 * Checks the figures of a sensor against its readings.
 * @param place of the content in the file
 */
export function verifyFigures(
  content: SensorContent,
  place: string,
): { problems: Problem[]; total: SensorVolume } {
  const recomputed = new Recomputed(content);
  const misplaced = recomputed.misplaced();
  const problems: Problem[] = [];
  if (misplaced) {
    problems.push({
      place: `${place}.${misplaced}`,
      message: 'the reading is not in the order of time, or not on its side of the period',
    });
  }
  const tables = { period: [content.period], days: content.days, hours: content.hours };
  let total: SensorVolume = { volume: ZERO, tolerance: ZERO };
  for (const [name, rows] of Object.entries(tables)) {
    const at = (index: number) => `${place}.${name === 'period' ? name : `${name}[${index}]`}`;
    problems.push(...gaps(rows, content.period, at));
    recomputed.figures(rows).forEach((exact, index) => {
      problems.push(...compare(rows[index]!, exact, at(index)));
      if (name === 'period') {
        total = {
          volume: plus(exact.measured, exact.interpolated),
          tolerance: toleranceOf(exact.gross),
        };
      }
    });
  }
  return { problems: problems.slice(0, MAX_PROBLEMS), total };
}

/** Whether a volume as it is stated agrees with an exact one. */
export function agrees(stated: number, exact: Rational, tolerance: Rational): boolean {
  return !isGreater(magnitude(minus(decimal(stated), exact)), tolerance);
}

/** Figures are computed in double precision, to 1e-9 of the gross flow, and rounded. */
function toleranceOf(gross: Rational): Rational {
  return plus(
    HALF_A_MILLIONTH,
    plus(ratio(1n, 10n ** 9n), ratio(gross.numerator, gross.denominator * 10n ** 9n)),
  );
}

/** Rows must follow each other from the start of the period to its end. */
function gaps(
  rows: readonly StatementFigures[],
  { start, end }: StatementFigures,
  at: (index: number) => string,
): Problem[] {
  const edges = [start, ...rows.map((row) => row.end)];
  const problems = rows.flatMap((row, index): Problem[] =>
    row.start === edges[index]
      ? []
      : [{ place: `${at(index)}.start`, message: `it is ${row.start}, not ${edges[index]}` }],
  );
  if (edges.at(-1) !== end) {
    problems.push({
      place: `${at(rows.length - 1)}.end`,
      message: `the rows end at ${edges.at(-1)}, the period at ${end}`,
    });
  }
  return problems;
}

function compare(stated: StatementFigures, exact: RecomputedFigures, place: string): Problem[] {
  const tolerance = toleranceOf(exact.gross);
  const volumes = {
    volume: plus(exact.measured, exact.interpolated),
    volumeMeasured: exact.measured,
    volumeInterpolated: exact.interpolated,
  };
  const lengthMs = Date.parse(stated.end) - Date.parse(stated.start);
  const counts = {
    durationGood: exact.goodMs / 1000,
    durationInterpolated: exact.interpolatedMs / 1000,
    durationMissing: (lengthMs - exact.goodMs - exact.interpolatedMs) / 1000,
    readings: exact.readings,
  };
  return [
    ...Object.entries(volumes).flatMap(([name, volume]) =>
      agrees(stated[name as keyof typeof volumes], volume, tolerance)
        ? []
        : [
            problem(
              `${place}.${name}`,
              stated[name as keyof typeof volumes],
              toDecimal(volume, DECIMALS),
            ),
          ],
    ),
    ...Object.entries(counts).flatMap(([name, value]) =>
      stated[name as keyof typeof counts] === value
        ? []
        : [problem(`${place}.${name}`, stated[name as keyof typeof counts], String(value))],
    ),
  ];
}

function problem(place: string, stated: number, exact: string): Problem {
  return { place, message: `it is ${stated}, and the readings come to ${exact}` };
}
