import { Argument, Command } from 'commander';
import { importFormatOptions, settingsOf, type ImportFormatOptions } from './import-format.js';
import { accountOption, profileName } from './option-parsers.js';
import { formatOptionalInstant, printLine, printTable } from './output.js';
import { withDomain } from './with-domain.js';

const EXAMPLE = `
Example:
  $ flowgate profile save "Plant 2" --account demo --unit m3/h --time-zone Europe/Berlin
  $ flowgate import april.csv --account demo --profile "Plant 2"`;

export function profileCommand(): Command {
  const command = new Command('profile').description(
    'manage import profiles: how kinds of files are written',
  );
  const name = () => new Argument('<NAME>', 'name of the profile').argParser(profileName);
  command
    .command('list')
    .description('list the import profiles of an account')
    .addOption(accountOption())
    .action(list);
  command
    .command('show')
    .description('print the settings of a profile as JSON')
    .addArgument(name())
    .addOption(accountOption())
    .action(show);
  const saving = command
    .command('save')
    .description('save a profile, in the place of one of the same name')
    .addArgument(name())
    .addOption(accountOption())
    .addHelpText('after', EXAMPLE)
    .action(save);
  for (const option of importFormatOptions()) saving.addOption(option);
  command
    .command('delete')
    .description('delete a profile; what was imported with it stays')
    .addArgument(name())
    .addOption(accountOption())
    .action(remove);
  return command;
}

interface OfAccount {
  account: string;
}

function list({ account }: OfAccount): Promise<void> {
  return withDomain(async ({ accounts, importProfiles }) => {
    const profiles = await importProfiles.list(await accounts.operatorIn({ name: account }));
    const rows = profiles.map(({ name, savedAt, savedBy }) => [
      name,
      formatOptionalInstant(savedAt),
      savedBy,
    ]);
    printTable(['NAME', 'SAVED', 'BY'], rows);
  });
}

function show(name: string, { account }: OfAccount): Promise<void> {
  return withDomain(async ({ accounts, importProfiles }) => {
    const operator = await accounts.operatorIn({ name: account });
    const { settings } = await importProfiles.get(operator, name);
    printLine(JSON.stringify(settings, null, 2));
  });
}

function save(
  name: string,
  { account, ...format }: OfAccount & ImportFormatOptions,
): Promise<void> {
  return withDomain(async ({ accounts, importProfiles }) => {
    const operator = await accounts.operatorIn({ name: account });
    await importProfiles.save(operator, name, settingsOf(format));
  });
}

function remove(name: string, { account }: OfAccount): Promise<void> {
  return withDomain(async ({ accounts, importProfiles }) => {
    await importProfiles.delete(await accounts.operatorIn({ name: account }), name);
  });
}
