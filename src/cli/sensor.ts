import { Argument, Command } from 'commander';
import { MAX_SENSOR_NAME } from '../domain/sensors/rules.js';
import { printLine } from './output.js';
import { withDomain } from './with-domain.js';
import { accountOption, instant, nameOf, sensorNumber } from './option-parsers.js';

const CREATE_EXAMPLE = `
Example:
  $ flowgate sensor create "Pump 3" --account demo --latitude 31.9 --longitude -102.1 --pipe-diameter 12.75`;

export function sensorCommand(): Command {
  const command = new Command('sensor').description('create flow sensors');
  command
    .command('create')
    .description('create a sensor and print its id')
    .addArgument(
      new Argument('<NAME>', 'name of the sensor').argParser((text) =>
        nameOf(text, MAX_SENSOR_NAME),
      ),
    )
    .addOption(accountOption())
    .option('--latitude <degrees>', 'from -90 to 90', sensorNumber('latitude'))
    .option('--longitude <degrees>', 'from -180 to 180', sensorNumber('longitude'))
    .option('--pipe-diameter <inches>', 'greater than 0', sensorNumber('pipeDiameter'))
    .option(
      '--max-gap <seconds>',
      'a longer time between two pings counts as an outage (default: 3600)',
      sensorNumber('maxGap'),
    )
    .option(
      '--activated-at <datetime>',
      'when the sensor went into service (default: now)',
      instant,
    )
    .addHelpText('after', CREATE_EXAMPLE)
    .action(create);
  return command;
}

interface CreateOptions {
  account: string;
  latitude?: number;
  longitude?: number;
  pipeDiameter?: number;
  maxGap?: number;
  activatedAt?: Date;
}

function create(name: string, { account, ...fields }: CreateOptions): Promise<void> {
  return withDomain(async ({ accounts, sensors }) => {
    const operator = await accounts.operatorIn({ name: account });
    const sensor = await sensors.create(operator, { activatedAt: new Date(), ...fields, name });
    printLine(String(sensor.id));
  });
}
