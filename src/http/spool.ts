import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PayloadTooLargeError } from '../domain/shared/errors.js';

export interface SpoolLimits {
  readonly maxBytes: number;
  /** after how many milliseconds without a byte a client is cut */
  readonly stallMs: number;
}

/** A body that was received whole and is kept in a temporary file until it is closed. */
export interface Spool {
  /** of its bytes */
  readonly sha256: Buffer;
  /** Its bytes from the first on. */
  bytes(): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

const PIECE_BYTES = 1 << 18;

/**
 * Receives a request's body in constant memory, before anything is done with it: a client may send
 * slowly without keeping a transaction open. The file has no name, so that nothing is left of it
 * where the process is killed. A request whose body is not read to its end can still be answered.
 * @throws PayloadTooLargeError as soon as it is known to be longer than `maxBytes`
 */
export async function spool(request: IncomingMessage, limits: SpoolLimits): Promise<Spool> {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) throw tooLarge(limits);
  const name = path.join(tmpdir(), `flowgate-${randomUUID()}`);
  const file = await open(name, 'wx+', 0o600);
  try {
    await unlink(name);
    const sha256 = await write(request, file, limits);
    return {
      sha256,
      bytes: () =>
        file.createReadStream({ start: 0, highWaterMark: PIECE_BYTES, autoClose: false }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** @returns the SHA-256 of what was written */
async function write(
  request: IncomingMessage,
  file: FileHandle,
  limits: SpoolLimits,
): Promise<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  // Node destroys a socket on which nothing arrives for that long.
  request.socket.setTimeout(limits.stallMs);
  try {
    const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const piece of pieces) {
      size += piece.length;
      if (size > limits.maxBytes) throw tooLarge(limits);
      hash.update(piece);
      await file.write(piece);
    }
  } finally {
    request.socket.setTimeout(0);
  }
  return hash.digest();
}

function tooLarge({ maxBytes }: SpoolLimits): PayloadTooLargeError {
  return new PayloadTooLargeError(`A file to import has at most ${maxBytes} bytes.`);
}
