export interface GroupSettings {
  readonly name: string;
  /** the name of a calendar of the account; null: none */
  readonly calendar: string | null;
  /** of a day's inflow: above it an imbalance is an alert; null: no alert by it */
  readonly maxImbalancePercent: number | null;
  /** the same in barrels a day */
  readonly maxImbalanceVolume: number | null;
}

export interface SensorGroupRow extends GroupSettings {
  readonly id: number;
}

export type FlowDirection = 'IN' | 'OUT';

export interface GroupMember {
  readonly sensorId: number;
  /** which way its flow counts in the group's balance; null: it does not */
  readonly direction: FlowDirection | null;
}
