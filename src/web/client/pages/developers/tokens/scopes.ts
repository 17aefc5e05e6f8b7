/** What a token can be allowed to do, the least first. */
export const SCOPES = [
  { scope: 'READ', name: 'Read', description: 'sensors, readings, volumes, subscriptions' },
  { scope: 'INGEST', name: 'Ingest', description: 'record new readings' },
  {
    scope: 'ADMIN',
    name: 'Admin',
    description: 'everything: also corrections, sensors, webhooks and tokens',
  },
] as const;
