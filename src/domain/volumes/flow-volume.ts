import type { BucketSums } from '../../storage/volumes/volume-store.js';

const MILLISECONDS_A_DAY = 86_400_000;

const NOTHING: Omit<FlowVolume, 'start' | 'end'> = {
  volume: 0,
  coverage: 0,
  pingCount: 0,
  minFlowrate: null,
  maxFlowrate: null,
  averageFlowrate: null,
};

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

/**
 * What a bucket's sums come to; without any, nothing flowed. Each figure is computed when it is asked for: of thousands
 * of days mostly the volume alone is.
 */
export class BucketVolume implements FlowVolume {
  constructor(
    readonly start: Date,
    readonly end: Date,
    private readonly sums: BucketSums | undefined,
  ) {}

  get volume(): number {
    return this.sums?.volume ?? 0;
  }

  get coverage(): number {
    const length = this.end.getTime() - this.start.getTime();
    return this.sums && length > 0 ? this.sums.coveredMs / length : 0;
  }

  get pingCount(): number {
    return this.sums?.pingCount ?? 0;
  }

  get minFlowrate(): number | null {
    return this.sums?.minFlowrate ?? null;
  }

  get maxFlowrate(): number | null {
    return this.sums?.maxFlowrate ?? null;
  }

  get averageFlowrate(): number | null {
    return this.sums && this.sums.spannedMs > 0 ? average(this.sums) : null;
  }
}

/**
 * Several sensors over one range: volumes, ping counts and averages add up,
 * minimum and maximum are over all, coverage is the mean.
 */
export function totalVolume(start: Date, end: Date, volumes: readonly FlowVolume[]): FlowVolume {
  const total = volumes.reduce(
    (sum, each) => ({
      volume: sum.volume + each.volume,
      coverage: sum.coverage + each.coverage / volumes.length,
      pingCount: sum.pingCount + each.pingCount,
      minFlowrate: pick(Math.min, sum.minFlowrate, each.minFlowrate),
      maxFlowrate: pick(Math.max, sum.maxFlowrate, each.maxFlowrate),
      averageFlowrate: pick((a, b) => a + b, sum.averageFlowrate, each.averageFlowrate),
    }),
    NOTHING,
  );
  // A mean of ones may come out a rounding above one.
  return { ...total, start, end, coverage: Math.min(total.coverage, 1) };
}

/** Time-weighted, and held within the flowrates that it averages, which rounding could leave. */
function average({ volume, spannedMs, lowest, highest }: BucketSums): number {
  return Math.min(Math.max(volume / (spannedMs / MILLISECONDS_A_DAY), lowest), highest);
}

function pick(
  choose: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}
