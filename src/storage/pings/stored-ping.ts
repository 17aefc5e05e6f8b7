/** Where a ping lies: its natural key. */
export interface PingKey {
  readonly sensorId: number;
  readonly datetime: Date;
}

export interface StoredPing extends PingKey {
  readonly id: string;
  readonly flowrate: number;
}

/** A change of a stored ping's flowrate (bbl/d), and who made it. */
export interface PingCorrection extends StoredPing {
  readonly previousFlowrate: number;
  readonly by: string;
  readonly reason: string | null;
}
