import type { Config } from '../config.js';
import { DemoFeed } from '../demo/demo-feed.js';
import { systemClock } from '../domain/shared/clock.js';
import { HOUR_MS } from '../domain/shared/durations.js';
import type { Log } from '../http/log.js';
import type { Storage } from '../storage/open-database.js';
import type { Domain } from './domain.js';
import type { FailureLog } from './failure-log.js';
import type { Mirrors } from './mirrors.js';
import { ScheduledBackups } from './scheduled-backups.js';
import { ScheduledThinning } from './scheduled-thinning.js';

export interface LeadingTasksDeps {
  readonly config: Pick<Config, 'backupDir' | 'backupEveryHours' | 'backupKeep' | 'demo'>;
  readonly storage: Storage;
  readonly services: Domain;
  readonly mirrors: Mirrors;
  readonly failures: Pick<FailureLog, 'report'>;
  readonly log: Log;
  readonly version: string;
}

/** What one process of an instance does in the background: backups, thinning, the mirrors and the demo's sensors. */
export class LeadingTasks {
  private readonly closes: (() => Promise<void> | void)[] = [];

  constructor(private readonly deps: LeadingTasksDeps) {}

  start(): void {
    const { config, storage, services, mirrors, failures, log, version } = this.deps;
    if (config.backupDir !== undefined) {
      const backups = new ScheduledBackups({
        ...{ database: storage.database, log, clock: systemClock, version },
        directory: config.backupDir,
        everyMs: config.backupEveryHours * HOUR_MS,
        keep: config.backupKeep,
      });
      backups.start();
      this.closes.push(() => backups.close());
    }
    const thinning = new ScheduledThinning({
      ...{ database: storage.database, retention: services.retention },
      onError: (error) => failures.report(error),
    });
    thinning.start();
    this.closes.push(() => thinning.close());
    mirrors.start();
    if (storage.embedded && config.demo) {
      const demoFeed = new DemoFeed(services, (error) => failures.report(error));
      demoFeed.start();
      this.closes.push(() => demoFeed.close());
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.deps.mirrors.close(), ...this.closes.map((close) => close())]);
  }
}
