import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { PayloadTooLargeError } from '../domain/shared/errors.js';
import type { BodyShare } from './body-budget.js';

/** of what is read or decompressed at a time */
export const CHUNK_BYTES = 65_536;

export interface BodyLimits {
  /** of one body, decoded */
  readonly maxBytes: number;
  /** of the elements of lists and the fields of objects of one body */
  readonly maxValues: number;
  /** of what all bodies in flight hold */
  readonly share: BodyShare;
  /** after how many milliseconds without a byte a client is cut */
  readonly stallMs: number;
}

/** Decompresses a body as its Content-Encoding says; undefined where it is not compressed. */
export type Decompress = (() => Transform) | undefined;

/** A body that is not what its Content-Encoding says. */
export class DecompressionError extends Error {}

export class TooManyValuesError extends PayloadTooLargeError {}

/**
 * A request's body as it comes in, decompressed. A request whose body is not read to its end can
 * still be answered.
 * @throws DecompressionError; PayloadTooLargeError as soon as it is known to be longer than
 * `maxBytes`, TooManyValuesError to hold more than `maxValues`; UnavailableError where other bodies
 * in flight leave no room for it
 */
export async function* readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  decompress: Decompress,
): AsyncGenerator<Buffer, void, undefined> {
  const { maxBytes, stallMs } = limits;
  if (!decompress && Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
  // Node destroys a socket on which nothing arrives for that long.
  const { socket } = request;
  socket.setTimeout(stallMs);
  try {
    yield* limited(decompress ? decompressed(request, decompress()) : chunks(request), limits);
  } finally {
    socket.setTimeout(0);
  }
}

/** The whole body. */
export async function readWholeBody(...args: Parameters<typeof readBody>): Promise<Buffer> {
  const [request, limits, decompress] = args;
  if (!decompress && isShortAndComplete(request)) return readAtOnce(request, limits);
  const parts: Buffer[] = [];
  for await (const part of readBody(...args)) parts.push(part);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Whether all of a body has arrived, as that of a single ping has together with its headers. */
function isShortAndComplete({ headers, readableLength }: IncomingMessage): boolean {
  const length = Number(headers['content-length']);
  return readableLength > 0 && readableLength === length && length <= CHUNK_BYTES;
}

/** To read it as a stream would take longer than to record a ping. */
function readAtOnce(request: IncomingMessage, limits: BodyLimits): Buffer {
  const body = request.read() as Buffer;
  new BodyCount(limits).add(body);
  return body;
}

async function* limited(source: AsyncIterable<Buffer>, limits: BodyLimits): AsyncGenerator<Buffer> {
  const count = new BodyCount(limits);
  for await (const chunk of source) {
    count.add(chunk);
    yield chunk;
    // Nothing more of it arrives meanwhile, so that many long bodies do not keep short ones waiting.
    if (count.bytes > CHUNK_BYTES) await limits.share.turn();
  }
}

/** How much of a body has come. */
class BodyCount {
  bytes = 0;
  private values = 0;

  constructor(private readonly limits: BodyLimits) {}

  add(chunk: Buffer): void {
    const { maxBytes, maxValues, share } = this.limits;
    this.bytes += chunk.length;
    if (this.bytes > maxBytes) throw tooLarge(maxBytes);
    const added = countValues(chunk);
    this.values += added;
    if (this.values > maxValues) {
      throw new TooManyValuesError(
        `A request body has at most ${maxValues} list elements and object fields.`,
      );
    }
    share.take(Math.max(chunk.length, added * BYTES_PER_VALUE));
  }
}

// Parsed, an empty object takes twenty times its three bytes of text, and a number four times its two: a body of many
// small values counts as a longer one of pings that takes the same memory.
const BYTES_PER_VALUE = 8;

/** How many elements and fields begin in a part of a JSON text; what is inside strings counts too. */
function countValues(chunk: Buffer): number {
  const { buffer, byteOffset, byteLength } = chunk;
  const start = (4 - (byteOffset % 4)) % 4;
  if (byteLength < start) return countBytes(chunk, 0, byteLength);
  // Four bytes at a time, which takes a quarter of the time: most have none of these characters.
  const words = new Int32Array(buffer, byteOffset + start, (byteLength - start) >> 2);
  let count = countBytes(chunk, 0, start) + countBytes(chunk, start + words.byteLength, byteLength);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    // With this bit the two brackets are the same.
    const brackets = (word | 0x20202020) ^ BRACES;
    const commas = word ^ COMMAS;
    const zeros = ((brackets - ONES) & ~brackets) | ((commas - ONES) & ~commas);
    if ((zeros & HIGH_BITS) !== 0) {
      count += BEGINS_VALUE[word & 255]! + BEGINS_VALUE[(word >> 8) & 255]!;
      count += BEGINS_VALUE[(word >> 16) & 255]! + BEGINS_VALUE[word >>> 24]!;
    }
  }
  return count;
}

function countBytes(chunk: Buffer, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index++) count += BEGINS_VALUE[chunk[index]!]!;
  return count;
}

const BEGINS_VALUE = new Uint8Array(256);
for (const byte of Buffer.from('[{,')) BEGINS_VALUE[byte] = 1;
const BRACES = 0x7b7b7b7b;
const COMMAS = 0x2c2c2c2c;
// A byte is zero where subtracting one sets its highest bit, which was not set.
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;

function tooLarge(maxBytes: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`A request body has at most ${maxBytes} bytes, decoded.`);
}

// A stream that a loop leaves early is destroyed, and with a request its socket: no response could
// be sent.
const KEEP_OPEN = { destroyOnReturn: false };

function chunks(request: IncomingMessage): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => request.iterator(KEEP_OPEN) as AsyncIterator<Buffer> };
}

async function* decompressed(request: IncomingMessage, stream: Transform): AsyncGenerator<Buffer> {
  const fail = (error: Error): unknown => stream.destroy(error);
  request.once('error', fail);
  request.pipe(stream);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    if (!isOfZlib(error)) throw error;
    throw new DecompressionError((error as Error).message);
  } finally {
    request.unpipe(stream);
    request.off('error', fail);
    stream.destroy();
  }
}

/** zlib's own codes begin with Z_, those of Brotli with ERR_. */
function isOfZlib(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') || code.startsWith('ERR__ERROR_');
}
