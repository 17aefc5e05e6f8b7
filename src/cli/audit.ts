import { Command } from 'commander';
import { formatInstant } from '../domain/shared/time.js';
import { CommandError } from './error-messages.js';
import { accountName, accountOption, instant } from './option-parsers.js';
import { note, printLine, writeOut } from './output.js';
import { operators, withDomain } from './with-domain.js';

const EXAMPLE = `
Example:
  $ flowgate audit export --account demo --start 2026-11-01 > november.ndjson`;

export function auditCommand(): Command {
  const command = new Command('audit').description(
    'read what people and machines did, and check the record',
  );
  command
    .command('export')
    .description('print the audit events of an account as NDJSON, oldest first')
    .addOption(accountOption())
    .option('--start <datetime>', 'only events at or after this instant', instant)
    .option('--end <datetime>', 'only events before this instant', instant)
    .addHelpText('after', EXAMPLE)
    .action(exportEvents);
  command
    .command('check')
    .description(
      'check that closed figures and their adjustments are those of the readings; the exit status is 1 if one is not',
    )
    .option('--account <name>', 'only the periods of this account', accountName)
    .action(check);
  return command;
}

interface ExportOptions {
  account: string;
  start?: Date;
  end?: Date;
}

function exportEvents({ account, ...range }: ExportOptions): Promise<void> {
  return withDomain(async ({ accounts, auditEvents }) => {
    const operator = await accounts.operatorIn({ name: account });
    await auditEvents.export(operator, range, writeOut);
  });
}

function check({ account }: { account?: string }): Promise<void> {
  return withDomain(async (services) => {
    let [wrong, compared] = [0, 0];
    for (const operator of await operators(services, account)) {
      const found = await services.periodCheck.of(operator);
      compared += found.compared;
      wrong += found.faults.length;
      for (const { periodId, sensorId, day, message } of found.faults) {
        const place = [
          ...[operator.accountName, `period ${periodId}`],
          ...(sensorId === null ? [] : [`sensor ${sensorId}`]),
          ...(day ? [`the day from ${formatInstant(day)}`] : []),
        ];
        printLine(`${place.join(', ')}: ${message}`);
      }
    }
    if (wrong > 0) throw new CommandError(`${wrong} faults in the record of closed periods.`);
    note(`${compared} closed figures and their adjustments are those of the readings.`);
  });
}
