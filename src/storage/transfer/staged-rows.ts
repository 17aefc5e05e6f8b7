/** What differs between two pings of one instant; the first of these, where it is several. */
export type Differing = 'flowrate' | 'totalizer' | 'quality';

/**
 * A staged ping that differs from the stored one at its instant; `flowrate`, `severity` and
 * `totalizer` are the stored one's.
 */
export interface StagedConflict {
  readonly index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
  readonly severity: number;
  /** null: none */
  readonly totalizer: number | null;
  readonly differing: Differing;
}

/** A staged ping that differs from the first one staged at its instant. */
export interface StagedDifference {
  readonly index: number;
  readonly first_index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly flowrate: number;
  readonly first_flowrate: number;
  /** severities; null: good */
  readonly quality: number | null;
  readonly first_quality: number | null;
  /** null: none */
  readonly totalizer: number | null;
  readonly first_totalizer: number | null;
}

/** Staged pings that repeat an instant of their sensor. */
export interface StagedRepeats {
  readonly count: number;
  /** those that differ from the first one of their instant */
  readonly differing: number;
  /** of the first one staged of an instant, and of the first that repeats it */
  readonly lines: readonly [number, number];
}

/** A staged ping that its sensor's record has no place for: after its retirement, or among thinned pings. */
export interface StagedOutsideRecord {
  readonly index: number;
  readonly sensor_id: number;
  readonly at: number;
  readonly retired_at: number | null;
  readonly thinned_until: number | null;
}
