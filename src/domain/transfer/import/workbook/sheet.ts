import { DAY_MS } from '../../../shared/durations.js';
import { formatLocal } from '../datetimes.js';
import { MAX_RECORD } from '../csv.js';
import { ImportErrors } from '../errors.js';
import { MAX_SHEET_BYTES, type Archive } from './archive.js';
import type { WorkbookParts } from './parts.js';
import { XmlReader } from './xml.js';

const DAY_0_OF_1900 = Date.UTC(1899, 11, 30);
const DAY_0_OF_1904 = Date.UTC(1904, 0, 1);
const MAX_COLUMNS = 16_384;
const MAX_ROWS = 1_048_576;
/** 31 December 9999 */
const MAX_DAY = 2_958_466;

/**
 * The sheet as CSV, with a line for each row, so that the lines of errors are its rows. Datetimes
 * become local times in ISO 8601.
 */
export async function* sheetAsCsv(archive: Archive, parts: WorkbookParts): AsyncGenerator<string> {
  const rows = new Rows(parts);
  const reader = new XmlReader(parts.sheetPart, rows);
  for await (const piece of archive.text(parts.sheetPart, MAX_SHEET_BYTES)) {
    reader.read(piece);
    yield rows.take();
  }
  reader.end();
  yield rows.take();
}

/** Handles the elements of a sheet: row, c (a cell), v (its value), is (a text within it). */
class Rows {
  private csv = '';
  private lines = 0;
  private row = 0;
  private cells: string[] = [];
  private column = 0;
  private length = 0;
  private type = '';
  private isDate = false;
  private value = '';
  private isValue = false;

  constructor(private readonly parts: WorkbookParts) {}

  take(): string {
    const { csv } = this;
    this.csv = '';
    return csv;
  }

  open = (tag: string, { r = '', t = 'n', s = '0' }: Readonly<Record<string, string>>): void => {
    if (tag === 'row') {
      this.row = r === '' ? this.row + 1 : Number(r);
      if (!(this.row > this.lines && this.row <= MAX_ROWS)) throw wrong(`the row ${r}`);
      this.cells = [];
      this.column = -1;
      this.length = 0;
    } else if (tag === 'c') {
      this.column = r === '' ? this.column + 1 : columnOf(r);
      if (!(this.column < MAX_COLUMNS)) throw wrong(`the cell ${r}`);
      this.type = t;
      this.isDate = t === 'n' && (this.parts.dateStyles[Number(s)] ?? false);
      this.value = '';
    } else if (tag === 'v' || tag === 't') this.isValue = true;
  };

  text = (text: string): void => {
    if (!this.isValue) return;
    this.length += text.length;
    if (this.length > MAX_RECORD) throw wrong(`the length of the row ${this.row}`);
    this.value += text;
  };

  close = (tag: string): void => {
    if (tag === 'v' || tag === 't') this.isValue = false;
    else if (tag === 'c') {
      while (this.cells.length < this.column) this.cells.push('');
      this.cells[this.column] = csvField(this.cellText());
    } else if (tag === 'row') this.endRow();
  };

  private endRow(): void {
    this.csv += '\n'.repeat(this.row - this.lines - 1) + this.cells.join(',') + '\n';
    this.lines = this.row;
  }

  private cellText(): string {
    const { type, value } = this;
    if (type === 's') return this.parts.strings[Number(value)] ?? '';
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (type === 'd') return value.replace('T', ' ');
    return this.isDate && value !== '' ? this.dateText(Number(value)) : value;
  }

  /** A date, a time, or both, as the number has a whole part and a fraction. */
  private dateText(day: number): string {
    if (!(day >= 0 && day < MAX_DAY)) return String(day);
    const start = this.parts.is1904 ? DAY_0_OF_1904 : DAY_0_OF_1900;
    const text = formatLocal(start + Math.round(day * DAY_MS));
    if (day < 1) return text.slice('YYYY-MM-DD '.length);
    return Number.isInteger(day) ? text.slice(0, 'YYYY-MM-DD'.length) : text;
  }
}

/** From 0. `AB12` is in column 27. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.replace(/\d+$/, '')) {
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  return column - 1;
}

/** Without line breaks, so that a row is a line. */
function csvField(text: string): string {
  if (!/[",\r\n]/.test(text)) return text;
  return `"${text.replace(/\r\n?|\n/g, ' ').replaceAll('"', '""')}"`;
}

function wrong(what: string): ImportErrors {
  return ImportErrors.of({ message: `The Excel workbook is damaged: ${what} is not possible.` });
}
