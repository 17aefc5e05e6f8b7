import { Command, Option } from 'commander';
import { NotFoundError } from '../domain/shared/errors.js';
import { FLOWRATE_UNITS, type FlowrateUnit } from '../domain/shared/units.js';
import { CommandError } from './error-messages.js';
import { writeOut } from './output.js';
import { withDomain } from './with-domain.js';
import { accountOption, instant, recordId, unit } from './option-parsers.js';

const EXAMPLES = `
Examples:
  $ flowgate export --account demo > pings.csv
  $ flowgate export --account demo --sensor 3 --start 2026-01-01 --end 2026-01-31T23:59:59Z
  $ flowgate export --account demo --unit m3/h > pings.csv`;

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'write pings to stdout as CSV with sensor_id,sensor_name,datetime,flowrate (bbl/d), quality if a reading is not good, and totalizer (bbl) if one has it',
    )
    .addOption(accountOption())
    .option('--sensor <id>', 'export only this sensor', recordId)
    .option(
      '--start <datetime>',
      'first instant to export, inclusive (default: the first ping)',
      instant,
    )
    .option(
      '--end <datetime>',
      'last instant to export, inclusive (default: the last ping)',
      instant,
    )
    .addOption(
      new Option('--unit <unit>', `of the flowrates: ${FLOWRATE_UNITS.join(', ')}`)
        .argParser(unit)
        .default('bbl/d'),
    )
    .addHelpText('after', EXAMPLES)
    .action(run);
}

interface ExportOptions {
  account: string;
  sensor?: number;
  start?: Date;
  end?: Date;
  unit: FlowrateUnit;
}

function run({ account, sensor, start, end, unit }: ExportOptions): Promise<void> {
  return withDomain(async ({ accounts, exports }) => {
    const operator = await accounts.operatorIn({ name: account });
    try {
      await exports.run(operator, { sensorId: sensor, start, end, unit }, writeOut);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      throw new CommandError(`The account has no sensor ${sensor}.`);
    }
  });
}
