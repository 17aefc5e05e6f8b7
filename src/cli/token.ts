import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { SCOPES, type Scope } from '../domain/shared/principal.js';
import { MAX_TOKEN_NAME } from '../domain/accounts/tokens.js';
import { note, printLine, printTable, formatOptionalInstant } from './output.js';
import { operators, withDomain } from './with-domain.js';
import { accountName, accountOption, futureInstant, nameOf, recordId } from './option-parsers.js';

const CREATE_EXAMPLES = `
Examples:
  $ flowgate token create --account demo --name scada --scope ingest
  $ flowgate token create --account demo --name report --scope read --expires 2030-01-01`;

export function tokenCommand(): Command {
  const command = new Command('token').description('create, list and revoke API tokens');
  command
    .command('create')
    .description('create a token and print its key, which cannot be shown again')
    .addOption(accountOption())
    .addOption(
      new Option('--name <label>', 'what the token is for')
        .argParser((text) => nameOf(text, MAX_TOKEN_NAME))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--scope <scopes>', 'one or more of read, ingest, admin, separated by commas')
        .argParser(scopes)
        .makeOptionMandatory(),
    )
    .option('--expires <datetime>', 'when the token expires (default: never)', futureInstant)
    .addHelpText('after', CREATE_EXAMPLES)
    .action(create);
  command
    .command('list')
    .description('list the tokens that are not revoked')
    .option('--account <name>', 'only the tokens of this account', accountName)
    .action(list);
  command
    .command('revoke')
    .description('end all access of a token')
    .addArgument(
      new Argument('<ID>', 'id of the token, as shown by `token list`').argParser(recordId),
    )
    .action(revoke);
  return command;
}

function scopes(text: string): Scope[] {
  const wanted = text.split(',').map((name) => name.trim().toUpperCase());
  const known = SCOPES.filter((scope) => wanted.includes(scope));
  if (wanted.every((name) => known.some((scope) => scope === name))) return known;
  throw new InvalidArgumentError(
    'It must be one or more of read, ingest, admin, separated by commas.',
  );
}

interface CreateOptions {
  account: string;
  name: string;
  scope: Scope[];
  expires?: Date;
}

function create({ account, name, scope, expires }: CreateOptions): Promise<void> {
  return withDomain(async ({ accounts, tokens }) => {
    const operator = await accounts.operatorIn({ name: account });
    const { key } = await tokens.create(operator, { name, scopes: scope, expiresAt: expires });
    printLine(key);
  });
}

function list({ account }: { account?: string }): Promise<void> {
  return withDomain(async (services) => {
    const rows = [];
    for (const operator of await operators(services, account)) {
      for (const token of await services.tokens.list(operator)) {
        rows.push([
          token.id,
          token.name,
          operator.accountName,
          token.scopes.join(',').toLowerCase(),
          formatOptionalInstant(token.createdAt),
          formatOptionalInstant(token.expiresAt),
          formatOptionalInstant(token.lastUsedAt),
        ]);
      }
    }
    printTable(['ID', 'NAME', 'ACCOUNT', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'], rows);
  });
}

function revoke(tokenId: number): Promise<void> {
  return withDomain(async ({ accounts, tokens }) => {
    await tokens.revoke(await accounts.operatorIn({ tokenId }), tokenId);
    note(`Revoked token ${tokenId}.`);
  });
}
