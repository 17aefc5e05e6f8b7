import { Argument, Command, Option } from 'commander';
import { MAX_SENSOR_NAME } from '../domain/sensors/rules.js';
import type { SensorFilter, SensorRecord, Sensors } from '../domain/sensors/sensors.js';
import type { Sync } from '../domain/transfer/sync.js';
import type { Principal } from '../domain/shared/principal.js';
import { formatOptionalInstant, note, printLine, printTable } from './output.js';
import { operators, withDomain } from './with-domain.js';
import { accountName, accountOption, instant, nameOf, recordId } from './option-parsers.js';
import { sensorChecksCommand } from './sensor-checks.js';
import { readSettings, settingOptions, type SettingOptions } from './sensor-settings.js';

const CREATE_EXAMPLE = `
Example:
  $ flowgate sensor create "Pump 3" --account demo --latitude 31.9 --longitude -102.1 --pipe-diameter 12.75`;
const UPDATE_EXAMPLES = `
Examples:
  $ flowgate sensor update 7 --account demo --name "Pump 3, north"
  $ flowgate sensor update 8 --account demo --continues 7 --reason "meter replaced"
  $ flowgate sensor update 7 --account demo --max-gap 7200 --effective-from 2026-11-01 --reason "slower meter"
  $ flowgate sensor update 7 --account demo --meter-factor 0.9985 --effective-from 2026-11-01 --reason "proving of 1 November"`;
const RETIRE_EXAMPLE = `
Example:
  $ flowgate sensor retire 7 --account demo --at 2026-11-28T07:00:00-06:00 --reason "replaced"`;

/** Sensors are read this many at a time. */
const LIST_PAGE = 1000;

export function sensorCommand(): Command {
  const command = new Command('sensor').description('create, list, change and retire flow sensors');
  withSettings(command.command('create'))
    .description('create a sensor and print its id')
    .addArgument(
      new Argument('<NAME>', 'name of the sensor').argParser((text) =>
        nameOf(text, MAX_SENSOR_NAME),
      ),
    )
    .addOption(accountOption())
    .addHelpText('after', CREATE_EXAMPLE)
    .action(create);
  command
    .command('list')
    .description('list sensors; retired ones only if asked for')
    .option('--account <name>', 'only the sensors of this account', accountName)
    .addOption(
      new Option('--retired <which>', 'whether retired sensors are listed')
        .choices(['exclude', 'include', 'only'])
        .default('exclude'),
    )
    .option('--tag <tag>', 'only those with this tag')
    .action(list);
  ofSensor(command, 'show', 'print the settings of a sensor').action(show);
  withSettings(
    ofSensor(command, 'update', 'change settings of a sensor; the log keeps the old ones'),
  )
    .option('--name <name>', 'the new name', (text) => nameOf(text, MAX_SENSOR_NAME))
    .option('--continues <id>', 'the sensor that it replaced, or none', continuedSensor)
    .option(
      '--continues-from <datetime>',
      "from when on (default: after the other's last ping, or from its retirement)",
      instant,
    )
    .option(
      '--effective-from <datetime>',
      'from when on the changes are in force (default: now)',
      instant,
    )
    .option('--reason <text>', 'why, for the log')
    .addHelpText('after', UPDATE_EXAMPLES)
    .action(update);
  ofSensor(command, 'retire', 'take a sensor out of the lists; its record stays')
    .option('--at <datetime>', 'when it was taken out of service (default: now)', instant)
    .option('--reason <text>', 'why, for the log')
    .addHelpText('after', RETIRE_EXAMPLE)
    .action(retire);
  ofSensor(command, 'restore', 'return a retired sensor to service')
    .option('--reason <text>', 'why, for the log')
    .action(restore);
  command.addCommand(sensorChecksCommand());
  ofSensor(command, 'delete', 'delete a sensor that has never had a ping').action(remove);
  return command;
}

function withSettings(command: Command): Command {
  for (const option of settingOptions()) command.addOption(option);
  return command;
}

function ofSensor(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addArgument(
      new Argument('<ID>', 'id of the sensor, as shown by `sensor list`').argParser(recordId),
    )
    .addOption(accountOption());
}

interface InAccount {
  account: string;
}

interface WithReason extends InAccount {
  reason?: string;
}

function inAccount(
  account: string,
  work: (sensors: Sensors, operator: Principal, sync: Sync) => Promise<void>,
): Promise<void> {
  return withDomain(async ({ accounts, sensors, sync }) =>
    work(sensors, await accounts.operatorIn({ name: account }), sync),
  );
}

