import { createReadStream } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../postgres/database.js';
import { BackupError } from './format.js';
import { checkBackup, type BackupContent } from './restore-backup.js';
import { writeBackup, type BackupOptions } from './write-backup.js';

/** Ends the name of a backup that is being written. */
export const PARTIAL = '.partial';

/**
 * Writes a backup, reads it again to check it, and only then gives it its name.
 * @throws BackupError where there is such a file already
 */
export async function writeBackupFile(
  database: Database,
  file: string,
  options: BackupOptions,
): Promise<BackupContent & { readonly bytes: number }> {
  if (await exists(file)) throw new BackupError(`${file} exists already.`);
  const partial = `${file}${PARTIAL}`;
  try {
    const bytes = await writeDurably(database, partial, options);
    const content = await checkBackup(createReadStream(partial));
    await rename(partial, file);
    return { ...content, bytes };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeDurably(
  database: Database,
  file: string,
  options: BackupOptions,
): Promise<number> {
  // It holds the secrets of webhooks and the hashes of passwords.
  const handle = await open(file, 'w', 0o600);
  try {
    let bytes = 0;
    const writing = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        handle.appendFile(chunk).then(() => done(), done);
      },
    });
    await pipeline(writeBackup(database, options), writing);
    await handle.sync();
    return bytes;
  } finally {
    await handle.close();
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
