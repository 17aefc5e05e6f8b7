import { Command } from 'commander';
import { accountOption, instant } from './option-parsers.js';
import { writeOut } from './output.js';
import { withDomain } from './with-domain.js';

const EXAMPLE = `
Example:
  $ flowgate audit export --account demo --start 2026-11-01 > november.ndjson`;

export function auditCommand(): Command {
  const command = new Command('audit').description('read what people and machines did');
  command
    .command('export')
    .description('print the audit events of an account as NDJSON, oldest first')
    .addOption(accountOption())
    .option('--start <datetime>', 'only events at or after this instant', instant)
    .option('--end <datetime>', 'only events before this instant', instant)
    .addHelpText('after', EXAMPLE)
    .action(exportEvents);
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