function create(name: string, { account, ...fields }: InAccount & SettingOptions): Promise<void> {
  return inAccount(account, async (sensors, operator) => {
    const sensor = await sensors.create(operator, {
      activatedAt: new Date(),
      ...readSettings(fields),
      name,
    });
    printLine(String(sensor.id));
  });
}

interface ListOptions {
  account?: string;
  retired: 'exclude' | 'include' | 'only';
  tag?: string;
}

function list({ account, retired, tag }: ListOptions): Promise<void> {
  return withDomain(async (services) => {
    const filter = {
      retired: retired.toUpperCase() as NonNullable<SensorFilter['retired']>,
      ...(tag !== undefined && { tags: [tag] }),
    };
    const rows = [];
    for (const operator of await operators(services, account)) {
      for await (const sensor of allSensors(services.sensors, operator, filter)) {
        rows.push([
          ...[sensor.id, sensor.name, operator.accountName, sensor.method, sensor.maxGap],
          formatOptionalInstant(sensor.activatedAt),
          formatOptionalInstant(sensor.retiredAt),
        ]);
      }
    }
    printTable(['ID', 'NAME', 'ACCOUNT', 'METHOD', 'MAX GAP', 'ACTIVATED', 'RETIRED'], rows);
  });
}

async function* allSensors(
  sensors: Sensors,
  operator: Principal,
  filter: SensorFilter,
): AsyncGenerator<SensorRecord> {
  const order = { field: 'ID', direction: 'ASC' } as const;
  let after: { id: number } | undefined;
  for (;;) {
    const window = { filter, order, after, take: LIST_PAGE, from: 'first' } as const;
    const page = await sensors.window(operator, window);
    yield* page.sensors;
    if (!page.more) return;
    after = { id: page.sensors.at(-1)!.id };
  }
}

function show(id: number, { account }: InAccount): Promise<void> {
  return inAccount(account, async (sensors, operator, sync) => {
    const sensor = await sensors.require(operator, id);
    const original = (await sync.originals(operator, [id])).get(id);
    const unknown = (value: string | number | null) => value ?? '-';
    printTable(
      ['SETTING', 'VALUE'],
      [
        ['id', sensor.id],
        ['name', sensor.name],
        ['latitude', unknown(sensor.latitude)],
        ['longitude', unknown(sensor.longitude)],
        ['pipe diameter', unknown(sensor.pipeDiameter)],
        ['activated at', formatOptionalInstant(sensor.activatedAt)],
        ['max gap', sensor.maxGap],
        ['method', sensor.method],
        ['meter factor', sensor.meterFactor],
        ['totalizer rollover', unknown(sensor.totalizerRollover)],
        ['entry unit', sensor.entryUnit],
        ['calendar', unknown(sensor.calendar)],
        ['tags', sensor.tags.join(', ') || '-'],
        ['retired at', formatOptionalInstant(sensor.retiredAt)],
        ['continues sensor', unknown(sensor.continuesSensorId)],
        ['continues from', formatOptionalInstant(sensor.continuesFrom)],
        ['upstream', unknown(original?.upstream ?? null)],
        ['upstream id', unknown(original?.upstreamId ?? null)],
      ],
    );
  });
}

function continuedSensor(text: string): number | 'none' {
  return text === 'none' ? text : recordId(text);
}

interface UpdateOptions extends WithReason, SettingOptions {
  name?: string;
  continues?: number | 'none';
  continuesFrom?: Date;
  effectiveFrom?: Date;
}

function update(
  id: number,
  { account, effectiveFrom, reason, continues, continuesFrom, ...change }: UpdateOptions,
): Promise<void> {
  return inAccount(account, async (sensors, operator) => {
    const link = { continuesSensor: continues === 'none' ? null : continues, continuesFrom };
    const settings = { ...readSettings(change), ...link };
    await sensors.update(operator, id, settings, { effectiveFrom, reason });
    note(`Changed sensor ${id}.`);
  });
}

function retire(id: number, { account, at, reason }: WithReason & { at?: Date }): Promise<void> {
  return inAccount(account, async (sensors, operator) => {
    const { retiredAt } = await sensors.retire(operator, id, { at, reason });
    note(`Retired sensor ${id} at ${formatOptionalInstant(retiredAt)}.`);
  });
}

function restore(id: number, { account, reason }: WithReason): Promise<void> {
  return inAccount(account, async (sensors, operator) => {
    await sensors.restore(operator, id, reason);
    note(`Returned sensor ${id} to service.`);
  });
}

function remove(id: number, { account }: InAccount): Promise<void> {
  return inAccount(account, async (sensors, operator) => {
    await sensors.delete(operator, id);
    note(`Deleted sensor ${id}.`);
  });
}
