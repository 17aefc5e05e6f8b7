import { datetimeTextOf, isHeader, readHeader, type Columns } from './columns.js';
import type { CsvRow } from './csv.js';
import { openCsv } from './csv-file.js';
import { ImportErrors } from './errors.js';
import { unitErrors } from './header-units.js';
import type { ImportFormat } from './options.js';
import { directionOf } from './row-order.js';
import type { RowFormat } from './row-reader.js';
import type { FlowrateUnit } from '../../shared/units.js';
import { withoutForeignQuality } from './qualities.js';
import { withoutForeignTotalizer } from './totalizers.js';
import { recogniseDateFormat } from './recognise-date-format.js';
import { findUnitRows } from './unit-rows.js';
import { recogniseWide } from './recognise-columns.js';

/** A file whose format and columns are known. */
export interface OpenFile {
  readonly format: Omit<RowFormat, 'unit'>;
  readonly columns: Columns;
  readonly isWide: boolean;
  /** names of all columns, as the file has them */
  readonly header: readonly string[];
  /** what was recognised by itself, each a phrase such as "separated by semicolons" */
  readonly recognised: readonly string[];
  readonly rows: AsyncIterable<CsvRow[]>;
}

/** The form of the datetimes is recognised in these. */
const SAMPLED_ROWS = 1000;

/**
 * Recognises how a file is written, in its head and its first rows.
 * @param unit of the flowrates
 * @param isSensor whether the account has a sensor of that name
 * @throws CsvError; ImportErrors where the header is not understood
 */
export async function openFile(
  text: AsyncIterable<string>,
  given: ImportFormat,
  unit: FlowrateUnit,
  isSensor: (name: string) => boolean,
): Promise<OpenFile> {
  const wide = (fields: readonly string[]) => recogniseWide(fields, given, isSensor);
  const csv = await openCsv(
    text,
    given,
    (fields) => isHeader(fields, given) || wide(fields) !== undefined,
  );
  const { header, delimiter } = csv;
  if (!header) {
    throw ImportErrors.of({ message: 'The file is empty; it must begin with a header.' });
  }
  const recognised = [...csv.recognised];
  let recognisedDateFormat: string | undefined;
  let format = given;
  if (!isHeader(header.fields, given)) {
    format = wide(header.fields) ?? given;
    if (format !== given) recognised.push('a column for each sensor');
  }
  const named = readColumns(header, format, recognised);
  const wrongUnits = unitErrors(named, header.line, unit);
  if (wrongUnits.length > 0) throw new ImportErrors(wrongUnits, wrongUnits.length);
  const first = await sampled(csv.rows());
  const units = findUnitRows(first.sample, named, unit);
  if (units.errors.length > 0) throw new ImportErrors(units.errors, units.errors.length);
  const unitRows = first.sample.slice(0, units.count);
  if (unitRows.length > 0) recognised.push(linesOf(unitRows));
  const { sample, rows } = first.after(units.count);
  const complete = sample
    .map(({ fields }) => fields)
    .filter((fields) => fields.length === named.count);
  const asked = format.columns ?? {};
  const columns = withoutForeignTotalizer(
    withoutForeignQuality(named, complete, asked.quality !== undefined),
    ...([complete, unit, asked.totalizer !== undefined] as const),
  );
  if (format.dateFormat === undefined) {
    const date = recogniseDateFormat(complete.map((fields) => datetimeTextOf(columns, fields)));
    if (date) {
      recognised.push(date.phrase);
      format = { ...format, dateFormat: date.format };
      recognisedDateFormat = date.name;
    }
  }
  const direction = directionOf(complete, columns, format.dateFormat);
  return {
    format: { ...format, delimiter, recognisedDateFormat, direction },
    columns,
    isWide: format.wide ?? false,
    header: header.fields,
    recognised,
    rows,
  };
}

/** @throws ImportErrors that say what the header is, so that its columns can be named */
function readColumns(header: CsvRow, format: ImportFormat, recognised: readonly string[]): Columns {
  try {
    return readHeader(header, format);
  } catch (error) {
    if (!(error instanceof ImportErrors)) throw error;
    throw new ImportErrors(error.errors, error.count, {
      ...{ rows: 0, recognised, header: header.fields, columns: {}, wide: format.wide ?? false },
      ...{ unreadColumns: [], assumedUtc: false, preview: [] },
    });
  }
}

function linesOf(unitRows: readonly CsvRow[]): string {
  const [first, last] = [unitRows[0]!.line, unitRows.at(-1)!.line];
  return first === last
    ? `line ${first} as the units of the columns`
    : `lines ${first} to ${last} as the units of the columns`;
}

interface Sampled {
  readonly sample: readonly CsvRow[];
  /** The sample and all rows, without the first ones. */
  after(count: number): { sample: readonly CsvRow[]; rows: AsyncGenerator<CsvRow[]> };
}

/** Reads the first rows ahead. */
async function sampled(source: AsyncGenerator<CsvRow[]>): Promise<Sampled> {
  const pieces: CsvRow[][] = [];
  const sample: CsvRow[] = [];
  while (sample.length < SAMPLED_ROWS) {
    const next = await source.next();
    if (next.done) break;
    pieces.push(next.value);
    sample.push(...next.value.slice(0, SAMPLED_ROWS - sample.length));
  }
  return {
    sample,
    after: (count) => {
      const skipped = new Set(sample.slice(0, count));
      const rest =
        count === 0 ? pieces : pieces.map((rows) => rows.filter((row) => !skipped.has(row)));
      return { sample: sample.slice(count), rows: continued(rest, source) };
    },
  };
}

async function* continued(
  pieces: readonly CsvRow[][],
  source: AsyncGenerator<CsvRow[]>,
): AsyncGenerator<CsvRow[]> {
  yield* pieces;
  yield* source;
}
