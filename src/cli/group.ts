import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { thresholdErrors, type ImbalanceThresholds } from '../domain/groups/imbalance.js';
import {
  MAX_GROUP_NAME,
  type FlowDirection,
  type GroupInput,
  type GroupMember,
  type SensorGroup,
  type SensorGroups,
} from '../domain/groups/sensor-groups.js';
import type { Principal } from '../domain/shared/principal.js';
import { accountName, accountOption, nameOf, recordId, ruledNumber } from './option-parsers.js';
import { note, printLine, printTable } from './output.js';
import { operators, withDomain } from './with-domain.js';

const EXAMPLES = `
Examples:
  $ flowgate group create "North field" --account demo --calendar "gas day"
  $ flowgate group set-members 1 --account demo --member 7:in --member 8:in --member 9:out`;

/** Groups are read this many at a time. */
const LIST_PAGE = 1000;

export function groupCommand(): Command {
  const command = new Command('group')
    .description('create, list, change and delete groups of sensors')
    .addHelpText('after', EXAMPLES);
  command
    .command('create')
    .description('create a group without members and print its id')
    .addArgument(new Argument('<NAME>', 'name of the group').argParser(groupName))
    .addOption(accountOption())
    .option('--calendar <name>', 'the calendar of its days (default: days of UTC)')
    .addOption(maxPercent())
    .addOption(maxVolume())
    .action(create);
  command
    .command('list')
    .description('list groups with their members')
    .option('--account <name>', 'only the groups of this account', accountName)
    .action(list);
  ofGroup(command, 'update', 'change the settings of a group')
    .option('--name <name>', 'the new name', groupName)
    .option('--calendar <name>', 'the calendar of its days')
    .option('--no-calendar', 'its days are those of UTC')
    .addOption(maxPercent())
    .option('--no-max-imbalance-percent', 'no alert by percent')
    .addOption(maxVolume())
    .option('--no-max-imbalance-volume', 'no alert by barrels')
    .action(update);
  ofGroup(command, 'set-members', 'replace the members of a group')
    .addOption(
      new Option(
        '--member <id[:in|:out]>',
        'a sensor that the group then has, and its direction; may be repeated (default: none)',
      )
        .argParser((text, members: GroupMember[] | undefined) => [...(members ?? []), member(text)])
        .default([], 'none'),
    )
    .action(setMembers);
  ofGroup(command, 'delete', 'delete a group, not its sensors').action(remove);
  return command;
}

function ofGroup(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addArgument(
      new Argument('<ID>', 'id of the group, as shown by `group list`').argParser(recordId),
    )
    .addOption(accountOption());
}

function maxPercent(): Option {
  return new Option(
    '--max-imbalance-percent <percent>',
    'an imbalance of a day above this share of the inflow is an alert',
  ).argParser(threshold('maxImbalancePercent'));
}

function maxVolume(): Option {
  return new Option(
    '--max-imbalance-volume <bbl>',
    'an imbalance of a day above this volume is an alert',
  ).argParser(threshold('maxImbalanceVolume'));
}

function threshold(field: keyof ImbalanceThresholds): (text: string) => number {
  return ruledNumber((value) => thresholdErrors({ [field]: value })[0]?.message);
}

function groupName(text: string): string {
  return nameOf(text, MAX_GROUP_NAME);
}

function member(text: string): GroupMember {
  const [id = '', direction, ...more] = text.toUpperCase().split(':');
  if (more.length > 0 || ![undefined, 'IN', 'OUT'].includes(direction)) {
    throw new InvalidArgumentError('It must be the id of a sensor, ID:in or ID:out.');
  }
  return { sensorId: recordId(id), direction: (direction as FlowDirection | undefined) ?? null };
}

interface InAccount {
  account: string;
}

function inAccount(
  account: string,
  work: (groups: SensorGroups, operator: Principal) => Promise<void>,
): Promise<void> {
  return withDomain(async ({ accounts, groups }) =>
    work(groups, await accounts.operatorIn({ name: account })),
  );
}

function create(
  name: string,
  { account, ...settings }: InAccount & Omit<GroupInput, 'name'>,
): Promise<void> {
  return inAccount(account, async (groups, operator) => {
    const group = await groups.create(operator, { name, ...settings });
    printLine(String(group.id));
  });
}

function list({ account }: { account?: string }): Promise<void> {
  return withDomain(async (services) => {
    const rows: (string | number)[][] = [];
    for (const operator of await operators(services, account)) {
      for await (const page of pages(services.groups, operator)) {
        const members = await services.groups.members(
          operator,
          page.map(({ id }) => id),
        );
        for (const { id, name, calendar, ...alert } of page) {
          const texts = (members.get(id) ?? []).map(memberText);
          const settings = [calendar ?? '-', thresholdText(alert)];
          rows.push([id, name, operator.accountName, ...settings, texts.join(' ') || '-']);
        }
      }
    }
    printTable(['ID', 'NAME', 'ACCOUNT', 'CALENDAR', 'MAX IMBALANCE', 'MEMBERS'], rows);
  });
}

async function* pages(groups: SensorGroups, operator: Principal): AsyncGenerator<SensorGroup[]> {
  for (let after: number | undefined; ;) {
    const page = await groups.window(operator, { after, take: LIST_PAGE, from: 'first' });
    yield page.groups;
    if (!page.more) return;
    after = page.groups.at(-1)?.id;
  }
}

function thresholdText({ maxImbalancePercent, maxImbalanceVolume }: ImbalanceThresholds): string {
  const texts = [
    ...(maxImbalancePercent === null ? [] : [`${maxImbalancePercent} %`]),
    ...(maxImbalanceVolume === null ? [] : [`${maxImbalanceVolume} bbl`]),
  ];
  return texts.join(', ') || '-';
}

function memberText({ sensorId, direction }: GroupMember): string {
  return direction ? `${sensorId}:${direction.toLowerCase()}` : String(sensorId);
}

interface UpdateOptions extends InAccount {
  name?: string;
  calendar?: string | false;
  maxImbalancePercent?: number | false;
  maxImbalanceVolume?: number | false;
}

function update(id: number, { account, name, calendar, ...alert }: UpdateOptions): Promise<void> {
  const { maxImbalancePercent: percent, maxImbalanceVolume: volume } = alert;
  return inAccount(account, async (groups, operator) => {
    const group = await groups.update(operator, id, {
      ...(name !== undefined && { name }),
      ...(calendar !== undefined && { calendar: calendar || null }),
      ...(percent !== undefined && { maxImbalancePercent: percent === false ? null : percent }),
      ...(volume !== undefined && { maxImbalanceVolume: volume === false ? null : volume }),
    });
    note(`Changed group ${group.id}, ${group.name}.`);
  });
}

function setMembers(
  id: number,
  { account, member }: InAccount & { member: GroupMember[] },
): Promise<void> {
  return inAccount(account, async (groups, operator) => {
    const group = await groups.setMembers(operator, id, member);
    note(`Group ${group.id}, ${group.name}, has ${member.length} members.`);
  });
}

function remove(id: number, { account }: InAccount): Promise<void> {
  return inAccount(account, async (groups, operator) => {
    await groups.delete(operator, id);
    note(`Deleted group ${id}.`);
  });
}
