import type { Config } from '../config.js';
import { SystemStatusReader } from '../domain/system/system-status.js';
import { Metrics } from '../metrics/metrics.js';
import { BackupFolder } from '../storage/backup/backup-folder.js';
import type { Storage } from '../storage/open-database.js';
import { SystemStore } from '../storage/system/system-store.js';
import type { Domain } from './domain.js';
import { routeTemplate } from './route-template.js';

export interface MetricsParts {
  readonly services: Pick<Domain, 'clock'>;
  readonly storage: Pick<Storage, 'database' | 'embedded'>;
  readonly version?: string | undefined;
}

/** @returns undefined where METRICS_PORT is not set: nothing is measured then */
export function createMetrics(
  { metricsPort, backupDir }: Pick<Config, 'metricsPort' | 'backupDir'>,
  { services: { clock }, storage, version = '' }: MetricsParts,
): Metrics | undefined {
  if (metricsPort === undefined) return undefined;
  const store = new SystemStore(storage.database, storage.embedded?.directory);
  const status = new SystemStatusReader(store, clock);
  const backups = backupDir === undefined ? undefined : new BackupFolder(backupDir);
  return new Metrics({
    version,
    clock,
    status: () => status.read(),
    pools: () => store.pools(),
    replicas: () => store.replicas(),
    lastBackup: () => backups?.newest() ?? Promise.resolve(undefined),
    routeOf: routeTemplate,
  });
}
