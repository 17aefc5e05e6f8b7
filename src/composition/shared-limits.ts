import type { SharedFailures } from '../domain/auth/failure-limiter.js';
import type { SharedQuota } from '../domain/auth/quota-lease.js';
import type { LiveFeed } from '../realtime/live-feed.js';
import { sharedFailureLimiter } from '../storage/limits/failure-limiters.js';
import { QuotaStore } from '../storage/limits/quota-store.js';
import type { Database } from '../storage/postgres/database.js';

/** What the instances on one database count together, while more than one runs. */
export function sharedLimits(
  database: Database,
  feed: Pick<LiveFeed, 'isAlone'>,
  onError: (error: unknown) => void,
): { readonly failures: SharedFailures; readonly quota: SharedQuota } {
  const quotas = new QuotaStore(database);
  const isAlone = () => feed.isAlone;
  return {
    failures: { isAlone, limiter: (limits) => sharedFailureLimiter(database, limits) },
    quota: { isAlone, book: (key, amounts) => quotas.book(key, amounts), onError },
  };
}
