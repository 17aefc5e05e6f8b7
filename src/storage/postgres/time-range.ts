/**
 * The instants from `start` to `end`: half-open [start, end) for volumes, both inclusive for pings.
 */
export interface TimeRange {
  readonly start: Date;
  readonly end: Date;
}
