import { Command } from 'commander';
import { note, printLine } from './output.js';

const HELP = `
DATABASE_URL names a database of the coordinator of a Citus cluster, which has the extension and
workers. Servers may be running: they wait, and then connect again.

Example:
  $ flowgate distribute --dry-run`;

export function distributeCommand(): Command {
  return new Command('distribute')
    .description('distribute the sensors and their readings over the workers of a Citus cluster')
    .option('--undo', 'bring them back to the coordinator', false)
    .option('--dry-run', 'print the statements that would be run, and change nothing', false)
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: { undo: boolean; dryRun: boolean }): Promise<void> {
  const { distributeDatabase } = await import('../composition/command.js');
  const { steps, rows } = await distributeDatabase(options);
  if (steps.length === 0) {
    note(options.undo ? 'The database is not distributed.' : 'The database is distributed.');
    return;
  }
  if (options.dryRun) {
    for (const step of steps) printLine(`${step};`);
    return;
  }
  for (const [table, count] of Object.entries(rows)) printLine(`${table}: ${count} rows`);
  note(
    options.undo
      ? 'All tables are on the coordinator again.'
      : 'The tables are distributed; each has the rows that it had.',
  );
}
