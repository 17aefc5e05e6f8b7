import { Command } from 'commander';
import { CommandError } from './error-messages.js';
import { note, printLine } from './output.js';
import { withDomain } from './with-domain.js';
import { formatInstant } from '../domain/shared/time.js';
import { recordId } from './option-parsers.js';

const ONE_SENSOR = ['--sensor <id>', 'only of this sensor (default: all)', recordId] as const;

export function rollupCommand(): Command {
  const command = new Command('rollup').description(
    'care for the summaries of pings that volumes are computed from',
  );
  command
    .command('check')
    .description('compare all summaries with the pings; exit status 1 where one is wrong')
    .option(...ONE_SENSOR)
    .action(check);
  command
    .command('rebuild')
    .description('make the summaries anew while the server runs, a transaction for each sensor')
    .option(...ONE_SENSOR)
    .action(rebuild);
  return command;
}

function check({ sensor }: { sensor?: number }): Promise<void> {
  return withDomain(async ({ rollups }) => {
    const ids = await rollups.sensors(sensor);
    let wrong = 0;
    for (const id of ids) {
      for (const { level, start } of await rollups.check(id)) {
        printLine(
          `sensor ${id}: the summary of the ${level} from ${formatInstant(start)} is wrong`,
        );
        wrong++;
      }
    }
    if (wrong > 0) {
      throw new CommandError(
        `${counted(wrong, 'summary is', 'summaries are')} wrong; \`flowgate rollup rebuild\` makes them anew.`,
      );
    }
    note(`The summaries of ${counted(ids.length, 'sensor', 'sensors')} are right.`);
  });
}

function rebuild({ sensor }: { sensor?: number }): Promise<void> {
  return withDomain(async ({ rollups }) => {
    const ids = await rollups.sensors(sensor);
    for (const id of ids) await rollups.rebuild(id);
    note(`Made the summaries of ${counted(ids.length, 'sensor', 'sensors')} anew.`);
  });
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
