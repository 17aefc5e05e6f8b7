import { Argument, Command } from 'commander';
import { MAX_SENSOR_NAME } from '../domain/sensors/rules.js';
import { printLine } from './output.js';
import { withDomain } from './with-domain.js';
import { accountOption, instant, named, sensorNumber } from './option-parsers.js';

const CREATE_EXAMPLE = `
Example:
  $ flowgate sensor create "Pump 3" --account demo --latitude 31.9 --longitude -102.1 --pipe-diameter 12.75`;

export function sensorCommand(): Command {
  const command = new Command('sensor').description('make flow sensors');
  command
    .command('create')
    .description("make a sensor and print the sensor's id")
    .addArgument(
      new Argument('<NAME>', 'of the sensor').argParser((text) => named(text, MAX_SENSOR_NAME)),
    )
    .addOption(accountOption())
    .option('--latitude <degrees>', 'from -90 to 90', sensorNumber('latitude'))
    .option('--longitude <degrees>', 'from -180 to 180', sensorNumber('longitude'))
    .option('--pipe-diameter <inches>', 'more than 0', sensorNumber('pipeDiameter'))
    .option(
      '--max-gap <seconds>',
      'a longer time between two pings is an outage (default: 3600)',
      sensorNumber('maxGap'),
    )
    .option('--activated-at <datetime>', 'when it went into service (default: now)', instant)
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
