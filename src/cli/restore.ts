import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Argument, Command } from 'commander';
import { backupResult } from './backup-result.js';
import { CommandError } from './error-messages.js';
import { note, printLine } from './output.js';
import { Progress } from './progress.js';

const HELP = `
The database must be empty, and no server may be running on an embedded one. The rows are
counted, all summaries are compared with the pings, and the volumes of all sensors with those
at the time of the backup; only then does the command succeed. A backup of an earlier version
is migrated to this one.

Webhook events that were pending at the time of the backup are sent again, with the same
webhook-id.

Examples:
  $ FLOWGATE_DATA_DIR=/var/lib/flowgate flowgate restore /backups/flowgate.backup
  $ flowgate restore --check /backups/flowgate.backup`;

export function restoreCommand(): Command {
  return new Command('restore')
    .description('fill an empty database from a backup, and compare it with the backup')
    .addArgument(new Argument('<FILE>', 'of `flowgate backup`; - is stdin'))
    .option('--check', 'only read the file to its end and check that it is whole', false)
    .addHelpText('after', HELP)
    .action(run);
}

async function run(file: string, { check }: { check: boolean }): Promise<void> {
  const { checkBackup, restoreBackup } = await import('../storage/backup/restore-backup.js');
  const { openStorage } = await import('../composition/command.js');
  const source = await openFile(file);
  if (check) {
    printLine(`The backup is whole: ${backupResult(await checkBackup(source))}.`);
    return;
  }
  const progress = new Progress(undefined);
  await openStorage({ create: true }, async ({ database, embedded }) => {
    await embedded?.ensureOnlyServer();
    progress.start();
    try {
      const content = await restoreBackup(database, source, {
        onWait: note,
        onProgress: (rows) => progress.rows(rows),
        onVerify: () => {
          progress.stop();
          note('All rows are restored; now the summaries and volumes are compared.');
        },
      });
      printLine(`Restored ${backupResult(content)}. Counts, summaries and volumes are right.`);
    } finally {
      progress.stop();
    }
  });
}

async function openFile(file: string): Promise<Readable> {
  if (file === '-') return process.stdin;
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new CommandError(`${file} cannot be read: there is no such file.`);
  return createReadStream(file);
}
