import type { BacklogStore } from '../../storage/webhooks/backlog-store.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { SystemStatusReader } from './system-status.js';

const MAX_COUNTED = 100_000;

/**
 * The state of the installation as an administrator of one account may see it: what is of the
 * whole server reveals nothing of other accounts, and the queue is the account's own.
 */
export interface SystemReport {
  /** of Flowgate */
  readonly version: string;
  readonly databaseVersion: string;
  readonly clockSkewSeconds: number;
  readonly appliedMigrations: number;
  readonly pendingMigrations: number;
  readonly diskFreeBytes: number | null;
  readonly diskTotalBytes: number | null;
  readonly waitingDeliveries: number;
  /** how many replicas are configured, and how many of them answer reads of this instance */
  readonly replicas: number;
  readonly usedReplicas: number;
}

/** Reports the state of the installation to administrators of accounts. */
export class SystemOverview {
  constructor(
    private readonly reader: SystemStatusReader,
    private readonly backlog: BacklogStore,
    private readonly version: string,
  ) {}

  async report(principal: Principal): Promise<SystemReport> {
    requireScope(principal, 'ADMIN');
    const [{ database, migrations, disk }, endpoints] = await Promise.all([
      this.reader.read(),
      this.backlog.waitingOf(principal.accountId, MAX_COUNTED),
    ]);
    const replicas = this.reader.store.replicas();
    return {
      version: this.version,
      databaseVersion: database.version,
      clockSkewSeconds: database.clockSkewSeconds,
      appliedMigrations: migrations.applied,
      pendingMigrations: migrations.pending,
      diskFreeBytes: disk?.freeBytes ?? null,
      diskTotalBytes: disk?.totalBytes ?? null,
      waitingDeliveries: endpoints.reduce(
        (sum, { is_receiving, waiting }) => sum + (is_receiving ? waiting : 0),
        0,
      ),
      replicas: replicas.length,
      usedReplicas: replicas.filter(({ isUsed }) => isUsed).length,
    };
  }
}
