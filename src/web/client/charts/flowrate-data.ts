import type uPlot from 'uplot';

interface Point {
  readonly datetime: string;
  readonly min: number;
  readonly max: number;
  readonly average: number;
}

export interface Outage {
  readonly start: string;
  readonly end: string;
}

/** Columns of seconds, minima, maxima and averages (bbl/d), with a gap in each outage. */
export function flowrateData(
  series: readonly Point[],
  outages: readonly Outage[],
): uPlot.AlignedData {
  const times: number[] = [];
  const values: [(number | null)[], (number | null)[], (number | null)[]] = [[], [], []];
  const add = (time: number, [min, max, average]: readonly (number | null)[]) => {
    times.push(time);
    values[0].push(min ?? null);
    values[1].push(max ?? null);
    values[2].push(average ?? null);
  };
  const gaps = outages.map(({ start, end }) => (seconds(start) + seconds(end)) / 2);
  let next = 0;
  for (const { datetime, min, max, average } of series) {
    const time = seconds(datetime);
    for (; next < gaps.length && gaps[next]! < time; next += 1) add(gaps[next]!, []);
    add(time, [min, max, average]);
  }
  return [times, ...values];
}

function seconds(instant: string): number {
  return Date.parse(instant) / 1000;
}
