import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '../postgres/database.js';
import { PARTIAL, writeBackupFile } from './backup-file.js';

const NAME = /^flowgate-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup$/;

/** A folder of backups that are named after the time at which they were begun. */
export class BackupFolder {
  constructor(private readonly directory: string) {}

  /** When the newest one was begun. */
  async newest(): Promise<Date | undefined> {
    const name = (await this.list()).at(-1);
    const [, ...digits] = NAME.exec(name ?? '') ?? [];
    if (digits.length === 0) return undefined;
    const [year, month, day, hour, minute, second] = digits;
    return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  }

  /** Writes one more. @returns its path and size */
  async add(
    database: Database,
    { version, now }: { version: string; now: Date },
  ): Promise<{ file: string; bytes: number }> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await this.removePartial();
    const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
    const file = path.join(this.directory, `flowgate-${time}.backup`);
    const { bytes } = await writeBackupFile(database, file, { version });
    return { file, bytes };
  }

  /** Removes all but the newest. @returns the names of those that were removed */
  async keep(count: number): Promise<string[]> {
    const names = (await this.list()).slice(0, -count);
    for (const name of names) await rm(path.join(this.directory, name));
    return names;
  }

  /** By age, the oldest first. */
  private async list(): Promise<string[]> {
    const names = await readdir(this.directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => NAME.test(name)).sort();
  }

  /** What a process that was killed has left. */
  private async removePartial(): Promise<void> {
    for (const name of await readdir(this.directory)) {
      if (name.endsWith(PARTIAL) && NAME.test(name.slice(0, -PARTIAL.length))) {
        await rm(path.join(this.directory, name), { force: true });
      }
    }
  }
}
