import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandError } from './error-messages.js';
import { note, printLine } from './output.js';
import { waitForSignal } from './wait-for-signal.js';

const HELP = `
Prints a line for each delivery: its event, its number (FC-Sequence), and whether its two
signatures are valid. With --secret, deliveries with an invalid signature get a 401.

To try it, start the server with WEBHOOK_ALLOW_PRIVATE_NETWORK=true, then run
  $ flowgate webhook listen --port 4001
Create an endpoint http://127.0.0.1:4001/ at /app/developers, listen again with its secret
  $ flowgate webhook listen --port 4001 --secret whsec_…
and press "Send test" there, or record a ping. Press Ctrl-C to stop.

Examples:
  $ flowgate webhook listen --port 4001 --secret "$SECRET" --json | jq .data.flowrate
  $ flowgate webhook listen --port 4001 --status 503    # watch the retries`;

interface ListenOptions {
  port: number;
  host: string;
  secret?: string;
  status?: number;
  json: boolean;
}

export function webhookCommand(): Command {
  return new Command('webhook').description('receive webhooks locally').addCommand(
    new Command('listen')
      .description('print the webhooks that arrive at a local port, verifying their signatures')
      .addOption(
        new Option('--port <number>', 'port to listen on; 0 takes any free port')
          .argParser(wholeNumber(0, 65_535))
          .default(4001),
      )
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .addOption(
        new Option('--secret <whsec_…>', "the endpoint's secret, to verify signatures").argParser(
          secret,
        ),
      )
      .addOption(
        new Option('--status <code>', 'status of every response, e.g. to watch retries').argParser(
          wholeNumber(200, 599),
        ),
      )
      .option('--json', 'print the unchanged bodies on stdout and the lines on stderr', false)
      .addHelpText('after', HELP)
      .action(listen),
  );
}

async function listen({ port, host, secret, status, json }: ListenOptions): Promise<void> {
  const { WebhookListener } = await import('./webhook-listener.js');
  const listener = new WebhookListener({
    secret,
    status,
    onDelivery: ({ body, line }) => {
      if (json) printLine(body);
      (json ? note : printLine)(line);
    },
  });
  const url = await listener.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new CommandError(`${host}:${port} is already in use; choose another --port.`);
  });
  note(`Listening on ${url}`);
  if (!secret) note('Signatures are not verified without --secret.');
  await waitForSignal();
  await listener.close();
}

function secret(text: string): string {
  if (/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be whsec_ followed by base64, as shown at the endpoint.');
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
