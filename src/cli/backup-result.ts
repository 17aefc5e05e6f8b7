import type { BackupContent } from '../storage/backup/restore-backup.js';

/** What a backup holds, in a phrase. */
export function backupResult({ header, rows }: BackupContent): string {
  const total = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return `${total} rows of ${rows.size} tables as of ${header.createdAt}, ${rows.get('ping') ?? 0} of them pings`;
}
