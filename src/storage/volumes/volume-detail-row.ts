import { qualityOf, type Quality } from '../pings/quality.js';
import { DETAIL_RECORD, NONE } from './sql/volume-details.js';
import type { VolumeMethod } from './sql/volume-method.js';
import type { TimeRange } from '../postgres/time-range.js';

const { bytes: BYTES, offsets: AT } = DETAIL_RECORD;

export interface SensorRange extends TimeRange {
  readonly sensorId: number;
}

/** Flowrates (bbl/d) by each method, null where no segment runs. */
export interface VolumeDetailRow {
  readonly startBound: Readonly<Record<VolumeMethod, number | null>>;
  readonly endBound: Readonly<Record<VolumeMethod, number | null>>;
  /** how many revisions there are of the pings that the volume depends on */
  readonly revisions: number;
  /** the worst of the pings that the volume depends on, and of bad ones among them; null: none */
  readonly quality: Quality | null;
  /** barrels in segments that substitutes bound */
  readonly substituted: Readonly<Record<VolumeMethod, number>>;
}

/**
 * Reads DETAIL_RECORDs.
 * @param packed in base64
 * @returns those of each range, undefined where its sensor is not the account's
 */
export function unpackDetails(packed: string, ranges: number): (VolumeDetailRow | undefined)[] {
  const buffer = Buffer.from(packed, 'base64');
  const rows = new Array<VolumeDetailRow | undefined>(ranges).fill(undefined);
  for (let place = 0; place < buffer.length; place += BYTES) {
    const figure = (field: keyof typeof AT) => {
      const value = buffer.readDoubleBE(place + AT[field]);
      return Number.isNaN(value) ? null : value;
    };
    const severity = buffer.readInt32BE(place + AT.severity);
    rows[buffer.readInt32BE(place + AT.range) - 1] = {
      startBound: { LINEAR: figure('start_linear'), STEP: figure('start_step') },
      endBound: { LINEAR: figure('end_linear'), STEP: figure('end_step') },
      revisions: figure('revisions') ?? 0,
      quality: severity === NONE ? null : qualityOf(severity),
      substituted: {
        LINEAR: figure('substituted_linear') ?? 0,
        STEP: figure('substituted_step') ?? 0,
      },
    };
  }
  return rows;
}
