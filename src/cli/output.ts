import { once } from 'node:events';
import { formatInstant } from '../domain/shared/time.js';
import { OutputClosedError } from './error-messages.js';

/** Prints a line of the result on stdout. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a line for the person at the terminal, on stderr, that is not part of the result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes to stdout, waiting while the reader is slower. @throws OutputClosedError */
export async function writeOut(chunk: string | Uint8Array): Promise<void> {
  if (process.stdout.destroyed) throw new OutputClosedError();
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
}

/** Prints rows under a heading, in columns as wide as their contents. */
export function printTable(heading: readonly string[], rows: readonly TableRow[]): void {
  tableLines(heading, rows).forEach(printLine);
}

export type TableRow = readonly (string | number)[];

export function tableLines(heading: readonly string[], rows: readonly TableRow[]): string[] {
  const lines = [heading, ...rows].map((row) => row.map(String));
  const widths = heading.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Formats an instant for a table; null is a dash. */
export function formatOptionalInstant(instant: Date | null): string {
  return instant ? formatInstant(instant) : '-';
}
