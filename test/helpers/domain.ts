import { createDomain, type Domain, type DomainOptions } from '../../src/composition/domain.js';
import type { Database } from '../../src/storage/postgres/database.js';

export type TestDomainOptions = Partial<DomainOptions>;

/**
 * The domain as servers and commands build it; without a limit of requests, and with webhooks to
 * this machine.
 */
export function createTestDomain(database: Database, options: TestDomainOptions = {}): Domain {
  return createDomain(database, {
    rateLimit: 0,
    costLimit: 0,
    webhookAllowPrivateNetwork: true,
    webhookAllowHttp: true,
    webhookLogDays: 30,
    webhookMaxWaiting: 5_000_000,
    onError: () => undefined,
    ...options,
  });
}
