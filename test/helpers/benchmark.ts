import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createEmptyDatabase } from './database.js';

/** Longest time of a test that runs one: it starts servers of its own, on a machine that runs other tests meanwhile. */
export const TIMEOUT_MS = 180_000;

/** Runs a benchmark of `bench/` as `npm run bench` does, with next to no data. @returns what it printed */
export async function runBenchmark(name: string): Promise<string> {
  const server = await createEmptyDatabase();
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', './scripts/typescript.mjs', 'bench/run.ts', name, '--tiny'],
      { env: { PATH: process.env['PATH'], DATABASE_URL: server.url } },
    );
    return stdout;
  } finally {
    await server.drop();
  }
}
