import { qualityOf } from './quality.js';
import type { StoredPing } from './stored-ping.js';

/** A ping as it is stored; instants in milliseconds since 1970, flowrate bbl/d. */
export interface PingRow {
  readonly id: string;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
  readonly recorded_at: number;
  /** severity; null: good */
  readonly quality: number | null;
  readonly is_flagged?: boolean | null;
}

/** The columns of a PingRow, of ping `p`. */
export const PING_ROW = `p.id, p.sensor_id, round(date_part('epoch', p.datetime) * 1000) AS at, p.flowrate,
      round(date_part('epoch', p.recorded_at) * 1000) AS recorded_at, p.quality`;

export function pingOf({
  id,
  sensor_id,
  at,
  flowrate,
  recorded_at,
  quality,
  ...row
}: PingRow): StoredPing {
  return {
    id,
    sensorId: sensor_id,
    datetime: new Date(at),
    flowrate,
    recordedAt: new Date(recorded_at),
    quality: qualityOf(quality),
    ...(row.is_flagged && { isFlagged: true }),
  };
}
