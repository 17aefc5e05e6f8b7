import type { VolumeRow } from '../storage/volumes.js';

const MILLISECONDS_A_DAY = 86_400_000;

/** What flowed in [start, end): barrels and bbl/d; coverage is a share, 0…1. */
export interface FlowVolume {
  readonly start: Date;
  readonly end: Date;
  readonly volume: number;
  readonly coverage: number;
  readonly pingCount: number;
  readonly minFlowrate: number | null;
  readonly maxFlowrate: number | null;
  readonly averageFlowrate: number | null;
}

/** The flow volume that a row of sums comes to; without a row, nothing flowed. */
export function flowVolume(start: Date, end: Date, row: VolumeRow | undefined): FlowVolume {
  const length = end.getTime() - start.getTime();
  if (!row) return nothing(start, end);
  return {
    start,
    end,
    volume: row.volume,
    coverage: length > 0 ? row.covered_ms / length : 0,
    pingCount: row.ping_count,
    minFlowrate: row.min_flowrate,
    maxFlowrate: row.max_flowrate,
    averageFlowrate: row.spanned_ms > 0 ? average(row) : null,
  };
}

/**
 * Several sensors over one range: volumes, ping counts and averages add up,
 * minimum and maximum are over all, coverage is the mean.
 */
export function totalVolume(start: Date, end: Date, volumes: readonly FlowVolume[]): FlowVolume {
  const total = volumes.reduce(
    (sum, each) => ({
      ...sum,
      volume: sum.volume + each.volume,
      coverage: sum.coverage + each.coverage / volumes.length,
      pingCount: sum.pingCount + each.pingCount,
      minFlowrate: pick(Math.min, sum.minFlowrate, each.minFlowrate),
      maxFlowrate: pick(Math.max, sum.maxFlowrate, each.maxFlowrate),
      averageFlowrate: pick((a, b) => a + b, sum.averageFlowrate, each.averageFlowrate),
    }),
    nothing(start, end),
  );
  // A mean of ones may come out a rounding above one.
  return { ...total, coverage: Math.min(total.coverage, 1) };
}

function nothing(start: Date, end: Date): FlowVolume {
  return {
    start,
    end,
    volume: 0,
    coverage: 0,
    pingCount: 0,
    minFlowrate: null,
    maxFlowrate: null,
    averageFlowrate: null,
  };
}

/** Time-weighted, and held within the flowrates that it averages, which rounding could leave. */
function average({ volume, spanned_ms, lowest, highest }: VolumeRow): number {
  return Math.min(Math.max(volume / (spanned_ms / MILLISECONDS_A_DAY), lowest), highest);
}

function pick(
  choose: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}
