import { pipeline } from 'node:stream/promises';
import { Argument, Command } from 'commander';
import { backupResult } from './backup-result.js';
import { note, printLine } from './output.js';
import { Progress } from './progress.js';
import { version } from './version.js';

const HELP = `
The backup holds everything: accounts, users, tokens, sensors, pings, corrections, webhooks and
their deliveries, as they were at one moment; servers go on meanwhile. It is compressed, ends
with a checksum, and is read again before the command succeeds. Keep it secret: it holds the
webhooks' secrets.

Examples:
  $ flowgate backup /backups/flowgate.backup
  $ flowgate backup - | ssh vault 'cat > flowgate.backup'`;

export function backupCommand(): Command {
  return new Command('backup')
    .description('write all data to a file; the server may be running')
    .addArgument(new Argument('<FILE>', 'a new file; - is stdout'))
    .addHelpText('after', HELP)
    .action(run);
}

async function run(file: string): Promise<void> {
  const { openStorage } = await import('../composition/command.js');
  const { writeBackup } = await import('../storage/backup/write-backup.js');
  const { writeBackupFile } = await import('../storage/backup/backup-file.js');
  const progress = new Progress(undefined);
  const options = { version: version(), onProgress: (rows: number) => progress.rows(rows) };
  await openStorage({ create: false }, async ({ database }) => {
    progress.start();
    try {
      if (file === '-') {
        await pipeline(writeBackup(database, options), process.stdout, { end: false });
        return;
      }
      const content = await writeBackupFile(database, file, options);
      progress.stop();
      printLine(`${file}: ${backupResult(content)}, ${formatBytes(content.bytes)}`);
    } finally {
      progress.stop();
    }
  });
  if (file === '-') note('The backup is whole.');
}

function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
