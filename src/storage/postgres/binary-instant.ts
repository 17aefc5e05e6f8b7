// As PostgreSQL holds an instant: microseconds since 2000, past what a number holds exactly.

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

/** @returns milliseconds since 1970, as every instant here is a whole one of */
export function readInstant(buffer: Buffer, at: number): number {
  const microseconds = buffer.readInt32BE(at) * WORD + buffer.readUInt32BE(at + 4);
  // Past the year 2285 they are more than a number holds exactly, by less than would change the
  // millisecond.
  return Math.round(microseconds / 1000) + MS_FROM_1970_TO_2000;
}
