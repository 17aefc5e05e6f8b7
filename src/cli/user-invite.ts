import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config.js';
import { MAX_INVITATION_DAYS } from '../domain/accounts/invitations.js';
import { MAX_USERNAME } from '../domain/accounts/users.js';
import type { Role } from '../domain/shared/principal.js';
import { formatInstant } from '../domain/shared/time.js';
import { accountOption, nameOf } from './option-parsers.js';
import { note, printLine } from './output.js';
import { withDomain } from './with-domain.js';

const DEFAULT_DAYS = 7;

const EXAMPLES = `
Examples:
  $ flowgate user invite --account demo --url https://flow.example.com
  $ flowgate user invite --account demo --role admin --username ada --days 1`;

export function inviteCommand(): Command {
  return new Command('invite')
    .description('print a link by which one person becomes a user and chooses a password')
    .addOption(accountOption())
    .addOption(
      new Option('--role <role>', 'a viewer reads, an admin may do everything in the account')
        .choices(['viewer', 'admin'])
        .default('viewer'),
    )
    .option('--username <name>', 'the username that is proposed', (text) =>
      nameOf(text, MAX_USERNAME),
    )
    .option('--days <number>', 'how long the link can be used', days, DEFAULT_DAYS)
    .option('--url <url>', 'address of the server (default: this machine, with PORT)', address)
    .addHelpText('after', EXAMPLES)
    .action(invite);
}

interface InviteOptions {
  account: string;
  role: 'viewer' | 'admin';
  username?: string;
  days: number;
  url?: string;
}

async function invite(options: InviteOptions): Promise<void> {
  const { port, basePath } = loadConfig();
  const { account, username, days: until, url = `http://localhost:${port}${basePath}` } = options;
  const role = options.role.toUpperCase() as Role;
  const { code, expiresAt } = await withDomain(async ({ accounts, invitations }) => {
    const operator = await accounts.operatorIn({ name: account });
    return invitations.create(operator, { role, username, days: until });
  });
  printLine(`${url}/app/invitation#${code}`);
  note(`It can be used once, until ${formatInstant(expiresAt)}.`);
}

function days(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_INVITATION_DAYS) return number;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_INVITATION_DAYS}.`);
}

/** With the base path, and without a slash at its end. */
function address(text: string): string {
  const isAddress = /^https?:/.test(text) && URL.canParse(text) && !/[?#]/.test(text);
  if (isAddress) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be a URL such as https://flow.example.com.');
}
