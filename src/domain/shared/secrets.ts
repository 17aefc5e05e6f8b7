import { createHash } from 'node:crypto';

/** What is stored of a secret of 256 random bits. */
export function sha256(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}
