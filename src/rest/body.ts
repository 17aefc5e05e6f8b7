import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { PayloadTooLargeError } from '../domain/shared/errors.js';
import type { BodyShare } from '../http/body-budget.js';
import { HttpError } from './errors.js';
import { isGzipped } from './media-type.js';

const CHUNK_BYTES = 65_536;

export interface BodyLimits {
  /** of one body, decoded */
  readonly maxBytes: number;
  /** of what all bodies in flight hold */
  readonly share: BodyShare;
  /** after how many milliseconds without a byte a client is cut */
  readonly stallMs: number;
}

/**
 * A request's body as it comes in, unzipped. A request whose body is not read to its end can still
 * be answered.
 * @throws HttpError 400 where it does not match Content-Encoding, 415 where that is not supported;
 * PayloadTooLargeError as soon as it is known to be longer than `maxBytes`; UnavailableError where
 * other bodies in flight leave no room for it
 */
export async function* readBody(
  request: IncomingMessage,
  limits: BodyLimits,
): AsyncGenerator<Buffer, void, undefined> {
  const { maxBytes, stallMs } = limits;
  const isZipped = isGzipped(request);
  if (!isZipped && Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
  // Node destroys a socket on which nothing arrives for that long.
  const { socket } = request;
  socket.setTimeout(stallMs);
  try {
    yield* limited(isZipped ? unzipped(request) : chunks(request), limits);
  } finally {
    socket.setTimeout(0);
  }
}

/** The whole body. */
export async function readWholeBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of readBody(request, limits)) parts.push(part);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

async function* limited(
  source: AsyncIterable<Buffer>,
  { maxBytes, share }: BodyLimits,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    share.take(chunk.length);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`A request body has at most ${maxBytes} bytes, decoded.`);
}

// A stream that a loop leaves early is destroyed, and with a request its socket: no response could
// be sent.
const KEEP_OPEN = { destroyOnReturn: false };

function chunks(request: IncomingMessage): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => request.iterator(KEEP_OPEN) as AsyncIterator<Buffer> };
}

async function* unzipped(request: IncomingMessage): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const fail = (error: Error): unknown => gunzip.destroy(error);
  request.once('error', fail);
  request.pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    throw new HttpError(400, `Gzip decode error - ${(error as Error).message}`);
  } finally {
    request.unpipe(gunzip);
    request.off('error', fail);
    gunzip.destroy();
  }
}
