import { int4Array, timestamptzArray } from '../postgres/binary-array.js';
import type { Database } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import { readRanges } from '../postgres/sensor-reads.js';
import { rangeCuts } from './range-cuts.js';
import { parameters } from './volume-statements.js';
import {
  ownRangeVolumes,
  ownRangeVolumesAsOf,
  totalizerRanges,
  totalizerRangesAsOf,
} from './sql/totalizer-ranges.js';
import type { VolumeMethod } from './sql/volume-method.js';
import type { SensorRange } from './volume-detail-row.js';

/** What the totalizer of a sensor comes to over a range, without its meter factor. */
export interface TotalizerRange {
  /** the instants of the first and the last reading that has one */
  readonly start: Date;
  readonly end: Date;
  /** barrels between them, without the decreases that are no rollovers */
  readonly volume: number;
  /** how many of those there are */
  readonly resets: number;
}

interface TotalizerRow {
  readonly range: number;
  readonly start_at: number;
  readonly end_at: number;
  readonly volume: number;
  readonly resets: number;
  readonly [column: string]: unknown;
}

interface VolumeRow {
  readonly range: number;
  readonly volume: number;
}

/** Reads what meters count by themselves, and the volumes to compare it with; with `asOf` as they were stored then. */
export class TotalizerStore {
  constructor(private readonly database: Database) {}

  /**
   * Of each range, both ends inclusive, in their order; undefined where no reading in it has a totalizer,
   * where its pings are thinned, or where the account has no such sensor.
   */
  ranges(
    reader: Reader,
    ranges: readonly SensorRange[],
    asOf?: Date,
  ): Promise<(TotalizerRange | undefined)[]> {
    return readRanges<SensorRange, TotalizerRange | undefined>(
      this.database.reads,
      reader,
      asOf ? totalizerRangesAsOf : totalizerRanges,
      ranges,
      (some) => [
        reader.accountId,
        int4Array(some.map(({ sensorId }) => sensorId)),
        timestamptzArray(some.map(({ start }) => start)),
        timestamptzArray(some.map(({ end }) => end)),
        ...parameters(asOf),
      ],
      (rows, count) => {
        const found = new Array<TotalizerRange | undefined>(count).fill(undefined);
        for (const { range, start_at, end_at, volume, resets } of rows as TotalizerRow[]) {
          found[range - 1] = { start: new Date(start_at), end: new Date(end_at), volume, resets };
        }
        return found;
      },
    );
  }

  /** The integral of the flowrate over each range, without meter factors, barrels. */
  rateVolumes(
    reader: Reader,
    ranges: readonly SensorRange[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<number[]> {
    return readRanges(
      this.database.reads,
      reader,
      (asOf ? ownRangeVolumesAsOf : ownRangeVolumes)[method],
      ranges,
      (some) => {
        const cuts = some.map((range) => rangeCuts(range));
        return [
          reader.accountId,
          int4Array(some.map(({ sensorId }) => sensorId)),
          ...Array.from({ length: 8 }, (_, index) =>
            timestamptzArray(cuts.map((each) => each[index]!)),
          ),
          ...parameters(asOf),
        ];
      },
      (rows, count) => {
        const volumes = new Array<number>(count).fill(0);
        for (const { range, volume } of rows as VolumeRow[]) volumes[range - 1] = volume;
        return volumes;
      },
    );
  }
}
