import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import {
  checksOfSensor,
  type SensorChecks,
  type SensorChecksInput,
} from '../domain/sensors/checks.js';
import { accountOption, recordId } from './option-parsers.js';
import { note, printTable } from './output.js';
import { withDomain } from './with-domain.js';

const EXAMPLES = `
Without options the checks are printed. Flowrates are in bbl/d. A check that is not named stays as it is.

Examples:
  $ flowgate sensor checks 7 --account demo
  $ flowgate sensor checks 7 --account demo --reasonability 0..20000 --frozen 5,3600 --duplicate on
  $ flowgate sensor checks 7 --account demo --frozen off --reason "a constant pump"`;

type Limits = NonNullable<SensorChecksInput['reasonability']>;

interface CheckOptions {
  frozen?: NonNullable<SensorChecksInput['frozen']> | null;
  rateOfChange?: NonNullable<SensorChecksInput['rateOfChange']> | null;
  reasonability?: Limits | null;
  operationalLimit?: Limits | null;
  lowFlow?: NonNullable<SensorChecksInput['lowFlow']> | null;
  duplicate?: boolean;
}

/** `flowgate sensor checks`: what the readings of a sensor are checked for. */
export function sensorChecksCommand(): Command {
  return new Command('checks')
    .description('print or set what the readings of a sensor are checked for')
    .addArgument(
      new Argument('<ID>', 'id of the sensor, as shown by `sensor list`').argParser(recordId),
    )
    .addOption(accountOption())
    .option(
      '--frozen <readings,seconds>',
      'as many equal readings other than 0, over so many seconds; or off',
      orOff(frozen),
    )
    .option(
      '--rate-of-change <bbl/d>',
      'the largest change a minute; or off',
      orOff((text) => ({ perMinute: numberOf(text) })),
    )
    .option('--reasonability <low..high>', 'what the device can measure; or off', orOff(limits))
    .option('--operational-limit <low..high>', 'what is usual in operation; or off', orOff(limits))
    .option(
      '--low-flow <bbl/d>',
      'the cut-off below which a flowrate other than 0 is flagged; or off',
      orOff((text) => ({ cutOff: numberOf(text) })),
    )
    .addOption(
      new Option(
        '--duplicate <on|off>',
        'another flowrate for an instant that is stored',
      ).argParser((text) => orOff(onlyOn)(text) ?? false),
    )
    .option('--reason <text>', 'why, for the log')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

function run(
  id: number,
  { account, reason, ...given }: CheckOptions & { account: string; reason?: string },
): Promise<void> {
  return withDomain(async ({ accounts, sensors }) => {
    const operator = await accounts.operatorIn({ name: account });
    const checks = checksOfSensor(await sensors.require(operator, id)) ?? {};
    if (Object.keys(given).length === 0) {
      printChecks(checks);
      return;
    }
    await sensors.setChecks(operator, id, { ...checks, ...given }, reason);
    note(`Changed the checks of sensor ${id}.`);
  });
}

function printChecks(checks: SensorChecks): void {
  const { frozen, rateOfChange, reasonability, operationalLimit, lowFlow, duplicate } = checks;
  printTable(
    ['CHECK', 'SETTING'],
    [
      ['frozen', frozen ? `${frozen.readings},${frozen.seconds}` : 'off'],
      ['rate-of-change', rateOfChange?.perMinute ?? 'off'],
      ['reasonability', limitsText(reasonability)],
      ['operational-limit', limitsText(operationalLimit)],
      ['low-flow', lowFlow?.cutOff ?? 'off'],
      ['duplicate', duplicate ? 'on' : 'off'],
    ],
  );
}

function limitsText(limits: SensorChecks['reasonability']): string {
  return limits ? `${limits.low ?? ''}..${limits.high ?? ''}` : 'off';
}

function orOff<T>(parse: (text: string) => T): (text: string) => T | null {
  return (text) => (text === 'off' ? null : parse(text));
}

function onlyOn(text: string): true {
  if (text === 'on') return true;
  throw new InvalidArgumentError('It must be on or off.');
}

function frozen(text: string): { readings: number; seconds: number } {
  const [, readings, seconds] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (seconds !== undefined) return { readings: Number(readings), seconds: Number(seconds) };
  throw new InvalidArgumentError(
    'It must be a number of readings and seconds, e.g. 5,3600, or off.',
  );
}

function limits(text: string): Limits {
  const [, low, high] = /^(.*)\.\.(.*)$/.exec(text) ?? [];
  if (low === undefined || high === undefined) {
    throw new InvalidArgumentError('It must be limits such as 0..20000, 0.. or ..20000, or off.');
  }
  return { low: low === '' ? null : numberOf(low), high: high === '' ? null : numberOf(high) };
}

function numberOf(text: string): number {
  const number = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number, or off.');
}
