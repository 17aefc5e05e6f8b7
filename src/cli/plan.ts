import { Command, InvalidArgumentError } from 'commander';
import { planCapacity } from '../domain/system/capacity-plan.js';
import { printTable } from './output.js';

const GIGABYTE = 1e9;

const EXAMPLE = `
Example:
  $ flowgate plan --sensors 10000 --interval 60 --days 1000 --retention 400`;

export function planCommand(): Command {
  return new Command('plan')
    .description('estimate what an installation takes, by what was measured')
    .requiredOption('--sensors <count>', 'how many sensors', positive)
    .option('--interval <seconds>', 'between two readings of a sensor', positive, 60)
    .option('--days <days>', 'how long they have been measuring', positive, 365)
    .option('--retention <days>', 'how long all readings are kept (default: ever)', positive)
    .option('--endpoints <count>', 'webhook endpoints that receive every reading', count, 0)
    .option('--reads <count>', 'volumes a second that are asked for', count, 0)
    .option('--single', 'readings come one by one, not in requests of many', false)
    .addHelpText('after', EXAMPLE)
    .action(plan);
}

interface PlanOptions {
  sensors: number;
  interval: number;
  days: number;
  retention?: number;
  endpoints: number;
  reads: number;
  single: boolean;
}

function plan({ retention = Infinity, single, ...options }: PlanOptions): void {
  const found = planCapacity({ ...options, retentionDays: retention, isBatched: !single });
  printTable(
    ['WHAT', 'HOW MUCH'],
    [
      ['readings a second', found.pingsPerSecond.toFixed(1)],
      ['stored readings', String(found.storedPings)],
      ['summaries', String(found.summaries)],
      ['database, GB', (found.bytes / GIGABYTE).toFixed(1)],
      ['cores, of PostgreSQL and instances', String(found.cores)],
    ],
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e12)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1e12)) throw new InvalidArgumentError('It must be 0 or more.');
  return value;
}
