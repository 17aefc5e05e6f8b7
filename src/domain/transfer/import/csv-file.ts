import { CsvError, CsvReader, MAX_RECORD, type CsvRow } from './csv.js';
import type { ImportFormat } from './options.js';

const DELIMITERS: Readonly<Partial<Record<string, string>>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;

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
 * carriage return alone, a first line `sep=;` as Excel writes it, comments (`#`), and the
 * delimiter, which is the one that makes a header of the first line.
 * @param text in pieces that may be cut anywhere
 * @param isHeader whether a record names all columns that are needed
 * @throws CsvError
 */
export async function openCsv(
  text: AsyncIterable<string>,
  { delimiter: chosen, skipLines = 0 }: ImportFormat,
  isHeader: (fields: readonly string[]) => boolean,
): Promise<CsvFile> {
  const head = new Head(text);
  const recognised: string[] = [];
  if (await head.endsLinesInReturns()) recognised.push('lines that end in a carriage return');
  let delimiter = chosen;
  let line: string | undefined;
  while ((line = await head.line()) !== undefined) {
    if (head.lineNumber > skipLines) {
      const [, separator] = SEPARATOR_LINE.exec(line) ?? [];
      if (separator !== undefined) {
        if (delimiter === undefined) recognised.push(`separated by ${nameOf(separator)}`);
        delimiter ??= separator;
      } else if (line !== '' && !line.startsWith('#')) break;
    }
    head.skipLine();
  }
  const candidates = delimiter === undefined ? Object.keys(DELIMITERS) : [delimiter];
  const records: (CsvRow | CsvError | undefined)[] = [];
  for (const each of candidates) records.push(await head.record(each));
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

/** The index of the record that is the header, or else of the one with the most fields. */
function bestOf(
  records: readonly (CsvRow | CsvError | undefined)[],
  isHeader: (fields: readonly string[]) => boolean,
): number {
  const fields = records.map((record) => (record && 'fields' in record ? record.fields : []));
  const header = fields.findIndex(isHeader);
  if (header >= 0) return header;
  const counts = fields.map(({ length }) => length);
  return counts.indexOf(Math.max(...counts));
}

function nameOf(delimiter: string): string {
  return DELIMITERS[delimiter] ?? JSON.stringify(delimiter);
}

async function* rowsAfterHeader(head: Head, delimiter: string): AsyncGenerator<CsvRow[]> {
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

/** The beginning of a text; more is read when it is needed. */
class Head {
  private readonly source: AsyncIterator<string>;
  private text = '';
  private at = 0;
  private ended = false;
  private hasReturns = false;
  /** of the current line, from 1 */
  lineNumber = 1;

  constructor(source: AsyncIterable<string>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Must be called first. From then on such lines are read as if they ended in line feeds. */
  async endsLinesInReturns(): Promise<boolean> {
    while (!this.ended && !/\n|\r[^]/.test(this.text)) await this.readMore();
    this.hasReturns = this.text.includes('\r') && !this.text.includes('\n');
    if (this.hasReturns) this.text = withLineFeeds(this.text);
    return this.hasReturns;
  }

  /** The current line without its end; undefined at the end of the text. */
  async line(): Promise<string | undefined> {
    const end = await this.lineEnd(this.at);
    return this.at < this.text.length ? this.text.slice(this.at, end).trimEnd() : undefined;
  }

  skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end + 1;
    this.lineNumber++;
  }

  /** The record that begins at the current line; undefined where there is none. */
  async record(delimiter: string): Promise<CsvRow | CsvError | undefined> {
    try {
      for (let end = this.at; ; end++) {
        end = await this.lineEnd(end);
        const reader = new CsvReader(delimiter, this.lineNumber);
        const [record] = reader.read(this.text.slice(this.at, end + 1));
        if (record) return record;
        if (end >= this.text.length) return reader.end()[0];
      }
    } catch (error) {
      // With another delimiter the quotes may be right.
      if (error instanceof CsvError) return error;
      throw error;
    }
  }

  /** The text from the current line on. */
  async *pieces(): AsyncGenerator<string> {
    yield this.text.slice(this.at);
    this.text = '';
    for (let piece = await this.source.next(); !piece.done; piece = await this.source.next()) {
      yield this.hasReturns ? withLineFeeds(piece.value) : piece.value;
    }
  }

  /** The place of the line feed that ends a line; the text's length for the last line. */
  private async lineEnd(start: number): Promise<number> {
    for (;;) {
      const end = this.text.indexOf('\n', start);
      if (end >= 0) return end;
      if (this.ended) return this.text.length;
      await this.readMore();
    }
  }

  private async readMore(): Promise<void> {
    if (this.text.length - this.at > MAX_RECORD) {
      throw new CsvError(this.lineNumber, `A line is longer than ${MAX_RECORD} characters.`);
    }
    const next = await this.source.next();
    if (next.done) this.ended = true;
    else this.text += this.hasReturns ? withLineFeeds(next.value) : next.value;
  }
}

function withLineFeeds(text: string): string {
  return text.replaceAll('\r', '\n');
}
