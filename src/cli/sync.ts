import { Command, InvalidArgumentError, Option } from 'commander';
import { note, printLine } from './output.js';
import { withDomain } from './with-domain.js';
import { accountOption } from './option-parsers.js';

const HELP = `
A sensor is identified by the server's address and its id there; new sensors are created.
Run again, it continues where it stopped, looking back for pings that arrived late.

Example:
  $ flowgate sync --from https://app.flowcommand.com --token "$KEY" --account demo`;

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function syncCommand(): Command {
  return new Command('sync')
    .description('copy sensors and pings from a server that speaks the documented REST API')
    .addOption(
      new Option('--from <url>', "the server's URL").argParser(address).makeOptionMandatory(),
    )
    .addOption(new Option('--token <key>', 'an API token of that server').makeOptionMandatory())
    .addOption(accountOption())
    .addOption(
      new Option(
        '--look-back <time>',
        'how far back to look for late pings, e.g. 90m, 12h, 7d; a bare number is days',
      )
        .argParser(duration)
        .default(7 * UNITS_MS.d!, '7d'),
    )
    .addHelpText('after', HELP)
    .action(run);
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username)
    return url;
  throw new InvalidArgumentError('It must be a URL such as https://app.example.com.');
}

/** @returns milliseconds */
function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd]?)$/.exec(text) ?? [];
  if (count) return Number(count) * UNITS_MS[unit || 'd']!;
  throw new InvalidArgumentError(
    'It must be a number with s, m, h or d, e.g. 7d; a bare number is days.',
  );
}

interface SyncOptions {
  from: URL;
  token: string;
  account: string;
  lookBack: number;
}

async function run({ from, token, account, lookBack }: SyncOptions): Promise<void> {
  const { UpstreamClient } = await import('../upstream/upstream-client.js');
  return withDomain(async ({ accounts, sync }) => {
    const operator = await accounts.operatorIn({ name: account });
    const result = await sync.run(operator, new UpstreamClient(from, token), {
      lookBackMs: lookBack,
      onSensor: (name) => {
        if (process.stderr.isTTY) note(`Copying ${name}`);
      },
    });
    const { sensors, sensorsCreated, recorded, duplicates, refused } = result;
    printLine(
      `${sensors} sensors, ${sensorsCreated} of them new: ${recorded} pings recorded, ` +
        `${duplicates} already stored, ${refused} refused`,
    );
  });
}
