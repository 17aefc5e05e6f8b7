import { Command } from 'commander';
import { counted } from './counted.js';
import { CommandError } from './error-messages.js';
import { note, printLine } from './output.js';
import { withDomain } from './with-domain.js';
import { formatInstant } from '../domain/shared/time.js';
import { recordId } from './option-parsers.js';

const ONE_SENSOR = ['--sensor <id>', 'only this sensor (default: all)', recordId] as const;

export function rollupCommand(): Command {
  const command = new Command('rollup').description(
    'check and rebuild the summaries of pings that volumes are computed from',
  );
  command
    .command('check')
    .description('compare the summaries with the pings; the exit status is 1 if one is wrong')
    .option(...ONE_SENSOR)
    .action(check);
  command
    .command('rebuild')
    .description('rebuild the summaries, one transaction per sensor; the server may be running')
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
        `${counted(wrong, 'summary is', 'summaries are')} wrong; run \`flowgate rollup rebuild\` to rebuild them.`,
      );
    }
    note(`The summaries of ${counted(ids.length, 'sensor')} are correct.`);
  });
}

function rebuild({ sensor }: { sensor?: number }): Promise<void> {
  return withDomain(async ({ rollups }) => {
    const ids = await rollups.sensors(sensor);
    for (const id of ids) await rollups.rebuild(id);
    note(`Rebuilt the summaries of ${counted(ids.length, 'sensor')}.`);
  });
}
