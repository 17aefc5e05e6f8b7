import { Argument, Command, Option } from 'commander';
import type { Domain } from '../composition/domain.js';
import type { Principal } from '../domain/shared/principal.js';
import { formatInstant } from '../domain/shared/time.js';
import { roundVolume } from '../domain/volumes/round-volume.js';
import { accountOption, comment, instant, recordId } from './option-parsers.js';
import { note, printLine, printTable } from './output.js';
import { withDomain } from './with-domain.js';

const EXAMPLES = `
Examples:
  $ flowgate period close --account demo --group 1 --start 2026-10-01 --end 2026-11-01
  $ flowgate period adjustments 1 --account demo
  $ flowgate audit check`;

/** Periods are read this many at a time. */
const LIST_PAGE = 1000;

export function periodCommand(): Command {
  const command = new Command('period')
    .description('close and reopen the periods of groups of sensors')
    .addHelpText('after', EXAMPLES);
  ofGroup(command, 'close', 'close the next period of a group and print its id')
    .addOption(
      new Option('--end <datetime>', 'end of the period, exclusive')
        .argParser(instant)
        .makeOptionMandatory(),
    )
    .option(
      '--start <datetime>',
      'start of the first period of a group; later ones start where the last one ended',
      instant,
    )
    .option('--force', 'close it although readings may still come; needs a reason')
    .option('--reason <text>', 'why, for the record', comment)
    .action(close);
  ofGroup(command, 'list', 'list the periods of a group, newest first').action(list);
  ofPeriod(command, 'reopen', 'reopen the last closed period of a group; it stays on record')
    .addOption(
      new Option('--reason <text>', 'why, for the record').argParser(comment).makeOptionMandatory(),
    )
    .action(reopen);
  ofPeriod(command, 'adjustments', 'list what has changed the figures of a closed period').action(
    adjustments,
  );
  return command;
}

function ofGroup(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addOption(accountOption())
    .addOption(
      new Option('--group <id>', 'id of the group').argParser(recordId).makeOptionMandatory(),
    );
}

function ofPeriod(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addArgument(
      new Argument('<ID>', 'id of the period, as shown by `period list`').argParser(recordId),
    )
    .addOption(accountOption());
}

interface InAccount {
  account: string;
}

interface CloseOptions extends InAccount {
  group: number;
  end: Date;
  start?: Date;
  force?: boolean;
  reason?: string;
}

function inAccount(
  { account }: InAccount,
  work: (services: Domain, operator: Principal) => Promise<void>,
): Promise<void> {
  return withDomain(async (services) =>
    work(services, await services.accounts.operatorIn({ name: account })),
  );
}

function close({ group, ...options }: CloseOptions): Promise<void> {
  return inAccount(options, async ({ periods }, operator) => {
    const period = await periods.close(operator, group, options);
    printLine(String(period.id));
    note(`Closed ${formatInstant(period.start)} to ${formatInstant(period.end)}.`);
  });
}

function list({ group, ...options }: InAccount & { group: number }): Promise<void> {
  return inAccount(options, async ({ groups, periods }, operator) => {
    await groups.require(operator, group);
    const rows: (string | number)[][] = [];
    for (let after: number | undefined; ;) {
      const page = await periods.window(operator, group, { after, take: LIST_PAGE, from: 'first' });
      for (const { id, start, end, closedAt, closedBy, reopenedAt } of page.periods) {
        rows.push([
          ...[id, formatInstant(start), formatInstant(end), formatInstant(closedAt), closedBy],
          reopenedAt ? formatInstant(reopenedAt) : '-',
        ]);
      }
      after = page.periods.at(-1)?.id;
      if (!page.more) break;
    }
    printTable(['ID', 'START', 'END', 'CLOSED', 'BY', 'REOPENED'], rows);
  });
}

function reopen(id: number, { reason, ...options }: InAccount & { reason: string }): Promise<void> {
  return inAccount(options, async ({ periods }, operator) => {
    const { start, end } = await periods.reopen(operator, id, reason);
    note(`Reopened ${formatInstant(start)} to ${formatInstant(end)}.`);
  });
}

function adjustments(id: number, options: InAccount): Promise<void> {
  return inAccount(options, async (services, operator) => {
    const period = await services.periods.require(operator, id);
    const found = await services.adjustments.of(operator, period);
    printTable(
      ['DAY', 'SENSOR', 'BEFORE', 'AFTER', 'DELTA', 'CAUSES', 'STATUS', 'ID'],
      found.map(({ start, sensorId, before, after, delta, causes, status, id }) => [
        ...[formatInstant(start), sensorId, barrels(before), barrels(after), barrels(delta)],
        ...[causes.join(' '), status, id],
      ]),
    );
  });
}

/** To the 6 decimals of which differences are. */
function barrels({ volume }: { volume: number }): string {
  return roundVolume(volume).toFixed(6);
}
