/** What an endpoint can be told of, in the order that one reads. */
export const EVENT_TYPES = [
  { type: 'ping_received', says: 'a new reading' },
  { type: 'ping_corrected', says: 'a reading was given another flowrate' },
  { type: 'pings_deleted', says: 'readings were deleted' },
] as const;
