import { once } from 'node:events';
import { formatInstant } from '../domain/shared/time.js';
import { OutputClosedError } from './error-messages.js';

/** Prints a line that others may read: on stdout, nothing added. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Tells the person at the terminal something that is no result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes to stdout no faster than it is read. @throws OutputClosedError */
export async function writeOut(text: string): Promise<void> {
  if (process.stdout.destroyed) throw new OutputClosedError();
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Prints rows under a heading, in columns as wide as what they hold. */
export function printTable(
  heading: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const lines = [heading, ...rows].map((row) => row.map(String));
  const widths = heading.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  for (const line of lines) {
    const cells = line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    printLine(cells.join('  ').trimEnd());
  }
}

/** An instant as a table shows it, a dash where there is none. */
export function shownInstant(instant: Date | null): string {
  return instant ? formatInstant(instant) : '-';
}
