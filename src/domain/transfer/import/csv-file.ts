import { CsvError, CsvReader, type CsvRow } from './csv.js';
import { CsvHead } from './csv-head.js';
import type { ImportFormat } from './options.js';

const DELIMITERS: Readonly<Partial<Record<string, string>>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};
/** The header is looked for behind so many lines. */
const MAX_TITLE_LINES = 50;
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;

type MaybeRecord = CsvRow | CsvError | undefined;

/** A CSV file whose format is known. */
export interface CsvFile {
  /** undefined where the file has no line but comments */
  readonly header: CsvRow | undefined;
  readonly delimiter: string;
  /** what was recognised by itself, e.g. "separated by semicolons" */
  readonly recognised: readonly string[];
  /** The records after the header, in pieces. @throws CsvError */
  readonly rows: () => AsyncGenerator<CsvRow[]>;
}

/**
 * Recognises how a file is written from what precedes its first record: lines that end in a
 * carriage return alone, a first line `sep=;` as Excel writes it, comments (`#`), a title, and the
 * delimiter, which is the one that makes a header of a line.
 * @param text in pieces that may be cut anywhere
 * @param isHeader whether a record names all columns that are needed
 * @throws CsvError
 */
export async function openCsv(
  text: AsyncIterable<string>,
  { delimiter: chosen, skipLines }: ImportFormat,
  isHeader: (fields: readonly string[]) => boolean,
): Promise<CsvFile> {
  const head = new CsvHead(text);
  const recognised: string[] = [];
  if (await head.endsLinesInReturns()) recognised.push('lines that end in a carriage return');
  let delimiter = chosen;
  let line: string | undefined;
  while ((line = await head.line()) !== undefined) {
    if (head.lineNumber > (skipLines ?? 0)) {
      const [, separator] = SEPARATOR_LINE.exec(line) ?? [];
      if (separator !== undefined) {
        if (delimiter === undefined) recognised.push(`separated by ${nameOf(separator)}`);
        delimiter ??= separator;
      } else if (line !== '' && !line.startsWith('#')) break;
    }
    head.skipLine();
  }
  const candidates = delimiter === undefined ? Object.keys(DELIMITERS) : [delimiter];
  const first = head.lineNumber;
  const isTitled = skipLines === undefined && (await skipTitle(head, candidates, isHeader));
  if (isTitled) recognised.push(titleOf(first, head.lineNumber));
  const records = await recordsOf(head, candidates);
  const best = bestOf(records, isHeader);
  const header = records[best];
  if (header instanceof CsvError) throw header;
  const found = candidates[best]!;
  if (delimiter === undefined && found !== ',') recognised.push(`separated by ${nameOf(found)}`);
  return {
    header,
    delimiter: found,
    recognised,
    rows: () => rowsAfterHeader(head, found),
  };
}

/**
 * Skips lines before the header, such as a report's title and its date, if one of the first lines
 * is a header, and those before it fill fewer fields than it, as rows of readings would not.
 * @returns whether it did
 */
async function skipTitle(
  head: CsvHead,
  delimiters: readonly string[],
  isHeader: (fields: readonly string[]) => boolean,
): Promise<boolean> {
  const start = head.place;
  const filled = delimiters.map(() => 0);
  for (let lines = 0; lines <= MAX_TITLE_LINES; lines++) {
    const records = fieldsOf(await recordsOf(head, delimiters));
    const counts = records.map((fields) => fields.filter((field) => field.trim() !== '').length);
    const header = records.findIndex(isHeader);
    if (header >= 0 && filled[header]! < counts[header]!) return lines > 0;
    if (header >= 0 || (await head.line()) === undefined) break;
    counts.forEach((count, index) => (filled[index] = Math.max(filled[index]!, count)));
    head.skipLine();
  }
  head.goBack(start);
  return false;
}

function titleOf(first: number, header: number): string {
  return header - first === 1
    ? `line ${first} as a title before the header`
    : `lines ${first} to ${header - 1} as a title before the header`;
}

/** What the current line begins with each delimiter. */
async function recordsOf(head: CsvHead, delimiters: readonly string[]): Promise<MaybeRecord[]> {
  const records: MaybeRecord[] = [];
  for (const delimiter of delimiters) records.push(await head.record(delimiter));
  return records;
}

function fieldsOf(records: readonly MaybeRecord[]): (readonly string[])[] {
  return records.map((record) => (record && 'fields' in record ? record.fields : []));
}

/** The index of the record that is the header, or else of the one with the most fields. */
function bestOf(
  records: readonly MaybeRecord[],
  isHeader: (fields: readonly string[]) => boolean,
): number {
  const fields = fieldsOf(records);
  const header = fields.findIndex(isHeader);
  if (header >= 0) return header;
  const counts = fields.map(({ length }) => length);
  return counts.indexOf(Math.max(...counts));
}

function nameOf(delimiter: string): string {
  return DELIMITERS[delimiter] ?? JSON.stringify(delimiter);
}

async function* rowsAfterHeader(head: CsvHead, delimiter: string): AsyncGenerator<CsvRow[]> {
  const reader = new CsvReader(delimiter, head.lineNumber);
  let isFirst = true;
  for await (const piece of head.pieces()) {
    const rows = reader.read(piece);
    if (isFirst && rows.length > 0) {
      rows.shift();
      isFirst = false;
    }
    yield rows;
  }
  const last = reader.end();
  yield isFirst ? last.slice(1) : last;
}
