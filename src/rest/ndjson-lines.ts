const NEWLINE = 0x0a;

/** The lines of a text that comes in pieces, without their ends; the last one need not have one. */
export async function* readLines(
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer[], void, undefined> {
  let rest: Buffer[] = [];
  for await (const piece of pieces) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      lines.push(joined(rest, piece.subarray(start, end)));
      rest = [];
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [joined(rest)];
}

function joined(parts: readonly Buffer[], last?: Buffer): Buffer {
  if (parts.length === 0 && last) return last;
  return Buffer.concat(last ? [...parts, last] : parts);
}
