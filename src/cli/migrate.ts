import { Command } from 'commander';
import { CommandError } from './error-messages.js';
import { note, printLine, printTable } from './output.js';

export function migrateCommand(): Command {
  const command = new Command('migrate')
    .description('bring the database to this version and say what was applied')
    .option('--dry-run', 'list what would be applied, and change nothing', false)
    .action(migrate);
  command
    .command('status')
    .description('list the migrations; the exit status is 1 unless the database is up to date')
    .action(status);
  return command;
}

async function migrate({ dryRun }: { dryRun: boolean }): Promise<void> {
  if (dryRun) {
    const pending = (await readStatus()).filter(({ state }) => state === 'pending');
    for (const { name } of pending) printLine(`would apply ${name}`);
    if (pending.length === 0) printLine('The database is up to date.');
    return;
  }
  const { applyMigrations } = await import('../composition/command.js');
  const applied = await applyMigrations();
  for (const name of applied) printLine(`applied ${name}`);
  if (applied.length === 0) printLine('The database is up to date.');
}

async function status(): Promise<void> {
  const migrations = await readStatus();
  printTable(
    ['MIGRATION', 'STATE'],
    migrations.map(({ name, state }) => [name, state]),
  );
  const count = (wanted: string) => migrations.filter(({ state }) => state === wanted).length;
  if (count('unknown') > 0) {
    throw new CommandError(
      'A newer version of Flowgate has migrated the database: this one refuses it.',
    );
  }
  if (count('pending') > 0) {
    throw new CommandError(`${count('pending')} pending; \`flowgate migrate\` applies them.`);
  }
  note('The database is up to date.');
}

async function readStatus() {
  const { openStorage } = await import('../composition/command.js');
  const { migrationStatus } = await import('../storage/migrations/status.js');
  return openStorage({ create: false }, ({ database }) => migrationStatus(database.pool));
}
