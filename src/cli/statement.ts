import { Command, Option } from 'commander';
import { STATEMENT_FORMATS, type StatementFormat } from '../domain/statements/statements.js';
import { accountOption, comment, instant, recordId } from './option-parsers.js';
import { note, printLine, printTable, writeOut } from './output.js';
import { withDomain } from './with-domain.js';

const EXAMPLES = `
Examples:
  $ flowgate statement issue --account demo --sensor 1 --sensor 2 --start 2026-10-01 --end 2026-11-01
  $ flowgate statement export 1 --account demo > october.json
  $ flowgate verify october.json`;

export function statementCommand(): Command {
  const command = new Command('statement')
    .description('issue and read signed measurement statements')
    .addHelpText('after', EXAMPLES);
  command
    .command('issue')
    .description('issue a statement of sensors and a period, and print its number')
    .addOption(accountOption())
    .addOption(
      new Option('--sensor <id>', 'a sensor of the statement; may be repeated')
        .argParser((text, sensors: number[] | undefined) => [...(sensors ?? []), recordId(text)])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--start <datetime>', 'start of the period, inclusive')
        .argParser(instant)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--end <datetime>', 'end of the period, exclusive')
        .argParser(instant)
        .makeOptionMandatory(),
    )
    .option('--calendar <name>', 'the calendar of its days (default: days of UTC)')
    .option('--supersedes <number>', 'the number of the statement that it replaces', recordId)
    .option('--reason <text>', 'why it is issued', comment)
    .action(issue);
  command
    .command('list')
    .description('list the statements of an account, newest first')
    .addOption(accountOption())
    .action(list);
  command
    .command('export')
    .description('write a statement to stdout')
    .argument('<number>', 'of the statement', recordId)
    .addOption(accountOption())
    .addOption(
      new Option('--format <format>', 'of the file; only JSON is signed')
        .choices(STATEMENT_FORMATS)
        .default('json'),
    )
    .action(exportOne);
  command
    .command('key')
    .description('print the public key by which statements are signed, in PEM')
    .action(printKey);
  return command;
}

interface IssueOptions {
  account: string;
  sensor: number[];
  start: Date;
  end: Date;
  calendar?: string;
  supersedes?: number;
  reason?: string;
}

function issue({ account, sensor, ...input }: IssueOptions): Promise<void> {
  return withDomain(async ({ accounts, statements }) => {
    const operator = await accounts.operatorIn({ name: account });
    const { header } = await statements.issue(operator, { ...input, sensorIds: sensor });
    printLine(String(header.number));
    note(
      `Issued statement ${header.number} of ${header.sensors.length} sensors: ${header.volume} bbl.`,
    );
  });
}

const PAGE = 1000;

function list({ account }: { account: string }): Promise<void> {
  return withDomain(async ({ accounts, statements }) => {
    const operator = await accounts.operatorIn({ name: account });
    const rows: (string | number)[][] = [];
    let before: number | undefined;
    for (;;) {
      const page = await statements.window(operator, { after: before, take: PAGE, from: 'first' });
      for (const { header, supersededBy } of page.statements) {
        rows.push([
          ...[header.number, header.version, header.start, header.end, header.sensors.length],
          ...[header.volume, header.issuedAt, supersededBy ?? '-'],
        ]);
      }
      before = page.statements.at(-1)?.header.number;
      if (!page.more) break;
    }
    printTable(
      ['NUMBER', 'VERSION', 'START', 'END', 'SENSORS', 'VOLUME', 'ISSUED', 'SUPERSEDED BY'],
      rows,
    );
  });
}

function exportOne(
  number: number,
  { account, format }: { account: string; format: StatementFormat },
): Promise<void> {
  return withDomain(async ({ accounts, statements }) => {
    const operator = await accounts.operatorIn({ name: account });
    await statements.write(operator, number, format, writeOut);
  });
}

function printKey(): Promise<void> {
  return withDomain(async ({ statementKey }) => {
    const { publicKey, fingerprint } = await statementKey.publicKey();
    process.stdout.write(publicKey);
    note(`Fingerprint: ${fingerprint}`);
  });
}
