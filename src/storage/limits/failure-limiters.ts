import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../postgres/database.js';

export interface FailureLimits {
  /** distinguishes what is counted */
  readonly name: string;
  /** failures that are permitted within `seconds` of the first one */
  readonly points: number;
  readonly seconds: number;
}

/** Counts failures for all instances; for this one alone while the database is unavailable. */
export function sharedFailureLimiter(
  { credentials }: Database,
  { name, points, seconds }: FailureLimits,
): RateLimiterPostgres {
  const limits = { keyPrefix: name, points, duration: seconds };
  return new RateLimiterPostgres({
    ...limits,
    storeClient: credentials.pool,
    storeType: 'pool',
    tableName: 'login_failure',
    tableCreated: true,
    insuranceLimiter: new RateLimiterMemory(limits),
  });
}
