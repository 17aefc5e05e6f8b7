import { CsvError, CsvReader, MAX_RECORD, type CsvRow } from './csv.js';

interface Place {
  readonly at: number;
  readonly lineNumber: number;
}

/** The beginning of a text; more is read when it is needed. */
export class CsvHead {
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

  /** The current line, to come back to it before the rest of the text is read. */
  get place(): Place {
    return { at: this.at, lineNumber: this.lineNumber };
  }

  goBack({ at, lineNumber }: Place): void {
    this.at = at;
    this.lineNumber = lineNumber;
  }

  /** The record that begins at the current line; undefined where there is none. */
  async record(delimiter: string): Promise<CsvRow | CsvError | undefined> {
    try {
      // Each time twice as much, so that a quote that is never closed is not read line by line.
      for (let end = this.at; ; end = this.at + 2 * (end + 1 - this.at)) {
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
