const BYTES = 68;

/** What flowed through one sensor in one bucket, as `flowVolumes` answers it: barrels, whole milliseconds, bbl/d. */
export class BucketSums {
  constructor(
    private readonly buffer: Buffer,
    private readonly place: number,
  ) {}

  get pingCount(): number {
    return this.figure(0);
  }

  get volume(): number {
    return this.figure(1);
  }

  get coveredMs(): number {
    return this.figure(2);
  }

  /** time that segments cover, outages too */
  get spannedMs(): number {
    return this.figure(3);
  }

  get minFlowrate(): number | null {
    return this.pingCount > 0 ? this.figure(4) : null;
  }

  get maxFlowrate(): number | null {
    return this.pingCount > 0 ? this.figure(5) : null;
  }

  /** bound of flowrate over the segments that meet the bucket, edges included */
  get lowest(): number {
    return this.figure(6);
  }

  get highest(): number {
    return this.figure(7);
  }

  private figure(index: number): number {
    return this.buffer.readDoubleBE(this.place + 4 + 8 * index);
  }
}

/** By bucket, from 1. @param base64 null where there are none */
export function unpackSums(base64: string | null): Map<number, BucketSums> {
  const buffer = Buffer.from(base64 ?? '', 'base64');
  const sums = new Map<number, BucketSums>();
  for (let place = 0; place < buffer.length; place += BYTES) {
    sums.set(buffer.readInt32BE(place), new BucketSums(buffer, place));
  }
  return sums;
}
