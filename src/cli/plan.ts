import { Command, InvalidArgumentError } from 'commander';
import { planCapacity, type Prices } from '../domain/system/capacity-plan.js';
import { printTable } from './output.js';

const GIGABYTE = 1e9;
const MEGABYTE = 1e6;

const EXAMPLE = `
Example:
  $ flowgate plan --sensors 10000 --interval 60 --days 1000 --retention 400
  $ flowgate plan --sensors 10000 --price-core 20 --price-gb 0.1 --price-iops 0.01`;

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
    .option('--price-core <price>', 'of a core a month, in any currency', count)
    .option('--price-gb <price>', 'of a GB of storage a month', count)
    .option('--price-iops <price>', 'of a disk operation a second, a month', count)
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
  priceCore?: number;
  priceGb?: number;
  priceIops?: number;
}

function plan({ retention = Infinity, single, ...options }: PlanOptions): void {
  const found = planCapacity({
    ...options,
    retentionDays: retention,
    isBatched: !single,
    prices: pricesOf(options),
  });
  printTable(
    ['WHAT', 'HOW MUCH'],
    [
      ['readings a second', found.pingsPerSecond.toFixed(1)],
      ['stored readings', String(found.storedPings)],
      ['summaries', String(found.summaries)],
      ['database, GB', (found.bytes / GIGABYTE).toFixed(1)],
      ['cores, of PostgreSQL and instances', String(found.cores)],
      ['workers, at most', String(found.workers)],
      ['disk operations a second', String(found.diskOperations)],
      ['write-ahead log, MB a second', (found.logBytes / MEGABYTE).toFixed(2)],
      ...(found.cost === undefined ? [] : [['cost a month, as priced', found.cost.toFixed(2)]]),
    ],
  );
}

/** What is not priced costs nothing. @returns undefined where nothing is */
function pricesOf({ priceCore, priceGb, priceIops }: Partial<PlanOptions>): Prices | undefined {
  const given = [priceCore, priceGb, priceIops];
  if (given.every((price) => price === undefined)) return undefined;
  const [core = 0, gigabyte = 0, operation = 0] = given;
  return { core, gigabyte, operation };
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
