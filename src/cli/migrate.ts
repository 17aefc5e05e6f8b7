import { Command } from 'commander';
import { printLine } from './output.js';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database to this version and say what was applied')
    .action(async () => {
      const { applyMigrations } = await import('../composition/command.js');
      const applied = await applyMigrations();
      for (const name of applied) printLine(`applied ${name}`);
      if (applied.length === 0) printLine('The database is up to date.');
    });
}
