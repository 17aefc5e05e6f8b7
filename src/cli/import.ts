import { open, type FileHandle } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import type { ImportResult } from '../domain/transfer/import.js';
import type { OnConflict } from '../domain/pings/resolve-conflicts.js';
import { FLOWRATE_UNITS, type FlowrateUnit } from '../domain/volumes/units.js';
import { CommandError } from './error-messages.js';
import { printLine } from './output.js';
import { ImportProgress } from './import-progress.js';
import { withDomain } from './with-domain.js';
import { accountOption } from './option-parsers.js';

const HELP = `
The file is CSV in UTF-8 with a header; columns in any order, others are ignored:
  sensor_id or sensor_name   the id counts where it is filled
  datetime                   ISO 8601, UTC unless it says otherwise
  flowrate                   in --unit
  latitude, longitude, pipe_diameter
                             of sensors that --create-sensors makes
A file with a fault is not loaded at all; what is held already is skipped, so
that a file may be loaded again.

Examples:
  $ flowgate import pings.csv --account demo --create-sensors
  $ zcat pings.csv.gz | flowgate import - --account demo --unit m3/h --dry-run`;

export function importCommand(): Command {
  return new Command('import')
    .description('load pings from a CSV file, whole or not at all')
    .addArgument(new Argument('<FILE.csv>', 'the file; - is stdin'))
    .addOption(accountOption())
    .option('--create-sensors', 'make the sensors whose names the account does not have', false)
    .addOption(
      new Option('--unit <unit>', "of the file's flowrates")
        .choices(FLOWRATE_UNITS)
        .default('bbl/d'),
    )
    .addOption(
      new Option('--on-conflict <action>', 'where a ping is held with another flowrate')
        .choices(['reject', 'overwrite'])
        .default('reject'),
    )
    .option('--dry-run', 'say what would change and change nothing', false)
    .addHelpText('after', HELP)
    .action(run);
}

interface ImportOptions {
  account: string;
  createSensors: boolean;
  unit: FlowrateUnit;
  onConflict: 'reject' | 'overwrite';
  dryRun: boolean;
}

const PIECE_BYTES = 1 << 18;

async function run(file: string, options: ImportOptions): Promise<void> {
  const { account, createSensors, unit, dryRun } = options;
  const source = file === '-' ? undefined : await openFile(file);
  try {
    const bytes: AsyncIterable<Buffer> =
      source?.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false }) ?? process.stdin;
    const progress = new ImportProgress(await sizeOf(source));
    const result = await withDomain(async ({ accounts, imports }) => {
      const operator = await accounts.operatorIn({ name: account });
      progress.start();
      try {
        return await imports.run(
          operator,
          textOf(bytes, progress),
          {
            unit,
            createSensors,
            dryRun,
            onConflict: options.onConflict.toUpperCase() as OnConflict,
            reason: file === '-' ? 'import' : `import of ${file}`,
          },
          (rows) => progress.rows(rows),
        );
      } finally {
        progress.stop();
      }
    });
    printLine(told(result, dryRun));
  } finally {
    await source?.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    const source = await open(file);
    if (!(await source.stat()).isDirectory()) return source;
    await source.close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new CommandError(`${file} cannot be read: ${reason}.`, { cause: error });
  }
  throw new CommandError(`${file} cannot be read: it is a directory.`);
}

/** Bytes; undefined where it is not known before the end, as of a pipe. */
async function sizeOf(source: FileHandle | undefined): Promise<number | undefined> {
  const stat = await source?.stat();
  return stat?.isFile() ? stat.size : undefined;
}

async function* textOf(
  bytes: AsyncIterable<Buffer>,
  progress: ImportProgress,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) {
    yield decoder.decode(piece, { stream: true });
    progress.bytes(piece.length);
  }
  yield decoder.decode();
}

function told(result: ImportResult, dryRun: boolean): string {
  const { rows, inserted, duplicates, corrected, sensorsMade } = result;
  const counts = `${rows} rows: ${inserted} new, ${duplicates} duplicates, ${corrected} corrected; ${sensorsMade} sensors made`;
  return dryRun ? `${counts} (dry run: nothing was changed)` : counts;
}
