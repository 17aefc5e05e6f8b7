import { Command, InvalidArgumentError } from 'commander';
import { note, printLine } from './output.js';

/** More would make a query of all of them take more than is gained. */
const MAX_SHARDS = 1024;

const HELP = `
DATABASE_URL names a database of the coordinator of a Citus cluster, which has the extension and
workers. Servers may be running: they wait, and then connect again.

Example:
  $ flowgate distribute --dry-run`;

export function distributeCommand(): Command {
  return new Command('distribute')
    .description('distribute the sensors and their readings over the workers of a Citus cluster')
    .option('--undo', 'bring them back to the coordinator', false)
    .option(
      '--shards <count>',
      'how many parts each table has (default: four for each worker)',
      shards,
    )
    .option('--dry-run', 'print the statements that would be run, and change nothing', false)
    .addHelpText('after', HELP)
    .action(run);
}

interface DistributeOptions {
  undo: boolean;
  dryRun: boolean;
  shards?: number;
}

function shards(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_SHARDS) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_SHARDS}.`);
}

async function run(options: DistributeOptions): Promise<void> {
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
