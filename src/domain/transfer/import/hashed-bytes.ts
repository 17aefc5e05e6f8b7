import { createHash } from 'node:crypto';

/** Bytes that are hashed as they are read. */
export class HashedBytes {
  private readonly hash = createHash('sha256');
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for (let next = await this.source.next(); !next.done; next = await this.source.next()) {
      this.hash.update(next.value);
      yield next.value;
    }
  }

  /** The SHA-256 of all bytes, also of those that no one has read. */
  async digest(): Promise<Buffer> {
    const rest = this.pieces();
    let next: IteratorResult<Uint8Array>;
    do next = await rest.next();
    while (!next.done);
    return this.hash.digest();
  }
}
