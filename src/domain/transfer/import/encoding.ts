import { TextDecoder } from 'node:util';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportErrors } from './errors.js';
import type { ImportFormat } from './options.js';

export interface DecodingLimits {
  /** called with numbers of bytes that are kept in memory until the end */
  readonly onKept?: (bytes: number) => void;
  /** of a file that is compressed by gzip */
  readonly maxUnpackedBytes?: number;
}

/** A file as text; a workbook as CSV. */
export interface DecodedFile {
  readonly text: AsyncIterable<string>;
  /** what was recognised by itself, e.g. "UTF-16LE" */
  readonly recognised: readonly string[];
  /** what is certain of the text, whatever an option says */
  readonly format: Pick<ImportFormat, 'delimiter' | 'decimal'>;
}

const BYTE_ORDER_MARKS = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OLD_EXCEL = [0xd0, 0xcf, 0x11, 0xe0];
const HEAD_BYTES = 64;
// The rows of one piece of text are in memory together, and the garbage collector copies those that it
// finds alive. A million rows in pieces of 256 KiB take 1.5 times the CPU that they take in pieces of 16 KiB.
const MAX_TEXT_BYTES = 1 << 14;

/**
 * Decodes a file, which may be compressed by gzip, or an Excel workbook. A byte order mark is certain, so it counts more
 * than the encoding that was named.
 * @param encoding as the WHATWG Encoding Standard names it; UTF-8 unless given
 * @throws ImportErrors where the file is a workbook that cannot be read, damaged, or too large
 * @throws RangeError where the encoding is unknown
 */
export async function decodeFile(
  bytes: AsyncIterable<Uint8Array>,
  encoding?: string,
  { onKept, maxUnpackedBytes }: DecodingLimits = {},
): Promise<DecodedFile> {
  const recognised: string[] = [];
  let content = await peek(bytes);
  if (startsWith(content.head, GZIP)) {
    recognised.push('compressed by gzip');
    content = await peek(gunzip(content.all(), maxUnpackedBytes));
  }
  const { head } = content;
  if (startsWith(head, OLD_EXCEL)) {
    const message =
      'The file is an Excel workbook of the old format (.xls) or one with a password; save it as .xlsx or CSV (UTF-8) first.';
    throw ImportErrors.of({ message });
  }
  if (startsWith(head, ZIP)) {
    // Loaded only now: most files need neither a ZIP nor an XML reader.
    const { readWorkbook } = await import('./workbook/workbook.js');
    const { text, recognised: workbook } = await readWorkbook(content.all(), onKept);
    return {
      text,
      recognised: [...recognised, ...workbook],
      format: { delimiter: ',', decimal: '.' },
    };
  }
  const mark = BYTE_ORDER_MARKS.find(({ bytes: mark }) => startsWith(head, mark));
  if (mark && mark.encoding !== 'utf-8') recognised.push(`as ${mark.encoding.toUpperCase()}`);
  if (!mark && encoding === undefined && head.includes(0)) throw withoutMark(head);
  const decoder = new TextDecoder(mark?.encoding ?? encoding ?? 'utf-8');
  return { text: decode(content.all(), decoder), recognised, format: {} };
}

/** Whether --encoding may name it. */
export function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}

interface Peeked {
  readonly head: Uint8Array;
  /** The bytes from the first on. */
  readonly all: () => AsyncGenerator<Uint8Array>;
}

/** Reads the first bytes ahead. */
async function peek(bytes: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const source = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await source.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  return {
    head: Buffer.concat(first).subarray(0, HEAD_BYTES),
    async *all() {
      yield* first;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    },
  };
}

async function* gunzip(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes = Infinity,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes, { objectMode: false });
  const unpacked = source.pipe(createGunzip());
  source.once('error', (error) => unpacked.destroy(error));
  try {
    let unpackedBytes = 0;
    for await (const piece of unpacked as AsyncIterable<Buffer>) {
      unpackedBytes += piece.length;
      if (unpackedBytes > maxBytes) {
        throw ImportErrors.of({ message: `Unpacked, the file has more than ${maxBytes} bytes.` });
      }
      yield piece;
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    throw ImportErrors.of({ message: `The file is damaged gzip: ${message}.` });
  } finally {
    source.destroy();
  }
}

async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  decoder: TextDecoder,
): AsyncGenerator<string> {
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; at += MAX_TEXT_BYTES) {
      yield decoder.decode(piece.subarray(at, at + MAX_TEXT_BYTES), { stream: true });
    }
  }
  yield decoder.decode();
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

/** Latin letters in UTF-16 have a zero byte each. */
function withoutMark(head: Uint8Array): ImportErrors {
  const isUtf16 = head.indexOf(0) < 2 && head.length > 3;
  if (!isUtf16) return ImportErrors.of({ message: 'The file is not text.' });
  const value = head[0] === 0 ? 'utf-16be' : 'utf-16le';
  const message = 'The file looks like UTF-16, but has no byte order mark.';
  return ImportErrors.of({ message, remedies: [{ option: 'encoding', value }] });
}
