/** The events that an endpoint can subscribe to, the most common first. */
export const EVENT_TYPES = [
  { type: 'ping_received', description: 'a new reading' },
  { type: 'ping_corrected', description: 'a reading was corrected' },
  { type: 'pings_deleted', description: 'readings were deleted' },
  { type: 'volume_revised', description: 'a volume of a past day changed' },
  { type: 'imbalance_detected', description: 'a day of a group is out of balance' },
  { type: 'period_closed', description: 'a period was closed' },
  { type: 'statement_issued', description: 'a measurement statement was issued' },
] as const;
