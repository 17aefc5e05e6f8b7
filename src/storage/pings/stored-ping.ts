import type { Quality } from './quality.js';

/** Where a ping lies: its natural key. */
export interface PingKey {
  readonly sensorId: number;
  readonly datetime: Date;
}

export interface StoredPing extends PingKey {
  readonly id: string;
  readonly flowrate: number;
  readonly recordedAt: Date;
  readonly quality: Quality;
  /** whether a check made it uncertain, which is not settled yet; known where pings are recorded */
  readonly isFlagged?: boolean;
  /** the meter's own cumulative volume, bbl; known where a reading with one is recorded */
  readonly totalizer?: number;
}

/** Who revises the history of a sensor's pings, and why. */
export interface RevisionCause {
  /** `user:NAME`, `token:NAME` or `operator` */
  readonly by: string;
  readonly reasonCode: string | null;
  readonly comment: string | null;
}

/** A new ping that lies so long before its sensor's newest one that the history mentions it. */
export interface LateInsertion extends StoredPing, RevisionCause {}

/** A change of a stored ping's flowrate (bbl/d), quality or totalizer, and who made it. */
export interface PingCorrection extends StoredPing, RevisionCause {
  readonly previousFlowrate: number;
  readonly previousQuality: Quality;
  /** bbl; known, where the ping had one, if `totalizer` is */
  readonly previousTotalizer?: number | undefined;
}
