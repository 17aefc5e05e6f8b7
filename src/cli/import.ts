import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { OnConflict } from '../domain/pings/resolve-conflicts.js';
import type { Domain } from '../composition/domain.js';
import { ImportErrors } from '../domain/transfer/import/errors.js';
import { CommandError } from './error-messages.js';
import { importFormatOptions, settingsOf, type ImportFormatOptions } from './import-format.js';
import { Progress } from './progress.js';
import { formatImportResult, formatRefusedFile } from './import-result.js';
import { accountOption, comment, profileName } from './option-parsers.js';
import { printLine } from './output.js';
import { withDomain } from './with-domain.js';

const HELP = `
The file is CSV with a header, also compressed by gzip, or an Excel workbook (.xlsx), of which
the first visible sheet is read. Its columns, in any order:
  sensor_id or sensor_name   the id counts where it is filled
  datetime                   ISO 8601; without an offset in --time-zone
  flowrate                   in --unit
  latitude, longitude, pipe_diameter
                             of sensors that --create-sensors creates
  quality                    GOOD, UNCERTAIN or BAD, or 192, 64 or 0 as in OPC
Other columns are named in the result. A byte order mark, a first line "sep=;", comments
(#) before the header, a delimiter that is a comma, semicolon, tab or |, a column for each
sensor, decimal commas and other forms of datetimes are recognised where that is certain.
What is ambiguous is refused, with the option that settles it.

A file with an error is not loaded at all. Pings that are already stored are skipped, so a
file may be loaded again.

Formats of dates (--date-format):
  YYYY  year      M MM  month     D DD  day       MMM  Jan to Dec    YY  year of 2 digits
  H HH  hour      h hh  hour of a 12-hour clock with A (AM or PM)    Z   offset
  mm    minute    ss    second    SSS   fraction
  epoch-s, epoch-ms  seconds or milliseconds since 1970   excel  days as a spreadsheet counts

Examples:
  $ flowgate import pings.csv --account demo --create-sensors
  $ flowgate import pings.csv.gz --account demo --unit m3/h --dry-run
  $ flowgate import export.csv --account demo --decimal , --date-format "DD.MM.YYYY HH:mm" \\
      --time-zone Europe/Berlin
  $ flowgate import historian.csv --account demo --where quality=Good --null-value -999999 \\
      --columns sensor_name=Tag,datetime=Date+Time,flowrate=Value
  $ flowgate import trend.csv --account demo --wide --columns datetime=Timestamp
  $ flowgate import march.xlsx --account demo --unit m3/h --save-profile "Plant 2"
  $ flowgate import april.xlsx --account demo --profile "Plant 2"`;

export function importCommand(): Command {
  const command = new Command('import')
    .description('load pings from a CSV file or an Excel workbook, whole or not at all')
    .addArgument(new Argument('<FILE>', 'the file; - is stdin'))
    .addOption(accountOption())
    .option('--create-sensors', 'create the sensors that the account does not have', false)
    .addOption(
      new Option(
        '--profile <name>',
        'read the file as this profile says, and as options say',
      ).argParser(profileName),
    )
    .addOption(
      new Option(
        '--save-profile <name>',
        'save how the file was read, once it was, as a profile',
      ).argParser(profileName),
    )
    .addOption(
      new Option('--on-conflict <action>', 'if a ping is already stored with another flowrate')
        .choices(['reject', 'overwrite'])
        .default('reject'),
    )
    .option('--reason-code <code>', 'why stored pings change, such as CALIBRATION; kept with them')
    .addOption(
      new Option(
        '--comment <text>',
        'the same in words; the name of the file unless given',
      ).argParser(comment),
    )
    .option('--dry-run', 'show what would change and the first rows, and change nothing', false)
    .option('--preview', 'the same, and the first rows also of a file with errors', false);
  for (const option of importFormatOptions()) command.addOption(option);
  return command.addHelpText('after', HELP).action(run);
}

interface ImportOptions extends ImportFormatOptions {
  account: string;
  createSensors: boolean;
  profile?: string;
  saveProfile?: string;
  preview: boolean;
  onConflict: 'reject' | 'overwrite';
  reasonCode?: string;
  comment?: string;
  dryRun: boolean;
}

const PIECE_BYTES = 1 << 18;

async function run(file: string, options: ImportOptions): Promise<void> {
  const source = file === '-' ? undefined : await openFile(file);
  try {
    const bytes: AsyncIterable<Buffer> =
      source?.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false }) ?? process.stdin;
    const progress = new Progress(await sizeOf(source));
    await withDomain((domain) => load(domain, { file, bytes, progress }, options));
  } finally {
    await source?.close();
  }
}

interface Source {
  readonly file: string;
  readonly bytes: AsyncIterable<Buffer>;
  readonly progress: Progress;
}

async function load(
  { accounts, imports, importProfiles, reasonCodes }: Domain,
  { file, bytes, progress }: Source,
  options: ImportOptions,
): Promise<void> {
  const { account, createSensors, onConflict, profile, saveProfile, ...rest } = options;
  const { reasonCode, comment: given, preview, dryRun: isDryRun, ...typed } = rest;
  const dryRun = isDryRun || preview;
  const operator = await accounts.operatorIn({ name: account });
  await reasonCodes.require(operator, reasonCode).catch((error: Error) => {
    throw new CommandError(`--reason-code: ${error.message}`, { cause: error });
  });
  const saved = profile === undefined ? {} : (await importProfiles.get(operator, profile)).settings;
  const settings = { ...saved, ...settingsOf(typed) };
  progress.start();
  try {
    const result = await imports.load(
      operator,
      counted(bytes, progress),
      {
        settings,
        createSensors,
        dryRun,
        onConflict: onConflict.toUpperCase() as OnConflict,
        reasonCode,
        fileName: file === '-' ? undefined : path.basename(file),
        comment: given ?? (file === '-' ? 'import' : `import of ${file}`),
      },
      { onRows: (rows) => progress.rows(rows) },
    );
    progress.stop();
    if (saveProfile !== undefined) await importProfiles.save(operator, saveProfile, settings);
    for (const line of formatImportResult(result, dryRun)) printLine(line);
  } catch (error) {
    progress.stop();
    if (preview && error instanceof ImportErrors && error.understood) {
      for (const line of formatRefusedFile(error.understood)) printLine(line);
    }
    throw error;
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

/** Bytes; undefined where the size is not known before the end, as of a pipe. */
async function sizeOf(source: FileHandle | undefined): Promise<number | undefined> {
  const stat = await source?.stat();
  return stat?.isFile() ? stat.size : undefined;
}

async function* counted(bytes: AsyncIterable<Buffer>, progress: Progress): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    yield piece;
    progress.bytes(piece.length);
  }
}
