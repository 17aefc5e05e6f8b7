const NEWLINE = 0x0a;

/**
 * The lines of a text that comes in chunks, without their line feeds; the last line need not have
 * one.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer[], void, undefined> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(joined(rest, chunk.subarray(start, end)));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [joined(rest)];
}

function joined(parts: readonly Buffer[], last?: Buffer): Buffer {
  if (parts.length === 0 && last) return last;
  return Buffer.concat(last ? [...parts, last] : parts);
}
