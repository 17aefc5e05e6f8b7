import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { formatInstant } from '../domain/shared/time.js';
import { isRecordId } from '../domain/shared/record-id.js';
import { accountOption, comment } from './option-parsers.js';
import { printLine, tableLines } from './output.js';
import { withDomain } from './with-domain.js';

const HELP = `
What an import inserted is deleted, and what it replaced is restored; the history keeps all of it.
An import is not undone if one of its readings was corrected or deleted since.

Examples:
  $ flowgate imports list --account demo
  $ flowgate imports undo 12 --account demo --comment "wrong file"`;

export function importsCommand(): Command {
  return new Command('imports')
    .description('list the files that were imported, and undo one')
    .addCommand(listCommand())
    .addCommand(undoCommand())
    .addHelpText('after', HELP);
}

const PAGE = 100;

function listCommand(): Command {
  return new Command('list')
    .description('list the files that an account has imported, the newest first')
    .addOption(accountOption())
    .action(async ({ account }: { account: string }) => {
      const header = ['ID', 'IMPORTED AT', 'BY', 'FILE', 'NEW', 'CORRECTED', 'SENSORS', 'UNDONE'];
      const rows: string[][] = [];
      await withDomain(async ({ accounts, importLog }) => {
        const operator = await accounts.operatorIn({ name: account });
        for (let before: number | undefined; ;) {
          const page = await importLog.list(operator, PAGE, before);
          for (const each of page) {
            rows.push([
              ...[String(each.id), formatInstant(each.importedAt), each.importedBy],
              ...[each.fileName ?? '', String(each.inserted), String(each.corrected)],
              String(each.sensorsCreated),
              each.undoneAt ? `${formatInstant(each.undoneAt)} by ${each.undoneBy}` : '',
            ]);
          }
          if (page.length < PAGE) return;
          before = page.at(-1)!.id;
        }
      });
      for (const line of tableLines(header, rows)) printLine(line);
    });
}

function undoCommand(): Command {
  return new Command('undo')
    .description('undo an import as a whole')
    .addArgument(new Argument('<ID>', 'of the import').argParser(importId))
    .addOption(accountOption())
    .option('--reason-code <code>', 'why, such as DATA_ENTRY; kept in the history')
    .addOption(new Option('--comment <text>', 'the same in words').argParser(comment))
    .action(async (id: number, options: UndoOptions) => {
      const { account, ...reason } = options;
      await withDomain(async ({ accounts, importLog }) => {
        const operator = await accounts.operatorIn({ name: account });
        const { fileName, inserted, corrected } = await importLog.undo(operator, id, reason);
        const what = fileName === null ? '' : ` of ${fileName}`;
        printLine(
          `The import ${id}${what} was undone: ${inserted} readings removed, ${corrected} restored`,
        );
      });
    });
}

interface UndoOptions {
  readonly account: string;
  readonly reasonCode?: string;
  readonly comment?: string;
}

function importId(text: string): number {
  const id = /^\d+$/.test(text) ? Number(text) : 0;
  if (isRecordId(id)) return id;
  throw new InvalidArgumentError('It must be the id of an import, a positive whole number.');
}
