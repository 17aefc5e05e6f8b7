import { createHash } from 'node:crypto';
import {
  BackupError,
  FRAME_HEAD_BYTES,
  frameHead,
  MAGIC,
  parseFrameHead,
  type FrameContents,
  type FrameType,
} from './format.js';

export interface Frame {
  readonly type: FrameType;
  readonly payload: Buffer;
}

export function jsonFrame<T extends keyof FrameContents>(
  type: T,
  content: FrameContents[T],
): Frame {
  return { type, payload: Buffer.from(JSON.stringify(content)) };
}

/** @throws BackupError where the frame is of another type, or not JSON */
export function contentOf<T extends keyof FrameContents>(
  type: T,
  frame: Frame | undefined,
): FrameContents[T] {
  if (frame?.type !== type) throw new BackupError('The backup is damaged.');
  try {
    return JSON.parse(frame.payload.toString()) as FrameContents[T];
  } catch (error) {
    throw new BackupError('The backup is damaged.', { cause: error });
  }
}

/** The bytes of a backup that holds the frames, and a checksum after them. */
export async function* encodeFrames(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256').update(MAGIC);
  yield MAGIC;
  for await (const { type, payload } of frames) {
    const head = frameHead(type, payload.length);
    hash.update(head).update(payload);
    yield head;
    yield payload;
  }
  const checksum = hash.digest();
  yield Buffer.concat([frameHead('checksum', checksum.length), checksum]);
}

/**
 * The frames of a backup, without the checksum.
 * @throws BackupError where the bytes are not a backup, differ from what was written, or end early
 */
export async function* decodeFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const source = new ByteReader(bytes);
  const magic = await source.read(MAGIC.length);
  if (!magic?.equals(MAGIC)) throw new BackupError('The file is not a backup of Flowgate.');
  const hash = createHash('sha256').update(magic);
  for (;;) {
    const head = await source.read(FRAME_HEAD_BYTES);
    if (!head) throw new BackupError('The backup is not whole: its end is missing.');
    const { type, length } = parseFrameHead(head);
    const payload = await source.read(length);
    if (!payload) throw new BackupError('The backup is not whole: its end is missing.');
    if (type === 'checksum') {
      if (!hash.digest().equals(payload) || (await source.read(1))) {
        throw new BackupError('The backup is damaged: its checksum is wrong.');
      }
      return;
    }
    hash.update(head).update(payload);
    yield { type, payload };
  }
}

/** Reads a stream in pieces of given lengths. */
class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private pieces: Buffer[] = [];
  private available = 0;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  /** Undefined where the stream ends before. */
  async read(length: number): Promise<Buffer | undefined> {
    while (this.available < length) {
      const next = await this.source.next();
      if (next.done) return undefined;
      this.pieces.push(next.value);
      this.available += next.value.length;
    }
    const all = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
    const rest = all.subarray(length);
    this.pieces = rest.length > 0 ? [rest] : [];
    this.available = rest.length;
    return all.subarray(0, length);
  }
}
