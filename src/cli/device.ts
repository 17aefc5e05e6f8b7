import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { NETWORKS, type Network } from '../domain/transfer/devices/devices.js';
import type { FlowrateUnit } from '../domain/shared/units.js';
import { accountName, accountOption, recordId, unit } from './option-parsers.js';
import { note, printTable } from './output.js';
import { operators, withDomain } from './with-domain.js';

const EXAMPLES = `
Example:
  $ flowgate device set 70B3D57ED0001234 --network chirpstack --account demo --sensor 7 --field flow --unit m3/h`;

export function deviceCommand(): Command {
  const command = new Command('device').description(
    'say which sensor the messages of a device in the field are of',
  );
  ofField(command, 'set', 'set the sensor that a field of a device is the flowrate of')
    .addOption(
      new Option('--sensor <id>', 'id of the sensor').argParser(recordId).makeOptionMandatory(),
    )
    .option('--unit <unit>', 'unit of the flowrate, such as m3/h', unit, 'bbl/d')
    .option('--port <number>', 'only messages on this port of LoRaWAN have the field', port)
    .option(
      '--time-field <field>',
      'the field of a message of LoRaWAN with the datetime of the reading',
    )
    .option(
      '--ignore-absent',
      'a message without the field is ignored; unless given, it says 0 on LoRaWAN',
    )
    .addHelpText('after', EXAMPLES)
    .action(set);
  command
    .command('list')
    .description('list the fields of devices')
    .option('--account <name>', 'only those of this account', accountName)
    .action(list);
  ofField(command, 'remove', 'forget a field of a device').action(remove);
  return command;
}

function ofField(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addArgument(
      new Argument(
        '<DEVICE>',
        'the DevEUI of the device; on The Things Stack also APPLICATION/DEVICE; of a broker the tag, the device or the name in the topic',
      ),
    )
    .addOption(
      new Option('--network <network>', 'where its messages come from')
        .choices(NETWORKS.map((network) => network.toLowerCase()))
        .makeOptionMandatory(),
    )
    .addOption(accountOption())
    .option(
      '--field <field>',
      'the decoded field, or a path of fields joined by points',
      'flowrate',
    );
}

function port(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (number <= 255) return number;
  throw new InvalidArgumentError('It must be a whole number from 0 to 255.');
}

interface FieldOptions {
  network: Lowercase<Network>;
  account: string;
  field: string;
}

interface SetOptions extends FieldOptions {
  sensor: number;
  unit: FlowrateUnit;
  port?: number;
  timeField?: string;
  ignoreAbsent?: boolean;
}

function set(device: string, options: SetOptions): Promise<void> {
  const { account, field, sensor, port, timeField, ignoreAbsent } = options;
  return withDomain(async ({ accounts, devices }) => {
    const operator = await accounts.operatorIn({ name: account });
    const stored = await devices.set(operator, {
      ...{ network: networkOf(options), device, field, sensorId: sensor, unit: options.unit },
      ...{ port, timeField, ...(ignoreAbsent && { absentIsZero: false }) },
    });
    note(
      `The field ${field} of ${stored.device} is the flowrate of sensor ${sensor}, in ${stored.unit}.`,
    );
  });
}

function list({ account }: { account?: string }): Promise<void> {
  return withDomain(async (services) => {
    const rows = [];
    for (const operator of await operators(services, account)) {
      for (const each of await services.devices.list(operator)) {
        rows.push([
          ...[each.device, each.network.toLowerCase(), operator.accountName, each.field],
          ...[each.sensorId, each.unit, each.port ?? '-', each.timeField ?? '-'],
          each.absentIsZero ? '0' : 'ignored',
        ]);
      }
    }
    printTable(
      [...['DEVICE', 'NETWORK', 'ACCOUNT', 'FIELD', 'SENSOR', 'UNIT'], 'PORT', 'TIME', 'ABSENT'],
      rows,
    );
  });
}

function remove(device: string, options: FieldOptions): Promise<void> {
  return withDomain(async ({ accounts, devices }) => {
    const operator = await accounts.operatorIn({ name: options.account });
    await devices.remove(operator, { network: networkOf(options), device, field: options.field });
    note(`Removed the field ${options.field} of ${device}.`);
  });
}

function networkOf({ network }: FieldOptions): Network {
  return network.toUpperCase() as Network;
}
