import { Argument, Command, Option } from 'commander';
import { loadConfig } from '../config.js';
import type { Role } from '../domain/shared/principal.js';
import { MAX_USERNAME } from '../domain/accounts/users.js';
import { note, printTable, formatOptionalInstant } from './output.js';
import { PASSWORD_STDIN, readPassword } from './password.js';
import { operators, withDomain } from './with-domain.js';
import { accountName, accountOption, nameOf } from './option-parsers.js';
import { inviteCommand } from './user-invite.js';

const CREATE_EXAMPLES = `
Examples:
  $ flowgate user create ada --account demo --role admin
  $ printf %s "$PASSWORD" | flowgate user create ada --account demo --password-stdin`;

export function userCommand(): Command {
  const command = new Command('user').description('create, list, change and delete users');
  command
    .command('create')
    .description('create a user who signs in with a password')
    .addArgument(usernameArgument())
    .addOption(accountOption())
    .addOption(
      new Option('--role <role>', 'a viewer reads, an admin may do everything in the account')
        .choices(['viewer', 'admin'])
        .default('viewer'),
    )
    .option(...PASSWORD_STDIN)
    .addHelpText('after', CREATE_EXAMPLES)
    .action(create);
  command.addCommand(inviteCommand());
  command
    .command('list')
    .description('list users')
    .option('--account <name>', 'only the users of this account', accountName)
    .action(list);
  command
    .command('disable')
    .description('end all access of a user')
    .addArgument(usernameArgument())
    .action(disable);
  command
    .command('enable')
    .description('restore the access of a disabled user')
    .addArgument(usernameArgument())
    .action(enable);
  command
    .command('set-role')
    .description(
      'make a user a viewer, who reads, or an admin, who may do everything in the account',
    )
    .addArgument(usernameArgument())
    .addArgument(new Argument('<ROLE>', 'the new role').choices(['viewer', 'admin']))
    .action(setRole);
  command
    .command('delete')
    .description('delete a user; what the user recorded stays')
    .addArgument(usernameArgument())
    .action(remove);
  command
    .command('set-identity')
    .description('let a user sign in at the OpenID Connect provider, without --subject no longer')
    .addArgument(usernameArgument())
    .option('--issuer <url>', 'of the provider, by default FLOWGATE_OIDC_ISSUER')
    .option('--subject <sub>', 'the user there, as `sub` in ID tokens')
    .action(setIdentity);
  command
    .command('reset-totp')
    .description('remove the one-time passwords of a user who has lost them')
    .addArgument(usernameArgument())
    .action(resetTotp);
  command
    .command('set-password')
    .description("change a user's password and sign the user out everywhere")
    .addArgument(usernameArgument())
    .option(...PASSWORD_STDIN)
    .action(setPassword);
  return command;
}

function usernameArgument(): Argument {
  return new Argument('<USERNAME>', 'name of the user').argParser((text) =>
    nameOf(text, MAX_USERNAME),
  );
}

interface CreateOptions {
  account: string;
  role: 'viewer' | 'admin';
  passwordStdin?: true;
}

async function create(username: string, options: CreateOptions, command: Command): Promise<void> {
  const password = await readPassword(command, options.passwordStdin ?? false);
  const role = options.role.toUpperCase() as Role;
  await withDomain(async ({ accounts, users }) => {
    const operator = await accounts.operatorIn({ name: options.account });
    await users.create(operator, { username, password, role });
  });
  note(`Created ${options.role} ${username} in account ${options.account}.`);
}

function list({ account }: { account?: string }): Promise<void> {
  return withDomain(async (services) => {
    const rows = [];
    for (const operator of await operators(services, account)) {
      for (const user of await services.users.list(operator)) {
        rows.push([
          user.username,
          operator.accountName,
          user.role.toLowerCase(),
          user.disabledAt ? 'disabled' : 'active',
          formatOptionalInstant(user.createdAt),
        ]);
      }
    }
    printTable(['USERNAME', 'ACCOUNT', 'ROLE', 'STATUS', 'CREATED'], rows);
  });
}

function disable(username: string): Promise<void> {
  return withDomain(async ({ accounts, users }) => {
    await users.disable(await accounts.operatorIn({ username }), username);
    note(`Disabled ${username}.`);
  });
}

function enable(username: string): Promise<void> {
  return withDomain(async ({ accounts, users }) => {
    await users.enable(await accounts.operatorIn({ username }), username);
    note(`Enabled ${username}.`);
  });
}

function setRole(username: string, role: 'viewer' | 'admin'): Promise<void> {
  return withDomain(async ({ accounts, users }) => {
    const operator = await accounts.operatorIn({ username });
    await users.setRole(operator, username, role.toUpperCase() as Role);
    note(`Made ${username} ${role === 'admin' ? 'an admin' : 'a viewer'}.`);
  });
}

function remove(username: string): Promise<void> {
  return withDomain(async ({ accounts, users }) => {
    await users.delete(await accounts.operatorIn({ username }), username);
    note(`Deleted ${username}.`);
  });
}

interface IdentityOptions {
  issuer?: string;
  subject?: string;
}

function setIdentity(
  username: string,
  { subject, ...options }: IdentityOptions,
  command: Command,
): Promise<void> {
  const issuer = options.issuer ?? loadConfig().openId?.issuer.href;
  if (subject !== undefined && issuer === undefined) {
    command.error('error: --issuer is needed where FLOWGATE_OIDC_ISSUER is not set');
  }
  const identity = subject === undefined ? undefined : { issuer: issuer!, subject };
  return withDomain(async ({ accounts, users }) => {
    await users.setIdentity(await accounts.operatorIn({ username }), username, identity);
    note(
      identity
        ? `${username} signs in at ${issuer} from now on.`
        : `${username} signs in with a password alone from now on.`,
    );
  });
}

function resetTotp(username: string): Promise<void> {
  return withDomain(async ({ accounts, users }) => {
    await users.resetTotp(await accounts.operatorIn({ username }), { username });
    note(`Removed the one-time passwords of ${username}.`);
  });
}

async function setPassword(
  username: string,
  { passwordStdin = false }: { passwordStdin?: boolean },
  command: Command,
): Promise<void> {
  const password = await readPassword(command, passwordStdin);
  await withDomain(async ({ accounts, users }) => {
    await users.setPassword(await accounts.operatorIn({ username }), username, password);
  });
  note(`Changed the password of ${username}.`);
}
