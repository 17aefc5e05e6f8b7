import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { SCOPES, type Scope } from '../domain/principal.js';
import { MAX_TOKEN_NAME } from '../domain/tokens.js';
import { note, printLine, printTable, shownInstant } from './output.js';
import { withServices } from './services.js';
import { accountOption, futureInstant, named, recordId } from './values.js';

const CREATE_EXAMPLES = `
Examples:
  $ flowgate token create --account demo --name scada --scope ingest
  $ flowgate token create --account demo --name report --scope read --expires 2030-01-01`;

export function tokenCommand(): Command {
  const command = new Command('token').description('make, list and revoke API tokens');
  command
    .command('create')
    .description('make a token and print its key, this once')
    .addOption(accountOption())
    .addOption(
      new Option('--name <label>', 'what the token is for')
        .argParser((text) => named(text, MAX_TOKEN_NAME))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--scope <scopes>', 'of read, ingest, admin, separated by commas')
        .argParser(scopes)
        .makeOptionMandatory(),
    )
    .option('--expires <datetime>', 'when it ends; else never', futureInstant)
    .addHelpText('after', CREATE_EXAMPLES)
    .action(create);
  command
    .command('list')
    .description('list the tokens of an account that are not revoked')
    .addOption(accountOption())
    .action(list);
  command
    .command('revoke')
    .description('end all access of a token')
    .addArgument(new Argument('<ID>', 'as `token list` shows it').argParser(recordId))
    .action(revoke);
  return command;
}

function scopes(text: string): Scope[] {
  const wanted = text.split(',').map((name) => name.trim().toUpperCase());
  const known = SCOPES.filter((scope) => wanted.includes(scope));
  if (wanted.every((name) => known.some((scope) => scope === name))) return known;
  throw new InvalidArgumentError('It must be of read, ingest, admin, separated by commas.');
}

interface CreateOptions {
  account: string;
  name: string;
  scope: Scope[];
  expires?: Date;
}

function create({ account, name, scope, expires }: CreateOptions): Promise<void> {
  return withServices(async ({ accounts, tokens }) => {
    const operator = await accounts.operatorIn({ name: account });
    const { key } = await tokens.create(operator, { name, scopes: scope, expiresAt: expires });
    printLine(key);
  });
}

function list({ account }: { account: string }): Promise<void> {
  return withServices(async ({ accounts, tokens }) => {
    const found = await tokens.list(await accounts.operatorIn({ name: account }));
    const rows = found.map((token) => [
      token.id,
      token.name,
      token.scopes.join(',').toLowerCase(),
      shownInstant(token.createdAt),
      shownInstant(token.expiresAt),
      shownInstant(token.lastUsedAt),
    ]);
    printTable(['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'], rows);
  });
}

function revoke(tokenId: number): Promise<void> {
  return withServices(async ({ accounts, tokens }) => {
    await tokens.revoke(await accounts.operatorIn({ tokenId }), tokenId);
    note(`Revoked token ${tokenId}.`);
  });
}
