/** A ping as it is stored; `at` in milliseconds since 1970, flowrate bbl/d. */
export interface PingRow {
  readonly id: string;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
}
