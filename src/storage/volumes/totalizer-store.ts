import { int4Array, timestamptzArray } from '../postgres/binary-array.js';
import type { Database } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import { readSensors } from '../postgres/sensor-reads.js';
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

/** Reads what meters count by themselves, and the volumes to compare it with; with `asOf` as they were stored then. */
export class TotalizerStore {
  constructor(private readonly database: Database) {}

  /**
   * Of each range, both ends inclusive, in their order; undefined where no reading in it has a totalizer,
   * where its pings are thinned, or where the account has no such sensor.
   */
  async ranges(
    reader: Reader,
    ranges: readonly SensorRange[],
    asOf?: Date,
  ): Promise<(TotalizerRange | undefined)[]> {
    const sensorIds = ranges.map(({ sensorId }) => sensorId);
    const { reads } = this.database;
    const statement = asOf ? totalizerRangesAsOf : totalizerRanges;
    const rows = await readSensors<TotalizerRow>(reads, reader, statement, sensorIds, [
      reader.accountId,
      int4Array(sensorIds),
      timestamptzArray(ranges.map(({ start }) => start)),
      timestamptzArray(ranges.map(({ end }) => end)),
      ...parameters(asOf),
    ]);
    const found = new Array<TotalizerRange | undefined>(ranges.length).fill(undefined);
    for (const { range, start_at, end_at, volume, resets } of rows) {
      found[range - 1] = { start: new Date(start_at), end: new Date(end_at), volume, resets };
    }
    return found;
  }

  /** The integral of the flowrate over each range, without meter factors, barrels. */
  async rateVolumes(
    reader: Reader,
    ranges: readonly SensorRange[],
    method: VolumeMethod,
    asOf?: Date,
  ): Promise<number[]> {
    const cuts = ranges.map((range) => rangeCuts(range));
    const sensorIds = ranges.map(({ sensorId }) => sensorId);
    const rows = await readSensors<{ range: number; volume: number }>(
      this.database.reads,
      reader,
      (asOf ? ownRangeVolumesAsOf : ownRangeVolumes)[method],
      sensorIds,
      [
        reader.accountId,
        int4Array(sensorIds),
        ...Array.from({ length: 8 }, (_, index) =>
          timestamptzArray(cuts.map((each) => each[index]!)),
        ),
        ...parameters(asOf),
      ],
    );
    const volumes = new Array<number>(ranges.length).fill(0);
    for (const { range, volume } of rows) volumes[range - 1] = volume;
    return volumes;
  }
}
