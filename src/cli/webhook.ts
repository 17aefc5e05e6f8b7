import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandError } from './error-messages.js';
import { note, printLine } from './output.js';
import { waitForSignal } from './wait-for-signal.js';

const HELP = `
Each delivery is a line: what it tells of, its number (FC-Sequence), and whether its two
signatures are right. With the secret, a delivery that is not signed with it is answered 401.

Try it, beside a server that was started with WEBHOOK_ALLOW_PRIVATE_NETWORK=true:
  $ flowgate webhook listen --port 4001
Make an endpoint http://127.0.0.1:4001/ at /app/developers, and listen again with its secret:
  $ flowgate webhook listen --port 4001 --secret whsec_…
then press "Send test" there, or record a ping. Ctrl-C ends it.

Examples:
  $ flowgate webhook listen --port 4001 --secret "$SECRET" --json | jq .data.flowrate
  $ flowgate webhook listen --port 4001 --status 503    # see how it is tried again`;

interface ListenOptions {
  port: number;
  host: string;
  secret?: string;
  status?: number;
  json: boolean;
}

export function webhookCommand(): Command {
  return new Command('webhook').description('try webhooks').addCommand(
    new Command('listen')
      .description('print the webhooks that arrive at a local port, verifying their signatures')
      .addOption(
        new Option('--port <number>', 'where to listen; 0: any free port')
          .argParser(whole(0, 65_535))
          .default(4001),
      )
      .option('--host <address>', 'the address to listen on', '127.0.0.1')
      .addOption(
        new Option('--secret <whsec_…>', "the endpoint's secret, to verify with").argParser(secret),
      )
      .addOption(
        new Option('--status <code>', 'what to answer, to see what is made of it').argParser(
          whole(200, 599),
        ),
      )
      .option('--json', 'print the body of each as it came, and the rest on stderr', false)
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
    throw new CommandError(`${host}:${port} is in use already; say another --port.`);
  });
  note(`Listening on ${url}`);
  if (!secret) note('Without --secret the signatures cannot be verified.');
  await waitForSignal();
  await listener.close();
}

function secret(text: string): string {
  if (/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be whsec_ and base64, as the endpoint shows it.');
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
