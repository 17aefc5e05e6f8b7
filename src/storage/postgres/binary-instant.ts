// The binary format of an instant in PostgreSQL: microseconds since 2000, more than a number can
// represent exactly.

const MS_FROM_1970_TO_2000 = 946_684_800_000;
const WORD = 2 ** 32;

/**
 * Writes an instant.
 * @param time milliseconds since 1970
 * @returns the position after it
 */
export function writeInstant(buffer: Buffer, time: number, at: number): number {
  const milliseconds = time - MS_FROM_1970_TO_2000;
  const high = Math.floor(milliseconds / WORD);
  const low = (milliseconds - high * WORD) * 1000;
  const carry = Math.floor(low / WORD);
  buffer.writeInt32BE(high * 1000 + carry, at);
  return buffer.writeUInt32BE(low - carry * WORD, at + 4);
}

/** @returns milliseconds since 1970; every instant here is a whole number of them */
export function readInstant(buffer: Buffer, at: number): number {
  const microseconds = buffer.readInt32BE(at) * WORD + buffer.readUInt32BE(at + 4);
  // After the year 2285 a number cannot represent them exactly, but the error never changes the
  // millisecond.
  return Math.round(microseconds / 1000) + MS_FROM_1970_TO_2000;
}
