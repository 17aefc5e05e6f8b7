import type { Clock } from '../domain/shared/clock.js';
import type { Log } from '../http/log.js';
import { BackupFolder } from '../storage/backup/backup-folder.js';
import { DatabaseUnavailableError } from '../storage/postgres/pg-errors.js';
import type { Database } from '../storage/postgres/database.js';
import { oneLine } from '../storage/postgres/startup-error.js';
import { tryExclusively } from '../storage/postgres/try-exclusively.js';

const POLL_INTERVAL_MS = 60_000;

export interface ScheduledBackupsDeps {
  readonly database: Database;
  readonly log: Log;
  readonly clock: Clock;
  readonly version: string;
  readonly directory: string;
  readonly everyMs: number;
  /** how many backups are kept */
  readonly keep: number;
  /** how often it is checked whether one is due */
  readonly pollIntervalMs?: number;
}

/**
 * Backs up the database whenever the newest backup in the folder is old enough; a backup that fails
 * is tried again at the next check. Of several instances one at a time writes.
 */
export class ScheduledBackups {
  private readonly folder: BackupFolder;
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;

  constructor(private readonly deps: ScheduledBackupsDeps) {
    this.folder = new BackupFolder(deps.directory);
  }

  start(): void {
    const { pollIntervalMs = POLL_INTERVAL_MS } = this.deps;
    this.timer = setInterval(() => void this.check(), pollIntervalMs).unref();
    void this.check();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async check(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    const { database, log } = this.deps;
    try {
      if (!(await this.isDue())) return;
      await tryExclusively(database.sessions, 'flowgate.backup', () => this.run());
    } catch (error) {
      // Where the database is unavailable, that is logged elsewhere.
      if (!(error instanceof DatabaseUnavailableError)) {
        log.error(`A backup failed and is tried again: ${oneLine(error)}`);
      }
    } finally {
      this.isRunning = false;
    }
  }

  private async isDue(): Promise<boolean> {
    const newest = await this.folder.newest();
    return !newest || newest.getTime() + this.deps.everyMs <= this.deps.clock().getTime();
  }

  private async run(): Promise<void> {
    const { database, log, clock, version, keep } = this.deps;
    // Another instance may have written one into the same folder meanwhile.
    if (!(await this.isDue())) return;
    const written = await this.folder.add(database, { version, now: clock() });
    const removed = await this.folder.keep(keep);
    log.info({ ...written, removed }, 'a backup was written');
  }
}
