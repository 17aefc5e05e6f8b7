import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createEmptyDatabase } from './database.js';

/**
 * Runs a benchmark of `bench/` as `npm run bench` does, with very little data.
 * @returns what it printed
 * @throws where its exit status is not 0, as it is where the compared servers' responses differ
 */
export async function runBenchmark(name: string, ...args: string[]): Promise<string> {
  const server = await createEmptyDatabase();
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', './scripts/typescript.mjs', 'bench/run.ts', name, '--tiny', ...args],
      { env: { PATH: process.env['PATH'], DATABASE_URL: server.url } },
    );
    return stdout;
  } finally {
    await server.drop();
  }
}

/** The first cells of the rows of the tables that a benchmark printed. */
export function rowNames(output: string): string[] {
  const names: string[] = [];
  let inTable = false;
  for (const line of output.split('\n')) {
    if (/^\| -+ \|/.test(line)) inTable = true;
    else if (!line.startsWith('|')) inTable = false;
    else if (inTable) names.push(line.split('|')[1]!.trim());
  }
  return names;
}
