import { TextDecoder } from 'node:util';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { ImportErrors } from '../errors.js';

const MEBIBYTE = 2 ** 20;
/** of a workbook's file */
export const MAX_WORKBOOK_BYTES = 64 * MEBIBYTE;
/** of a part that is read as a stream, unpacked */
export const MAX_SHEET_BYTES = 512 * MEBIBYTE;
/** of a part that is kept in memory, unpacked */
export const MAX_PART_BYTES = 64 * MEBIBYTE;
const MAX_ENTRIES = 10_000;

/**
 * The parts of a workbook, which is a ZIP archive. No part is unpacked beyond what the archive says
 * of its size, which is limited: a small file cannot fill the memory.
 */
export class Archive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws ImportErrors where it is no archive, or a damaged one */
  static async open(bytes: Buffer): Promise<Archive> {
    try {
      const zip = await fromBufferPromise(bytes);
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (entries.size === MAX_ENTRIES) throw new Error('it has too many parts');
        entries.set(entry.fileName.toLowerCase(), entry);
      }
      return new Archive(zip, entries);
    } catch (error) {
      throw damaged(error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  /**
   * A part's text, in pieces.
   * @throws ImportErrors where it is not there, damaged, or longer than `maxBytes`
   */
  async *text(name: string, maxBytes: number): AsyncGenerator<string> {
    const entry = this.entries.get(name.toLowerCase());
    if (!entry) throw ImportErrors.of({ message: `The Excel workbook has no part ${name}.` });
    if (entry.uncompressedSize > maxBytes) {
      const message = `The Excel workbook is too large: ${name} has more than ${maxBytes / MEBIBYTE} MiB. Save the sheet as CSV (UTF-8).`;
      throw ImportErrors.of({ message });
    }
    try {
      const decoder = new TextDecoder();
      const stream = await this.zip.openReadStreamPromise(entry);
      for await (const piece of stream as AsyncIterable<Buffer>) {
        yield decoder.decode(piece, { stream: true });
      }
      yield decoder.decode();
    } catch (error) {
      throw damaged(error);
    }
  }
}

function damaged(error: unknown): ImportErrors {
  const { message } = error as Error;
  return ImportErrors.of({
    message: `The file is an Excel workbook or a ZIP archive that cannot be read: ${message}.`,
  });
}
