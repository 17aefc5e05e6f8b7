import { Argument, Command } from 'commander';
import { printLine, printTable, formatOptionalInstant } from './output.js';
import { withDomain } from './with-domain.js';
import { accountName } from './option-parsers.js';

export function accountCommand(): Command {
  const command = new Command('account').description('create and list accounts (tenants)');
  command
    .command('create')
    .description('create an account and print its id')
    .addArgument(new Argument('<NAME>', 'name of the account').argParser(accountName))
    .addHelpText('after', '\nExample:\n  $ flowgate account create "Permian North"')
    .action(create);
  command.command('list').description('list all accounts').action(list);
  return command;
}

function create(name: string): Promise<void> {
  return withDomain(
    async ({ accounts }) => {
      const { id } = await accounts.create(name);
      printLine(String(id));
    },
    { create: true },
  );
}

function list(): Promise<void> {
  return withDomain(async ({ accounts }) => {
    const rows = (await accounts.list()).map(({ id, name, createdAt }) => [
      id,
      name,
      formatOptionalInstant(createdAt),
    ]);
    printTable(['ID', 'NAME', 'CREATED'], rows);
  });
}
