import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { OnConflict } from '../domain/pings/resolve-conflicts.js';
import type { Domain } from '../composition/domain.js';
import type { Principal } from '../domain/shared/principal.js';
import { ImportErrors } from '../domain/transfer/import/errors.js';
import type { ImportSettings } from '../domain/transfer/import/settings.js';
import { CommandError } from './error-messages.js';
import { importFormatOptions, settingsOf, type ImportFormatOptions } from './import-format.js';
import { Progress } from './progress.js';
import { watchFolder } from './import-watch.js';
import { formatImportResult, formatRefusedFile } from './import-result.js';
import { accountOption, comment, profileName, seconds } from './option-parsers.js';
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
  totalizer                  of the meter itself, in bbl
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
  epoch-s, epoch-ms, epoch-us, epoch-ns    seconds, or smaller units, since 1970
  excel, excel-1904                        days as a spreadsheet counts, from 1900 or 1904

Examples:
  $ flowgate import pings.csv --account demo --create-sensors
  $ flowgate import pings.csv.gz --account demo --unit m3/h --dry-run
  $ flowgate import export.csv --account demo --decimal , --date-format "DD.MM.YYYY HH:mm" \\
      --time-zone Europe/Berlin
  $ flowgate import historian.csv --account demo --where quality=Good --null-value -999999 \\
      --columns sensor_name=Tag,datetime=Date+Time,flowrate=Value
  $ flowgate import trend.csv --account demo --wide --columns datetime=Timestamp
  $ flowgate import march.xlsx --account demo --unit m3/h --save-profile "Plant 2"
  $ flowgate import april.xlsx --account demo --profile "Plant 2"
  $ flowgate import --watch /srv/scada --account demo --profile "Plant 2"`;

export function importCommand(): Command {
  const command = new Command('import')
    .description('load pings from a CSV file or an Excel workbook, whole or not at all')
    .addArgument(new Argument('[FILE]', 'the file; - is stdin'))
    .addOption(accountOption())
    .option('--watch <directory>', 'load files as they appear there, until a signal ends it')
    .addOption(
      new Option('--settle <seconds>', 'how long a file must not have changed to be finished')
        .argParser(seconds)
        .default(5),
    )
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
  watch?: string;
  settle: number;
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

async function run(
  file: string | undefined,
  options: ImportOptions,
  command: Command,
): Promise<void> {
  const { watch, dryRun, preview } = options;
  if (file === undefined && watch !== undefined) {
    if (dryRun || preview) command.error('error: --watch loads files; it has no dry run');
    await watchAndLoad(watch, options);
  } else if (file !== undefined && watch === undefined) {
    await withSource(file, (source) =>
      withDomain((domain) => load(domain, { ...source, print: printLine }, options)),
    );
  } else command.error('error: name one FILE to load, or a directory with --watch');
}

async function watchAndLoad(folder: string, options: ImportOptions): Promise<void> {
  const ended = new AbortController();
  await withDomain(
    async (domain) => {
      // A wrong option is reported now, and not once for each file.
      await settingsFor(domain, options);
      await watchFolder({
        ...{ folder, settleMs: options.settle * 1000, signal: ended.signal },
        load: async (file) => {
          const lines: string[] = [];
          const print = (line: string) => void lines.push(line);
          await withSource(file, (source) => load(domain, { ...source, print }, options));
          return lines;
        },
      });
    },
    { create: false, onSignal: () => ended.abort() },
  );
}

async function withSource(
  file: string,
  work: (source: Omit<Source, 'print'>) => Promise<void>,
): Promise<void> {
  const source = file === '-' ? undefined : await openFile(file);
  try {
    const bytes: AsyncIterable<Buffer> =
      source?.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false }) ?? process.stdin;
    await work({ file, bytes, progress: new Progress(await sizeOf(source)) });
  } finally {
    await source?.close();
  }
}

/** Who loads, and how files are read: as the profile says, and as the options say. */
async function settingsFor(
  { accounts, importProfiles, reasonCodes }: Domain,
  options: ImportOptions,
): Promise<{ operator: Principal; settings: ImportSettings }> {
  const { account, profile, reasonCode } = options;
  const operator = await accounts.operatorIn({ name: account });
  await reasonCodes.require(operator, reasonCode).catch((error: Error) => {
    throw new CommandError(`--reason-code: ${error.message}`, { cause: error });
  });
  const saved = profile === undefined ? {} : (await importProfiles.get(operator, profile)).settings;
  return { operator, settings: { ...saved, ...settingsOf(formatOptions(options)) } };
}

/** The options that say how a file is read. */
function formatOptions(options: ImportOptions): ImportFormatOptions {
  const names = new Set(importFormatOptions().map((option) => option.attributeName()));
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.has(name)));
}

interface Source {
  readonly file: string;
  readonly bytes: AsyncIterable<Buffer>;
  readonly progress: Progress;
  readonly print: (line: string) => void;
}

async function load(
  domain: Domain,
  { file, bytes, progress, print }: Source,
  options: ImportOptions,
): Promise<void> {
  const { createSensors, onConflict, saveProfile, reasonCode, comment: given, preview } = options;
  const dryRun = options.dryRun || preview;
  const { operator, settings } = await settingsFor(domain, options);
  progress.start();
  try {
    const result = await domain.imports.load(
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
    if (saveProfile !== undefined)
      await domain.importProfiles.save(operator, saveProfile, settings);
    for (const line of formatImportResult(result, dryRun)) print(line);
  } catch (error) {
    progress.stop();
    if (preview && error instanceof ImportErrors && error.understood) {
      for (const line of formatRefusedFile(error.understood)) print(line);
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
