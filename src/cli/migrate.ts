import { Command } from 'commander';
import { migrate } from '../storage/migrate.js';
import { printLine } from './output.js';
import { withStorage } from './services.js';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database to this version and say what was applied')
    .action(() =>
      withStorage(async ({ database }) => {
        const applied = await migrate(database.pool);
        for (const name of applied) printLine(`applied ${name}`);
        if (applied.length === 0) printLine('The database is up to date.');
      }),
    );
}
