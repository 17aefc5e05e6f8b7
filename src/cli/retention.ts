import { Command, InvalidArgumentError } from 'commander';
import { formatInstant } from '../domain/shared/time.js';
import { accountOption } from './option-parsers.js';
import { note, printLine } from './output.js';
import { withDomain } from './with-domain.js';

const EVER = 'ever';

const EXAMPLE = `
Readings that are older are thinned: of each hour the first and the last one stay.

Example:
  $ flowgate retention set --account demo --days 400 --dry-run`;

export function retentionCommand(): Command {
  const command = new Command('retention').description('keep all readings for a limited time');
  command
    .command('show')
    .description('print how many days the account keeps all of its readings, or "ever"')
    .addOption(accountOption())
    .action(show);
  command
    .command('set')
    .description('set how long the account keeps all of its readings')
    .addOption(accountOption())
    .requiredOption('--days <days>', '31 to 36500, or "ever"', days)
    .option('--dry-run', 'print what would be removed now, and change nothing', false)
    .addHelpText('after', EXAMPLE)
    .action(set);
  command
    .command('run')
    .description('thin what is old enough now, of all accounts, as a server does every hour')
    .action(thin);
  return command;
}

function show({ account }: { account: string }): Promise<void> {
  return withDomain(async ({ accounts, retention }) => {
    const kept = await retention.days(await accounts.operatorIn({ name: account }));
    printLine(String(kept ?? EVER));
  });
}

type Days = number | typeof EVER;

interface SetOptions {
  account: string;
  days: Days;
  dryRun: boolean;
}

function set({ account, days: kept, dryRun }: SetOptions): Promise<void> {
  return withDomain(async ({ accounts, retention }) => {
    const operator = await accounts.operatorIn({ name: account });
    if (!dryRun) {
      await retention.set(operator, kept === EVER ? null : kept);
      note(kept === EVER ? 'All readings are kept.' : `All readings of ${kept} days are kept.`);
    } else if (kept === EVER) {
      note('Nothing would be removed.');
    } else {
      const { pings, sensors, before } = await retention.preview(operator, kept);
      printLine(
        `would remove ${pings} readings of ${sensors} sensors from before ${formatInstant(before)}`,
      );
    }
  });
}

function thin(): Promise<void> {
  return withDomain(async ({ retention }) => {
    const { pings, sensors } = await retention.thin();
    note(`Removed ${pings} readings of ${sensors} sensors.`);
  });
}

function days(text: string): Days {
  if (text === EVER) return EVER;
  if (!/^\d{1,6}$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number from 31 to 36500, or ever.');
  }
  return Number(text);
}
