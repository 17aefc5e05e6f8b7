/** What a token can be let do, the least first. */
export const SCOPES = [
  { scope: 'READ', name: 'Read', says: 'sensors, pings, volumes; subscriptions' },
  { scope: 'INGEST', name: 'Ingest', says: 'record new pings' },
  { scope: 'ADMIN', name: 'Admin', says: 'all, corrections, sensors, webhooks and tokens too' },
] as const;
