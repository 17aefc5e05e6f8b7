/** Instants are ISO 8601, averages bbl/d. */
export interface Spark {
  readonly start: string;
  readonly end: string;
  readonly series: readonly { readonly datetime: string; readonly average: number }[];
  readonly outages: readonly { readonly start: string; readonly end: string }[];
}

export interface SparkDrawing {
  readonly line: string;
  /** the height of no flow, where the line crosses it */
  readonly zero: number | undefined;
  readonly outages: readonly { readonly x: number; readonly width: number }[];
}

const PADDING = 3;

export function sparkline(
  { start, end, series, outages }: Spark,
  { width, height }: { width: number; height: number },
): SparkDrawing {
  const from = Date.parse(start);
  const scale = width / Math.max(Date.parse(end) - from, 1);
  const x = (instant: string) =>
    round(Math.min(Math.max((Date.parse(instant) - from) * scale, 0), width));

  const values = series.map(({ average }) => average);
  const [low, high] = bounds(values);
  const y = (value: number) =>
    round(height - PADDING - ((value - low) / (high - low)) * (height - 2 * PADDING));

  const gaps = outages.map((outage) => ({ ...outage, x: x(outage.start) }));
  let line = '';
  let nextGap = 0;
  for (const { datetime, average } of series) {
    let broken = line === '';
    while (nextGap < gaps.length && gaps[nextGap]!.end <= datetime) {
      nextGap += 1;
      broken = true;
    }
    line += broken ? `M${x(datetime)} ${y(average)}h.01` : `L${x(datetime)} ${y(average)}`;
  }
  return {
    line,
    zero: low < 0 && high > 0 ? y(0) : undefined,
    outages: gaps.map((gap) => ({ x: gap.x, width: Math.max(x(gap.end) - gap.x, 1) })),
  };
}

/** A steady flow is a line in the middle, not noise over the whole height. */
function bounds(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const least = Math.max(Math.abs(low), Math.abs(high)) * 0.1 || 1;
  const missing = Math.max(least - (high - low), 0) / 2;
  return [low - missing, high + missing];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
